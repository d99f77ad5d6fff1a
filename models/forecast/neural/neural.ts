import type { ForecasterDefinition } from '../../../simulator/domain/forecaster.ts';
import type { NeuralModel } from '../../../simulator/domain/neural-model.ts';
import { bounded } from '../bounded.ts';
import type { Series } from '../learning/series.ts';
import { expanded, inputsOf, scaleOf } from './inputs.ts';
import { quantilesOf } from './network.ts';

/** What a trained network says of the load `horizon` steps after the newest value, at any probability. */
export function neuralQuantile(model: NeuralModel, series: Series, horizon: number): (probability: number) => number {
  const row = inputsOf(series, horizon);
  const values = quantilesOf(model, row);
  const scale = scaleOf(series);
  return (probability) => Math.max(0, scale * expanded(between(model.quantiles, values, probability)));
}

/** The value at a probability: on the line between its neighbours, and that of the outermost beyond them. */
function between(levels: readonly number[], values: readonly number[], probability: number): number {
  const next = levels.findIndex((level) => level >= probability);
  if (next === 0) return values[0] as number;
  if (next < 0) return values[values.length - 1] as number;
  const [low, high] = [levels[next - 1] as number, levels[next] as number];
  const [below, above] = [values[next - 1] as number, values[next] as number];
  return below + ((above - below) * (probability - low)) / (high - low);
}

/** A trained network as a forecaster: its median, and a bound that stands on its own .95 quantile. */
export function neuralForecaster(model: NeuralModel): ForecasterDefinition {
  return bounded('a neural network of quantiles, trained on earlier load', (horizon) => {
    let said = { mean: 0, upper: 0 };
    return {
      observe(series) {
        const at = neuralQuantile(model, series, horizon);
        said = { mean: at(0.5), upper: at(0.95) };
      },
      forecast: () => said,
    };
  });
}
