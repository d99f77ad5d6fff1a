import { bounded, trackOf } from './bounded.ts';
import { ago } from './learning/series.ts';
import type { Method } from './method.ts';

/** The last value, at every horizon: what every other forecaster has to beat. */
export const lastValueMethod: Method<null> = {
  initial: () => null,
  observe() {},
  forecast: (_, series) => ago(series, 0),
};

export const lastValue = bounded('the last value, at every horizon', (h) => trackOf(lastValueMethod, h));
