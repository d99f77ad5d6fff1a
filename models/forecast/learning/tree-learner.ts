import { answerOf, type Examples, fitTrees, type QuantileTrees } from './quantile-trees.ts';
import type { Series } from './series.ts';
import { featuresOf } from './tree-features.ts';

/** Trees for one horizon and quantile, with the seasons that they look at. */
export interface Trees {
  trees: QuantileTrees;
  seasons: number[];
}

/** What of a series a fit needs. `seen` counts dropped values, too, so that the phase of a season goes on. */
export type Past = Pick<Series, 'values' | 'seen' | 'seasons'>;

export interface TreeLearning {
  horizon: number;
  quantile: number;
  /** What of a value is to be foretold. */
  targetOf: (value: number) => number;
}

/** Values before the first fit. */
export const FIRST_FIT = 200;
/** Again with a tenth more values, but neither sooner nor later than after so many. */
const EVERY = [150, 1500] as const;
const ROWS_MAX = 10_000;
const SHAPE = { trees: 60, depth: 4, rate: 0.1, leafMin: 20 };

/** How many values are to be there when trees are fitted the next time: counted, so the same in every run. */
export function fitAfter(seen: number): number {
  return seen + Math.max(EVERY[0], Math.min(EVERY[1], Math.floor(seen / 10)));
}

/** Trees for what is known. Targets count from the newest value, so that a new level does not leave the trees behind. */
export function treesOf(past: Past, learning: TreeLearning): Trees {
  return { trees: fitTrees(examplesOf(past, learning), { ...SHAPE, quantile: learning.quantile }), seasons: past.seasons };
}

export function answer({ trees, seasons }: Trees, { values, seen }: Series, horizon: number): number {
  const at = values.length - 1;
  return (values[at] as number) + answerOf(trees, rowOf({ values, seen, seasons }, at, horizon));
}

function examplesOf(past: Past, { horizon, targetOf }: TreeLearning): Examples {
  const { values } = past;
  const last = values.length - 1 - horizon;
  const first = Math.max(0, last + 1 - ROWS_MAX);
  const rows = Array.from({ length: last + 1 - first }, (_, i) => rowOf(past, first + i, horizon));
  const columns = (rows[0] as number[]).map((_, column) => Float64Array.from(rows, (row) => row[column] as number));
  const targets = Float64Array.from(
    rows,
    (_, i) => targetOf(values[first + i + horizon] as number) - (values[first + i] as number),
  );
  return { columns, targets };
}

function rowOf({ values, seen, seasons }: Past, at: number, horizon: number): number[] {
  return featuresOf(values, { at, horizon, seasons, dropped: seen - values.length });
}
