/** How far back a row looks beyond its season. */
export const LAGS = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 18, 23, 24, 36, 48];
export const WINDOWS = [3, 6, 12, 24, 48, 96, 288];
const LONGEST = 288;
const SEASONS = [0, 1, 2];
/** Numbers about each season: four loads and the phase. */
export const SEASON_FEATURES = 5;

/** Where a row stands: the place of the newest value it may look at, how far ahead its target is, and what is known of seasons. */
export interface Place {
  at: number;
  horizon: number;
  seasons: readonly number[];
  /** Values that were dropped before the first one, so that the phase of a season goes on. */
  dropped: number;
}

/**
 * What trees look at: lags, mean, deviation and maximum over windows, how long ago the largest value was, and of each season the values around
 * the target and the phase. Missing values are the oldest there is.
 */
export function featuresOf(values: readonly number[], place: Place): number[] {
  const { at } = place;
  const row = LAGS.map((lag) => values[Math.max(0, at - lag)] as number);
  let sum = 0;
  let squares = 0;
  let top = 0;
  let since = 0;
  let window = 0;
  for (let lag = 0; lag < LONGEST; lag++) {
    const value = values[Math.max(0, at - lag)] as number;
    sum += value;
    squares += value * value;
    if (value > top) {
      top = value;
      since = lag;
    }
    if (lag + 1 !== WINDOWS[window]) continue;
    const mean = sum / (lag + 1);
    row.push(mean, Math.sqrt(Math.max(0, squares / (lag + 1) - mean * mean)), top);
    window++;
  }
  row.push(since);
  for (const which of SEASONS) row.push(...seasonal(values, place, place.seasons[which] ?? 0));
  return row;
}

function seasonal(values: readonly number[], { at, horizon, dropped }: Place, season: number): number[] {
  if (season === 0) return [0, 0, 0, 0, 0];
  const target = at + horizon - Math.ceil(horizon / season) * season;
  const near = [target, target - 1, Math.min(at, target + 1), target - season];
  return [...near.map((place) => values[Math.max(0, place)] as number), (dropped + at) % season];
}
