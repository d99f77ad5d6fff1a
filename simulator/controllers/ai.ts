import { copyOf } from '../../models/forecast/method.ts';
import { type Order, type OrderState, ordersOf } from '../../models/forecast/orders/orders.ts';
import type { Controller, ControllerAssets, ControllerDefinition, Observation } from '../domain/controller.ts';
import { InputError } from '../domain/problem.ts';
import { defaultsOf, numbersOf, within } from './options.ts';
import { reactive } from './reactive.ts';
import { staffer } from './staffing.ts';

const OPTIONS = {
  kappa: { default: 20, minimum: 1.5, maximum: 1000 },
  step_s: { default: 60, minimum: 5, maximum: 3600 },
  start_s: { default: 120, minimum: 1, maximum: 3600 },
  wait: { default: 0.5, minimum: 0, maximum: 100 },
  late: { default: 0.05, minimum: 0.0001, maximum: 0.5 },
  service_cv2: { default: 1, minimum: 0, maximum: 100 },
  hold_s: { default: 60, minimum: 0, maximum: 3600 },
  interval_s: { default: 15, minimum: 1, maximum: 3600 },
  lag_s: { default: 15, minimum: 0, maximum: 3600 },
};

/** Steps, history included, before forecasts are followed: the reactive rule at its defaults decides until then. */
const COLD = 120;
/** Steps of history that are learnt from: more says little more, and every pool has to be taught. */
const HISTORY_MAX = 4096;
const LEAN = { windows: [60, 300], hasTrees: false, cap: 8192 };

type Core = ReturnType<typeof ordersOf>;

interface State {
  /** Nothing before the first observation, which says how history becomes busy slots. */
  orders: OrderState | null;
  /** The step that is not over: busy slots, summed over seconds. */
  load: number;
  seconds: number;
  last: Order | null;
  reactive: unknown;
  /** What was asked for in the last `hold_s`. */
  recent: [number, number][];
}

type Known = State & { orders: OrderState };

/**
 * Orders by a forecast of the cost's quantile over the start lag, mixed from many experts that prove themselves on that cost.
 *
 * Load becomes instances by Erlang C: at most a share `late` of the calls waits longer than `wait` holding times. `kappa` is the price of a missing
 * instance in prices of an idle one. Without experience, and while load is above what was foreseen, the reactive rule at its defaults decides. What
 * was asked for within `hold_s` is not given back, and nothing is while calls wait.
 *
 * `model`, a file written by `npm run train`, adds a neural network to the experts: it weighs as much as it has proved right.
 *
 * Simplified: no trees among the experts, since a refit takes longer than a decision may; observations tell no spread of service times, so
 * `service_cv2` stands for it; step_s is that of the history where there is one.
 *
 * Source: defaults are assumed: kappa 5 to 100, start 30 to 600 s, wait 0 to 2, late .01 to .1, hold 0 to 300 s.
 */
export const ai: ControllerDefinition = {
  description: 'forecasts mixed on the cost itself, over the start lag; reactive until it has learnt',
  defaults: defaultsOf(OPTIONS),
  create({ model: named, ...given }, assets = {}): Controller<State> {
    const options = numbersOf('ai', given, OPTIONS);
    const model = modelOf(named, assets);
    const step_s = assets.history?.step_s ?? options.step_s;
    const lag = Math.max(1, Math.round((assets.start_s ?? options.start_s) / step_s));
    const cores = new Map<number, Core>();
    const coreOf = (slots: number) => {
      const core =
        cores.get(slots) ?? ordersOf({ lag, kappa: options.kappa, instancesOf: staffer({ ...options, slots }), model, ...LEAN });
      cores.set(slots, core);
      return core;
    };
    const cold = reactive.create({ interval_s: options.interval_s, lag_s: options.lag_s });
    return {
      interval_s: options.interval_s,
      lag_s: options.lag_s,
      initial: { orders: null, load: 0, seconds: 0, last: null, reactive: cold.initial, recent: [] },
      decide(before, o) {
        const core = coreOf(o.slots);
        const rule = cold.decide(before.reactive, o);
        const orders = before.orders ?? taught(core, assets, o.holding_s);
        const state = observed({ ...before, orders, reactive: rule.state }, o, { core, step_s });
        const { asked, why } = askedFor(state, o, rule.wanted);
        const wanted = held(state, o, { asked, hold_s: options.hold_s });
        const because = wanted > asked ? 'scale-in waits' : why;
        return {
          state,
          wanted,
          because: `${foreseen(state, o, lag * step_s)}${o.ready + o.starting} -> ${wanted} because ${because}`,
        };
      },
    };
  },
};

