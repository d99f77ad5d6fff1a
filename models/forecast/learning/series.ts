import { seasonsOf } from './seasons.ts';

/** A series as far as it is known: its last values (at most `cap`, at least half of that) and the seasons found in them. */
export interface Series {
  values: number[];
  /** Values seen since the start, dropped ones included. */
  seen: number;
  /** Lengths in steps, strongest first, at most three. */
  seasons: number[];
  /** They are looked for again when so many values were seen. */
  searchAt: number;
  cap: number;
}

const SEARCH_FROM = 64;
/** The search is repeated whenever there is a quarter more to look at, and at this many values at the latest. */
const SEARCH_GROWTH = 1.25;
const SEARCH_EVERY = 8192;

export function emptySeries(cap = 32_768): Series {
  return { values: [], seen: 0, seasons: [], searchAt: SEARCH_FROM, cap };
}

/** Appends a value; drops the older half when the series is full, so that the cost of dropping is spread out. */
export function append(series: Series, value: number): void {
  const { values, cap } = series;
  if (values.length >= cap) series.values = values.slice(values.length - (cap >> 1));
  series.values.push(value);
  series.seen++;
}

/** Whether seasons have to be looked for by now; says it once. */
export function isSearchDue(series: Series): boolean {
  if (series.seen < series.searchAt) return false;
  series.searchAt = series.seen + Math.min(SEARCH_EVERY, Math.ceil(series.seen * (SEARCH_GROWTH - 1)));
  return true;
}

/** Appends a value and looks for seasons where that is due. */
export function extend(series: Series, value: number): void {
  append(series, value);
  if (isSearchDue(series)) series.seasons = seasonsOf(series.values);
}

/** The value `lag` steps before the last one; the oldest there is where the series is shorter; 0 before any. */
export function ago({ values }: Series, lag: number): number {
  const at = values.length - 1 - lag;
  return values[Math.max(0, at)] ?? 0;
}

/** Mean of the last `width` values; 0 before any. */
export function meanOf({ values }: Series, width: number): number {
  const from = Math.max(0, values.length - width);
  let sum = 0;
  for (let i = from; i < values.length; i++) sum += values[i] as number;
  return values.length > from ? sum / (values.length - from) : 0;
}

/** The value that lies a season before the one `h` steps ahead, or so many seasons more as are asked for; undefined where the series is too short. */
export function seasonAgo(
  series: Series,
  h: number,
  { season, more = 0 }: { season: number; more?: number },
): number | undefined {
  const lag = (Math.max(1, Math.ceil(h / season)) + more) * season - h;
  return lag < series.values.length ? ago(series, lag) : undefined;
}
