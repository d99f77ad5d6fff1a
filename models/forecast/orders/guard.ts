import { ago, type Series } from '../learning/series.ts';

/** What each candidate's orders would have cost so far, and its orders that still decide what is ready. */
export interface Guard {
  costs: number[];
  /** Of each candidate the last `lag` orders, oldest first. */
  orders: number[][];
  current: number;
}

/** What is guarded: the plans of this step, and how supply follows orders and costs. */
export interface Guarded {
  lag: number;
  kappa: number;
  instancesOf: (load: number) => number;
  own: readonly number[];
}

const WIDTHS = [1, 2, 3, 6, 10, 20, 30];
const HEADROOMS = [1, 1.1, 1.25, 1.5, 2];
const OWN = 2;
/** Of all costs so far, what is still counted after a step. */
const FORGETTING = 0.9995;
/** A reactive rule takes over only when it would have cost so much less than the better plan; the plan takes back when it costs no more. */
const CLEARLY = 0.9;
/** Steps before anything is handed over. */
const TRIAL = 200;

export function guardState(): Guard {
  const candidates = OWN + WIDTHS.length * HEADROOMS.length;
  return { costs: new Array<number>(candidates).fill(0), orders: Array.from({ length: candidates }, () => []), current: 0 };
}

/** Plays every candidate along (own plans first, then window maximum times headroom) and follows the one that would have been clearly cheapest. */
export function guarded(guard: Guard, series: Series, o: Guarded): { wanted: number; isGuarded: boolean } {
  const { lag, kappa, instancesOf, own } = o;
  const demand = instancesOf(ago(series, 0));
  const wanted = [...own, ...reactive(series, instancesOf)];
  wanted.forEach((order, i) => {
    const orders = guard.orders[i] as number[];
    const ready = orders.length > 0 ? Math.min(...orders) : demand;
    guard.costs[i] = FORGETTING * (guard.costs[i] as number) + ready + kappa * Math.max(0, demand - ready);
    orders.push(order);
    if (orders.length > lag) orders.shift();
  });
  guard.current = series.seen < TRIAL ? 0 : chosen(guard);
  return { wanted: wanted[guard.current] as number, isGuarded: guard.current >= OWN };
}

/** The first plan unless another is cheaper beyond doubt. */
function chosen({ costs, current }: Guard): number {
  const best = cheapest(costs, 0, costs.length);
  const plan = cheapest(costs, 0, OWN);
  const cost = (i: number) => costs[i] as number;
  if (cost(best) < CLEARLY * cost(plan)) return current >= OWN && cost(current) < CLEARLY * cost(plan) ? current : best;
  if (current >= OWN && cost(current) < cost(plan)) return current;
  return cost(plan) < (1 - (1 - CLEARLY) / 2) * cost(0) ? plan : 0;
}

function cheapest(costs: readonly number[], from: number, to: number): number {
  let best = from;
  for (let i = from; i < to; i++) if ((costs[i] as number) < (costs[best] as number)) best = i;
  return best;
}

function reactive(series: Series, instancesOf: (load: number) => number): number[] {
  const all: number[] = [];
  let top = 0;
  let lag = 0;
  for (const width of WIDTHS) {
    for (; lag < width; lag++) top = Math.max(top, ago(series, lag));
    const instances = instancesOf(top);
    for (const headroom of HEADROOMS) all.push(Math.max(1, Math.ceil(instances * headroom - 1e-9)));
  }
  return all;
}
