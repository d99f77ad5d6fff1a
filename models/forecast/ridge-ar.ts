import { bounded, trackOf } from './bounded.ts';
import { type LeastSquares, learn, leastSquares, predicted } from './learning/recursive-least-squares.ts';
import { ago, meanOf, type Series, seasonAgo } from './learning/series.ts';
import type { Method } from './method.ts';

/** Of a direct autoregression: `isLog` learns log(1 + load), where a flash crowd weighs less; `isSeasonal` also sees earlier seasons. */
export interface RidgeOptions {
  horizon: number;
  forgetting: number;
  isLog?: boolean;
  isSeasonal?: boolean;
}

export interface RidgeState {
  model: LeastSquares;
  /** What each of the last `horizon` forecasts was made from, oldest first. */
  inputs: number[][];
  /** Makes typical values about 1; fixed once there are a few. */
  scale: number;
  season: number;
}

const LAGS = 12;
const WIDTHS = [24, 72, 288];
const SEASONAL = 5;
/** Values that the scale is taken from. */
const SETTLED = 12;
const LOG_MAX = 20;

/**
 * Direct ridge autoregression for one horizon, updated at every step by recursive least squares with forgetting.
 *
 * Inputs are the last values, means over longer windows, and values one and two seasons before the target with their neighbours. A new season
 * starts the weights anew, since its inputs mean something else. It answers for its own horizon, whatever is asked.
 */
export function ridgeMethod(options: RidgeOptions): Method<RidgeState> {
  const { horizon, forgetting, isLog = false, isSeasonal = false } = options;
  const size = 1 + LAGS + WIDTHS.length + (isSeasonal ? SEASONAL : 0);
  const near = (state: RidgeState, value: number) => (isLog ? Math.log1p(value / state.scale) : value / state.scale);
  const far = (state: RidgeState, value: number) => (isLog ? Math.expm1(Math.min(value, LOG_MAX)) : value) * state.scale;
  return {
    initial: () => ({ model: leastSquares(size, 1), inputs: [], scale: 0, season: 0 }),
    observe(state, series) {
      if (series.seen < SETTLED) return;
      if (state.scale === 0) state.scale = meanOf(series, SETTLED) || 1;
      const season = isSeasonal ? (series.seasons[0] ?? 0) : 0;
      if (season !== state.season) Object.assign(state, { season, model: leastSquares(size, 1), inputs: [] });
      if (state.inputs.length === horizon) {
        learn(state.model, state.inputs.shift() as number[], { target: near(state, ago(series, 0)), forgetting });
      }
      const input = inputOf(series, { horizon, season, isSeasonal });
      state.inputs.push(input.map((value, i) => (i === 0 ? 1 : near(state, value))));
    },
    forecast(state, series) {
      const input = state.inputs[state.inputs.length - 1];
      return input === undefined ? ago(series, 0) : Math.max(0, far(state, predicted(state.model, input)));
    },
  };
}

function inputOf(
  series: Series,
  { horizon, season, isSeasonal }: { horizon: number; season: number; isSeasonal: boolean },
): number[] {
  const input = [1];
  for (let lag = 0; lag < LAGS; lag++) input.push(ago(series, lag));
  for (const width of WIDTHS) input.push(meanOf(series, width));
  if (!isSeasonal) return input;
  if (season === 0) return [...input, ...new Array<number>(SEASONAL).fill(0)];
  for (const h of [horizon - 1, horizon, horizon + 1]) input.push(seasonAgo(series, h, { season }) ?? ago(series, 0));
  input.push(seasonAgo(series, horizon, { season, more: 1 }) ?? ago(series, 0));
  input.push(ago(series, season));
  return input;
}

export const ridgeAr = bounded(
  'linear in the last values and those a season before, learnt for each horizon at every step',
  (horizon) => trackOf(ridgeMethod({ horizon, forgetting: 0.999, isSeasonal: true }), horizon),
);
