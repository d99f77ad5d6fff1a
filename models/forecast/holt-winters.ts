import { bounded, trackOf } from './bounded.ts';
import { ago, type Series } from './learning/series.ts';
import type { Method } from './method.ts';

interface Smoothing {
  alpha: number;
  beta: number;
  gamma: number;
  /** What is left of the trend after each step ahead; 1 keeps it straight. */
  damping: number;
}

interface State {
  level: number;
  trend: number;
  /** Additive, one for each step of the season; empty without one. `at` is the place of the newest value. */
  season: number[];
  at: number;
}

/** Assumed: slow trend, damping as in most comparisons of forecasts (Gardner and McKenzie 1985). */
export const USUAL: Smoothing = { alpha: 0.3, beta: 0.03, gamma: 0.15, damping: 0.95 };

/**
 * Additive Holt-Winters with a damped trend; the season is the strongest one that was found, at most as long as half of the series.
 *
 * When a season is found or another one, its profile starts from the last two seasons and the level from their mean.
 */
export function holtWintersMethod({ alpha, beta, gamma, damping }: Smoothing): Method<State> {
  return {
    initial: () => ({ level: 0, trend: 0, season: [], at: 0 }),
    observe(state, series) {
      const y = ago(series, 0);
      if (series.seen === 1) state.level = y;
      if (series.seen === 2) Object.assign(state, { level: y, trend: y - ago(series, 1) });
      if ((series.seasons[0] ?? 0) !== state.season.length && series.values.length >= 2 * (series.seasons[0] ?? 0))
        begin(state, series);
      if (series.seen <= 2) return;
      const m = state.season.length;
      state.at = m > 0 ? (state.at + 1) % m : 0;
      const seasonal = state.season[state.at] ?? 0;
      const before = state.level;
      state.level = alpha * (y - seasonal) + (1 - alpha) * (before + damping * state.trend);
      state.trend = beta * (state.level - before) + (1 - beta) * damping * state.trend;
      if (m > 0) state.season[state.at] = gamma * (y - state.level) + (1 - gamma) * seasonal;
    },
    forecast({ level, trend, season, at }, _series, h) {
      const steps = damping === 1 ? h : (damping * (1 - damping ** h)) / (1 - damping);
      return level + steps * trend + (season[(at + h) % Math.max(1, season.length)] ?? 0);
    },
  };
}

/** Starts a profile: place 0 is the newest value's, which is about to be learnt from. */
function begin(state: State, series: Series): void {
  const m = series.seasons[0] ?? 0;
  if (m === 0) {
    state.season = [];
    return;
  }
  const means = Array.from({ length: m }, (_, place) => (ago(series, m - place) + ago(series, 2 * m - place)) / 2);
  const mean = means.reduce((a, b) => a + b, 0) / m;
  Object.assign(state, { season: means.map((value) => value - mean), at: m - 1, level: mean, trend: 0 });
}

export const holtWinters = bounded('level, damped trend and an additive season, each smoothed', (h) =>
  trackOf(holtWintersMethod(USUAL), h),
);
