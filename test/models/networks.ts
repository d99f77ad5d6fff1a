import { INPUTS } from '../../models/forecast/neural/inputs.ts';
import type { NeuralModel } from '../../simulator/domain/neural-model.ts';

/** A network without hidden layers that adds `bias` to the newest load (compressed) for its lowest quantile, and next to nothing for the others. */
export function flat(bias: number, quantiles = [0.5, 0.9, 0.99]): NeuralModel {
  return {
    schema: 'neural-quantiles@1',
    trained: { on: 'nothing', points: 1, step_s: 60, seed: 0, epochs: 1 },
    quantiles,
    inputs: { mean: new Array(INPUTS).fill(0), deviation: new Array(INPUTS).fill(1) },
    layers: [
      {
        weights: Array.from({ length: INPUTS }, () => quantiles.map(() => 0)),
        bias: quantiles.map((_, i) => (i === 0 ? bias : -30)),
      },
    ],
  };
}
