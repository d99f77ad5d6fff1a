import { answerOf, type Examples, fitTrees, type QuantileTrees } from './quantile-trees.ts';
import type { Series } from './series.ts';
import { featuresOf } from './tree-features.ts';

/** Trees for one horizon and quantile, and when they are fitted again: by the number of values seen, so the same in every run. */
export interface TreeState {
  trees: QuantileTrees | null;
  fitAt: number;
}

export interface TreeLearning {
  horizon: number;
  quantile: number;
  /** What of a value is to be foretold. */
  targetOf: (value: number) => number;
}

const FIRST = 200;
/** Again with a tenth more values, but neither sooner nor later than after so many. */
const EVERY = [150, 1500] as const;
const ROWS_MAX = 10_000;
const SHAPE = { trees: 60, depth: 4, rate: 0.1, leafMin: 20 };

export function treeState(): TreeState {
  return { trees: null, fitAt: FIRST };
}

/** Fits anew where it is time. Targets count from the newest value, so that a new level does not leave the trees behind. */
export function refit(state: TreeState, series: Series, learning: TreeLearning): void {
  if (series.seen < state.fitAt) return;
  state.fitAt = series.seen + Math.max(EVERY[0], Math.min(EVERY[1], Math.floor(series.seen / 10)));
  state.trees = fitTrees(examplesOf(series, learning), { ...SHAPE, quantile: learning.quantile });
}

/** The trees' answer; undefined before the first fit. */
export function answer({ trees }: TreeState, series: Series, horizon: number): number | undefined {
  if (trees === null) return undefined;
  const at = series.values.length - 1;
  return (series.values[at] as number) + answerOf(trees, rowOf(series, at, horizon));
}

function examplesOf(series: Series, { horizon, targetOf }: TreeLearning): Examples {
  const { values } = series;
  const last = values.length - 1 - horizon;
  const first = Math.max(0, last + 1 - ROWS_MAX);
  const rows = Array.from({ length: last + 1 - first }, (_, i) => rowOf(series, first + i, horizon));
  const columns = (rows[0] as number[]).map((_, column) => Float64Array.from(rows, (row) => row[column] as number));
  const targets = Float64Array.from(
    rows,
    (_, i) => targetOf(values[first + i + horizon] as number) - (values[first + i] as number),
  );
  return { columns, targets };
}

function rowOf(series: Series, at: number, horizon: number): number[] {
  return featuresOf(series.values, { at, horizon, seasons: series.seasons, dropped: series.seen - series.values.length });
}
