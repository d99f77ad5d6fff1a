import { bounded, trackOf } from './bounded.ts';
import { ago, seasonAgo } from './learning/series.ts';
import type { Method } from './method.ts';

/** Seasons that a seasonal mean looks back. */
const SEASONS = 3;

/** The value one season before: of the strongest season that was found (`which` 0), or of the second. The last value where there is none. */
export function seasonalNaiveMethod(which: 0 | 1): Method<null> {
  return {
    initial: () => null,
    observe() {},
    forecast(_, series, h) {
      const season = series.seasons[which] ?? series.seasons[0];
      return (season === undefined ? undefined : seasonAgo(series, h, { season })) ?? ago(series, 0);
    },
  };
}

/** Mean of the values one to three seasons before; the mean of the last few where there is no season. */
export function seasonalMeanMethod(which: 0 | 1, otherwise: Method<{ level: number }>): Method<{ level: number }> {
  return {
    ...otherwise,
    forecast(state, series, h) {
      const season = series.seasons[which];
      if (season === undefined) return otherwise.forecast(state, series, h);
      const past = Array.from({ length: SEASONS }, (_, k) => seasonAgo(series, h, { season, more: k })).filter(
        (v) => v !== undefined,
      );
      return past.length > 0 ? past.reduce((a, b) => a + b, 0) / past.length : ago(series, 0);
    },
  };
}

export const seasonalNaive = bounded('the value one season before; the season is found from the data', (h) =>
  trackOf(seasonalNaiveMethod(0), h),
);
