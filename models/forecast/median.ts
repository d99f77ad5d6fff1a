import { bounded, trackOf } from './bounded.ts';
import { push, quantileOf, type Rolling, rolling } from './learning/rolling.ts';
import { ago } from './learning/series.ts';
import type { Method } from './method.ts';

/** The median of the last `width` values: deaf to single spikes. */
export function medianMethod(width: number): Method<Rolling> {
  return {
    initial: () => rolling(width),
    observe: (state, series) => push(state, ago(series, 0)),
    forecast: (state) => quantileOf(state, 0.5),
  };
}

export const median = bounded('the median of the last eleven values', (h) => trackOf(medianMethod(11), h));
