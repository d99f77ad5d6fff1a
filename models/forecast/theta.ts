import { bounded, trackOf } from './bounded.ts';
import { ago, seasonAgo } from './learning/series.ts';
import type { Method } from './method.ts';

interface State {
  level: number;
  /** Sums for the slope of a straight line through everything, older values forgotten: weights, times, values, their products. */
  sums: number[];
}

const ALPHA = 0.2;
const FORGETTING = 0.995;
/** Half of the slope: the mean of a line (theta 0) and a smoothed level (theta 2). */
const SHARE = 0.5;

/**
 * Theta: the mean of a straight line and of exponential smoothing, which is smoothing with half of the line's drift.
 *
 * Where a season was found, what the last season did beyond its own start is added by half.
 *
 * Source: Assimakopoulos and Nikolopoulos, The theta model, International Journal of Forecasting 16 (2000); Hyndman and Billah 2003 for the drift.
 */
export const thetaMethod: Method<State> = {
  initial: () => ({ level: 0, sums: [0, 0, 0, 0, 0] }),
  observe(state, series) {
    const y = ago(series, 0);
    state.level += Math.max(ALPHA, 1 / series.seen) * (y - state.level);
    // Times count back from now (0, -1, ...), so that the sums stay small however long it runs.
    const [w, t, v, tt, tv] = state.sums as [number, number, number, number, number];
    const f = FORGETTING;
    state.sums = [f * w + 1, f * (t - w), f * v + y, f * (tt - 2 * t + w), f * (tv - v)];
  },
  forecast({ level, sums }, series, h) {
    const [w, t, v, tt, tv] = sums as [number, number, number, number, number];
    const spread = w * tt - t * t;
    const slope = series.seen > 2 && spread > 1e-9 ? (w * tv - t * v) / spread : 0;
    const season = series.seasons[0];
    const then = season === undefined ? undefined : seasonAgo(series, h, { season });
    const from = season === undefined ? undefined : seasonAgo(series, 0, { season });
    const seasonal = then !== undefined && from !== undefined ? SHARE * (then - from) : 0;
    return level + SHARE * slope * h + seasonal;
  },
};

export const theta = bounded('a smoothed level with half of the drift of a straight line', (h) => trackOf(thetaMethod, h));
