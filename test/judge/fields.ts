import type { FluidPolicy } from '../../simulator/domain/fluid.ts';
import { type Field, fieldOf } from '../../simulator/judge/fluid.ts';

/** A field whose demand is `demands`: a tenth of a unit below what the next instance would be for. */
export function field(demands: readonly number[], o: Partial<Pick<Field, 'lag' | 'kappa' | 'step_s'>> = {}): Field {
  const load = Float64Array.from(demands, (d) => d * 0.8 - 0.1);
  return fieldOf(load, { capacity: 1, lag: 1, kappa: 20, step_s: 300, ...o });
}

/** A policy that reads its orders from a list. */
export function ordering(orders: readonly number[]): FluidPolicy {
  return { order: (t) => orders[t] as number };
}

/** A day that repeats: 10 to 30 instances' load at 80 %, with a little noise that is always the same. */
export function days(steps: number, perDay: number): Float64Array {
  return Float64Array.from({ length: steps }, (_, i) => 20 + 10 * Math.sin((2 * Math.PI * i) / perDay) + ((i * 7919) % 13) / 6);
}
