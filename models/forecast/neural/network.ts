import type { NeuralModel } from '../../../simulator/domain/neural-model.ts';

/** How far from its mean an input may seem, in deviations: what was never seen in training stays near what was. */
export const INPUT_MAX = 5;

/** The network's last layer for one row of inputs: the distance of the lowest quantile from the newest load, then what each next one adds before softplus. */
export function outputsOf({ inputs, layers }: NeuralModel, row: readonly number[]): number[] {
  let values = row.map((value, i) => {
    const scaled = (value - (inputs.mean[i] as number)) / (inputs.deviation[i] as number);
    return Math.max(-INPUT_MAX, Math.min(INPUT_MAX, scaled));
  });
  layers.forEach(({ weights, bias }, l) => {
    const sums = bias.slice();
    values.forEach((value, i) => {
      if (value === 0) return;
      const line = weights[i] as number[];
      for (let j = 0; j < sums.length; j++) sums[j] = (sums[j] as number) + value * (line[j] as number);
    });
    values = l < layers.length - 1 ? sums.map((sum) => Math.max(0, sum)) : sums;
  });
  return values;
}

/** Quantiles as loads divided by the scale and compressed, in the order of the model's, never falling: the newest load first moved, then raised. */
export function quantilesOf(model: NeuralModel, row: readonly number[]): number[] {
  let value = row[0] as number;
  return outputsOf(model, row).map((output, k) => {
    value += k === 0 ? output : softplus(output);
    return value;
  });
}

function softplus(x: number): number {
  return Math.max(0, x) + Math.log1p(Math.exp(-Math.abs(x)));
}
