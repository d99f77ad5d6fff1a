import { bounded, trackOf } from './bounded.ts';
import { ago } from './learning/series.ts';
import type { Method } from './method.ts';

/** Exponentially weighted mean, flat at every horizon. `alpha` is the weight of the newest value. */
export function ewmaMethod(alpha: number): Method<{ level: number }> {
  return {
    initial: () => ({ level: 0 }),
    observe(state, series) {
      // A plain mean until the weights have settled, so that the first value does not linger.
      state.level += Math.max(alpha, 1 / series.seen) * (ago(series, 0) - state.level);
    },
    forecast: (state) => state.level,
  };
}

export const ewma = bounded('a mean in which older values weigh ever less', (h) => trackOf(ewmaMethod(0.3), h));
