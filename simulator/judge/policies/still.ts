import { demandAt, type FluidDefinition } from '../../domain/fluid.ts';

/** One size for ever: the one that would have cost least on the history, which is its demand's quantile 1 - 1/kappa (newsvendor). */
export const still: FluidDefinition = {
  description: 'one size for ever: the cheapest on the history',
  create({ history, capacity, kappa, initial }) {
    const demands = Int32Array.from(history, (y) => demandAt(y, capacity)).sort();
    const at = Math.min(demands.length - 1, Math.max(0, Math.ceil((1 - 1 / kappa) * demands.length) - 1));
    const size = demands[at] ?? initial;
    return { order: () => size };
  },
};
