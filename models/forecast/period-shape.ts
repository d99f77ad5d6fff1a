import { bounded, trackOf } from './bounded.ts';
import { ago, meanOf, type Series } from './learning/series.ts';
import type { Method } from './method.ts';

/** Share of the newest period in the shape; the one before has the rest. */
const NEWEST = 0.6;
/** How far the level follows the ratio of the last part of a period to what the shape says of it. */
const PARTS = 12;
/** A level that seems lower or higher than this is a spike, or a season that is none. */
const FAR = 0.5;

/**
 * Level times shape: the season's shape from the last two periods, the level from how the last steps stand to it.
 *
 * A smaller relative of FLAIR: shape and level apart, so that a new level carries to a whole season at once.
 * Simplified: no ridge over the levels of many periods and no paths of residuals; slow drift of the level is left to others.
 *
 * Source: FLAIR (TakatoHonda/FLAIR@036c39a), documented.
 */
export const periodShapeMethod: Method<null> = {
  initial: () => null,
  observe() {},
  forecast(_, series, h) {
    const season = series.seasons[0];
    if (season === undefined || series.values.length < season) return meanOf(series, PARTS);
    const recent = Math.max(1, Math.round(season / PARTS));
    let seen = 0;
    let said = 0;
    for (let lag = 0; lag < recent; lag++) {
      seen += ago(series, lag);
      said += shapeAt(series, season, lag + season);
    }
    const level = Math.min(1 / FAR, Math.max(FAR, said > 0 ? seen / said : 1));
    return level * shapeAt(series, season, Math.ceil(h / season) * season - h);
  },
};

/** The mean of the last two periods at a lag that is less than one period back, or one further. */
function shapeAt(series: Series, season: number, lag: number): number {
  const newest = (ago(series, Math.max(0, lag - 1)) + 2 * ago(series, lag) + ago(series, lag + 1)) / 4;
  const before = lag + season < series.values.length ? ago(series, lag + season) : newest;
  return NEWEST * newest + (1 - NEWEST) * before;
}

export const periodShape = bounded('the shape of the last two seasons times the level of the last steps', (h) =>
  trackOf(periodShapeMethod, h),
);
