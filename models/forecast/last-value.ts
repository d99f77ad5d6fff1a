import type { ForecasterDefinition } from '../../simulator/domain/forecaster.ts';

/** The last value, at every horizon: what every other forecaster has to beat. Its upper bound claims nothing beyond it. */
export const lastValue: ForecasterDefinition = {
  description: 'the last value, at every horizon',
  create({ history }) {
    const state = { last: history[history.length - 1] ?? 0 };
    return {
      observe: (y) => {
        state.last = y;
      },
      forecast: () => ({ mean: state.last, upper95: state.last }),
    };
  },
};
