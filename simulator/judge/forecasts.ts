import type { ForecasterDefinition } from '../domain/forecaster.ts';
import type { Accuracy } from '../domain/judgement.ts';

/** Steps ahead at which forecasts are judged. */
export const HORIZONS = [1, 12] as const;

/** What the pinball loss of every upper bound is held against. */
export const REFERENCE = 'ridge-ar';

const QUANTILE = 0.95;

/** Runs a forecaster along `load`, after the history, and compares what it says with what comes. It never sees a value that it has yet to forecast. */
export function judgeForecaster(
  definition: ForecasterDefinition,
  o: { history: Float64Array; load: Float64Array; step_s: number },
): Accuracy[] {
  const forecaster = definition.create({ step_s: o.step_s, history: o.history });
  const sums = HORIZONS.map((horizon) => ({ horizon, own: 0, last: 0, within: 0, pinball: 0, count: 0 }));
  let now = o.history[o.history.length - 1] ?? 0;
  for (let t = 0; t < o.load.length; t++) {
    for (const sum of sums) {
      const y = o.load[t + sum.horizon - 1];
      if (y === undefined) continue;
      const { mean, upper95 } = forecaster.forecast(sum.horizon);
      sum.own += Math.abs(y - mean);
      sum.last += Math.abs(y - now);
      sum.within += y <= upper95 ? 1 : 0;
      sum.pinball += Math.max(QUANTILE * (y - upper95), (QUANTILE - 1) * (y - upper95));
      sum.count++;
    }
    now = o.load[t] as number;
    forecaster.observe(now);
  }
  return sums.map(({ horizon, own, last, within, pinball, count }) => ({
    horizon,
    error: last > 0 ? own / last : 1,
    coverage: within / count,
    pinball: pinball / count,
  }));
}
