import type { ForecasterDefinition } from '../../simulator/domain/forecaster.ts';
import { type Bound, boundOn, boundState } from './learning/adaptive-conformal.ts';
import { emptySeries, extend, type Series } from './learning/series.ts';
import type { Method } from './method.ts';

const TARGET = 0.05;
/** Of the comparison of peers (2026-11): how fast the bound follows misses, and the errors it looks back on. */
const USUAL = { rate: 0.02, window: 500 };

/** What is said of one horizon: the middle, and what the upper bound stands on, which may be the same. */
export interface Track {
  observe(series: Series): void;
  forecast(series: Series): { mean: number; upper: number };
}

/** A method with an upper bound by adaptive conformal inference, as a forecaster: one `Track` for each horizon that is asked for. */
export function bounded(description: string, trackOf: (horizon: number) => Track, usual = USUAL): ForecasterDefinition {
  return {
    description,
    create({ history }) {
      const series = emptySeries();
      const past: number[] = [];
      const horizons = new Map<number, Horizon>();
      const observe = (y: number) => {
        past.push(y);
        extend(series, y);
        for (const horizon of horizons.values()) horizon.observe(series);
      };
      // A horizon that is asked for the first time is told everything so far, so that asking early or late makes no difference.
      const made = (h: number) => {
        const horizon = horizonOf(h, trackOf(h), usual);
        const replayed = emptySeries();
        for (const y of past) {
          extend(replayed, y);
          horizon.observe(replayed);
        }
        horizons.set(h, horizon);
        return horizon;
      };
      history.forEach(observe);
      return { observe, forecast: (h) => (horizons.get(h) ?? made(h)).said() };
    },
  };
}

/** A method as a track: the bound stands on the forecast itself. */
export function trackOf<State>(method: Method<State>, horizon: number): Track {
  const state = method.initial();
  return {
    observe: (series) => method.observe(state, series),
    forecast: (series) => {
      const mean = method.forecast(state, series, horizon);
      return { mean, upper: mean };
    },
  };
}

type Horizon = ReturnType<typeof horizonOf>;

function horizonOf(h: number, track: Track, { rate, window }: typeof USUAL) {
  const bound: Bound = boundState(TARGET, window);
  const state = { mean: 0, upper95: 0 };
  return {
    observe(series: Series): void {
      const value = series.values[series.values.length - 1] as number;
      track.observe(series);
      const { mean, upper } = track.forecast(series);
      state.mean = Math.max(0, mean);
      state.upper95 = Math.max(state.mean, boundOn(bound, { from: upper, value }, { horizon: h, target: TARGET, rate }));
    },
    said: () => ({ ...state }),
  };
}
