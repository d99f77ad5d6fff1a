import { meanOf, type Series } from '../learning/series.ts';
import { featuresOf, LAGS, SEASON_FEATURES, WINDOWS } from '../learning/tree-features.ts';

/** Values that the scale of a load is taken from: typical loads become about 1, whatever they count. */
const SCALE_WIDTH = 288;
const STEPS = 300;
const LOADS = LAGS.length + 3 * WINDOWS.length;
const SEASONS = 3;

/** Loads, how long ago the largest was, of each season the loads around the target and whether there is one, and the horizon. */
export const INPUTS = LOADS + 1 + SEASONS * SEASON_FEATURES + 1;

/** What a load divided by the scale is turned into, so that a flash crowd does not drown all else; `expanded` turns it back. */
export const compressed = (load: number): number => Math.log1p(Math.max(0, load));
const EXPONENT_MAX = 20;
export const expanded = (value: number): number => Math.expm1(Math.min(EXPONENT_MAX, value));

/** What every load of a series is divided by; above 0. */
export function scaleOf(series: Series): number {
  return meanOf(series, SCALE_WIDTH) || 1;
}

/**
 * What the network sees of a series to say what comes `horizon` steps after its newest value: no absolute load and no clock, so that what was
 * learnt on one series says something about another.
 *
 * Shape: INPUTS numbers, the newest load (divided by the scale, compressed) first.
 */
export function inputsOf(series: Series, horizon: number): number[] {
  const { values, seasons, seen } = series;
  const scale = scaleOf(series);
  const place = { at: values.length - 1, horizon, seasons, dropped: seen - values.length };
  return featuresOf(values, place)
    .map((value, i) => {
      if (i < LOADS) return compressed(value / scale);
      if (i === LOADS) return value / STEPS;
      const within = (i - LOADS - 1) % SEASON_FEATURES;
      const season = seasons[Math.floor((i - LOADS - 1) / SEASON_FEATURES)] ?? 0;
      // The last one of each season is its phase, which counts from where a series began: it says nothing about another.
      return within === SEASON_FEATURES - 1 ? Number(season > 0) : compressed(value / scale);
    })
    .concat(Math.log(horizon));
}
