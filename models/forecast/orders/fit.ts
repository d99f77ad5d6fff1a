import { seasonsOf } from '../learning/seasons.ts';
import { isSearchDue, type Series } from '../learning/series.ts';
import { FIRST_FIT, fitAfter, type Trees, treesOf } from '../learning/tree-learner.ts';

/** What is known beside the series: trees, and at how many values they are fitted again. */
export interface Fits {
  trees: Trees | null;
  fitAt: number;
}

/** What has to be found anew, from the values so far. Plain JSON, and takes longer than a decision may: done at once, or elsewhere. */
export interface FitJob {
  values: number[];
  /** Values seen so far, dropped ones included. */
  seen: number;
  /** Those known; null where they are to be looked for. */
  seasons: number[] | null;
  /** What trees are to be fitted for; null where none are due. */
  trees: { horizon: number; quantile: number } | null;
}

/** What a job came to: plain JSON, null where it was not asked for. */
export interface Fitted {
  seasons: number[] | null;
  trees: Trees | null;
}

export function noFits(): Fits {
  return { trees: null, fitAt: FIRST_FIT };
}

/** Values of the new load that trees have to have seen when it has changed. */
const SOON = 30;

/** Has trees fitted before their time: the load has changed. */
export function fitSoon(fits: Fits, { seen }: Series): void {
  fits.fitAt = Math.max(FIRST_FIT, Math.min(fits.fitAt, seen + SOON));
}

/** The job that is due at the newest value, if one is; says it once. `trees` as in the job. */
export function jobOf(fits: Fits, series: Series, trees: FitJob['trees']): FitJob | undefined {
  const isSearch = isSearchDue(series);
  const isFit = trees !== null && series.seen >= fits.fitAt;
  if (isFit) fits.fitAt = fitAfter(series.seen);
  if (!isSearch && !isFit) return undefined;
  const { values, seen, seasons } = series;
  return { values: values.slice(), seen, seasons: isSearch ? null : seasons, trees: isFit ? trees : null };
}

/** Does a job: the same for the same job, wherever it is done. `targetOf`: what of a value has to be covered. */
export function fitOf({ values, seen, seasons, trees }: FitJob, targetOf: (value: number) => number): Fitted {
  const found = seasons ?? seasonsOf(values);
  return {
    seasons: seasons === null ? found : null,
    trees: trees && treesOf({ values, seen, seasons: found }, { ...trees, targetOf }),
  };
}
