import { demandAt, type FluidPolicy } from '../domain/fluid.ts';

/** One trace as the judge sees it, from the step on where it is played. */
export interface Field {
  load: Float64Array;
  demand: Int32Array;
  capacity: number;
  lag: number;
  kappa: number;
  step_s: number;
}

/** The load and the instances that it needs. */
export function fieldOf(load: Float64Array, o: Pick<Field, 'capacity' | 'lag' | 'kappa' | 'step_s'>): Field {
  return { load, demand: Int32Array.from(load, (y) => demandAt(y, o.capacity)), ...o };
}

/** Steps at the beginning that are not counted: until then a policy pays for how the pool was handed over. */
export function settling(lag: number): number {
  return Math.max(20, 2 * lag);
}

/**
 * Ready instances in every step when `policy` is asked after each: s_0 = D_0, then the smallest of the last `lag` orders.
 *
 * That is what it comes to when an instance is ready `lag` steps after its order, one given back is gone at the next step, and starting ones are
 * given back first: the k-th is there if every one of the last `lag` orders was at least k. No more than ten million instances are given.
 */
export function play(policy: FluidPolicy, field: Field): Int32Array {
  const { load, demand, lag } = field;
  const supply = new Int32Array(load.length);
  const orders = new Int32Array(lag).fill(demand[0] ?? 1);
  for (let t = 0; t < load.length; t++) {
    let ready = orders[0] as number;
    for (let i = 1; i < lag; i++) ready = Math.min(ready, orders[i] as number);
    supply[t] = ready;
    orders[t % lag] = bounded(policy.order(t, load[t] as number));
    policy.refit?.();
  }
  return supply;
}

const MOST = 10_000_000;

function bounded(order: number): number {
  if (Number.isNaN(order)) throw new RangeError('a policy ordered NaN instances');
  return Math.max(1, Math.min(MOST, Math.ceil(order - 1e-9)));
}

/** Cost of every step from `from` on: instances, and `kappa` times those that are missing. */
export function costs(supply: Int32Array, field: Pick<Field, 'demand' | 'kappa'>, from: number): Float64Array {
  const { demand, kappa } = field;
  return Float64Array.from({ length: Math.max(0, supply.length - from) }, (_, i) => {
    const s = supply[from + i] as number;
    return s + kappa * Math.max(0, (demand[from + i] as number) - s);
  });
}

export function sumOf(values: ArrayLike<number>, from = 0): number {
  let sum = 0;
  for (let i = from; i < values.length; i++) sum += values[i] as number;
  return sum;
}