/** The network that the option `model` names, which is a file to people and was read before the run. */
function modelOf(named: unknown, { model }: ControllerAssets): ControllerAssets['model'] {
  if (named === undefined) return undefined;
  if (typeof named === 'string' && model !== undefined) return model;
  const message = typeof named === 'string' ? `'${named}' was not read` : `is ${JSON.stringify(named)}`;
  throw new InputError([{ path: 'controller.ai.model', message, expected: 'a file written by `npm run train`' }]);
}

/** With the load since the last decision; a step that is over is learnt from, in a copy of what was known. */
function observed(state: Known, o: Observation, { core, step_s }: { core: Core; step_s: number }): Known {
  const load = state.load + loadOf(o) * o.interval_s;
  const seconds = state.seconds + o.interval_s;
  if (seconds < step_s - 1e-9) return { ...state, load, seconds };
  const orders = copyOf(state.orders);
  const last = core.order(orders, load / seconds);
  return { ...state, orders, last, load: 0, seconds: 0 };
}

/** Busy slots that the load asks for: in service and waiting, or what arrives times how long it holds a slot, where that is more. */
function loadOf(o: Observation): number {
  return Math.max(o.busy + o.queued, o.interval_s > 0 ? (o.arrivals / o.interval_s) * o.holding_s : 0);
}

/** What earlier load taught, once it is known how long a call holds a slot. */
function taught(core: Core, { history }: ControllerAssets, holding_s: number): OrderState {
  const state = core.initial();
  if (!history) return state;
  const from = Math.max(0, history.arrivals.length - HISTORY_MAX);
  for (let i = from; i < history.arrivals.length; i++)
    core.order(state, ((history.arrivals[i] as number) / history.step_s) * holding_s);
  return state;
}

/** The forecast's order, or the reactive rule's where there is no experience or load has left the forecast behind. */
function askedFor({ orders, last }: Known, o: Observation, rule: number): { asked: number; why: string } {
  if (last === null || orders.series.seen < COLD) return { asked: rule, why: 'there is too little experience: reactive' };
  if (o.queued > 0 && loadOf(o) > last.wanted * o.slots)
    return { asked: Math.max(rule, within(o, last.wanted)), why: 'load is above the forecast: reactive' };
  const why = last.isGuarded ? 'a reactive rule has been cheaper' : 'that is the cheapest for the steps on their way';
  return { asked: within(o, last.wanted), why };
}

/** Not less than what was asked for a little while ago, nor than there is while calls wait. Adds to what is remembered. */
function held(state: State, o: Observation, { asked, hold_s }: { asked: number; hold_s: number }): number {
  state.recent = [...state.recent.filter(([at_s]) => o.at_s - at_s < hold_s - 1e-9), [o.at_s, asked]];
  const current = o.ready + o.starting;
  if (asked >= current) return asked;
  const recent = Math.max(...state.recent.map(([, wanted]) => wanted));
  return within(o, Math.min(current, Math.max(recent, o.queued > 0 ? current : 0)));
}

/** `forecast 84/s at 12:30, 17 instances at the cost's quantile: `; nothing before there is a forecast. */
function foreseen({ last }: State, o: Observation, ahead_s: number): string {
  if (last === null) return '';
  const rate = last.middle / Math.max(1e-9, o.holding_s);
  const at = Math.round(o.at_s + ahead_s);
  const clock = `${Math.floor(at / 60)}:${String(at % 60).padStart(2, '0')}`;
  return `forecast ${rate >= 10 ? Math.round(rate) : rate.toPrecision(2)}/s at ${clock}, upper ${Math.round(last.upper)} instances: `;
}
