import type { Change, MeasureDifference, RowComparison } from '../domain/comparison.ts';
import type { StrategyReport } from '../domain/report.ts';
import { changesOf } from './changes.ts';
import { calledAmong, isKnown, toleranceOf } from './comparisons.ts';
import { meanOf, pairedDifference, welchDifference } from './intervals.ts';

/** One row of a report beside the same of the other, or beside none. */
export interface RowPair {
  label: string;
  a: StrategyReport | undefined;
  b: StrategyReport | undefined;
}

/** Everything of a pair of rows but its measures, which are judged over the whole comparison. */
export function comparedRow({ label, a, b }: RowPair, runs: { a: number; b: number }): Omit<RowComparison, 'measures'> {
  return {
    label,
    in: a === undefined ? 'b' : b === undefined ? 'a' : 'both',
    decisions: a === undefined || b === undefined ? [] : decisionChanges(a, b),
    month_usd: { a: a?.bill.month_usd ?? null, b: b?.bill.month_usd ?? null },
    checks: differing(checksOf(a, runs.a), checksOf(b, runs.b)).map(({ key, ...sides }) => ({ name: key, ...sides })),
    objectives: differing(objectivesOf(a), objectivesOf(b)).map(({ key, ...sides }) => ({ text: key, ...sides })),
  };
}

function decisionChanges(a: StrategyReport, b: StrategyReport): Change[] {
  const table = (row: StrategyReport) => ({
    controller: row.controller,
    ...Object.fromEntries(row.decisions.map(({ subject, placed, rule }) => [subject, `${placed} (${rule})`])),
  });
  return changesOf(table(a), table(b));
}

function checksOf(row: StrategyReport | undefined, runs: number) {
  return new Map(row?.checks.map(({ name, binds, holds, count }) => [name, { binds, holds, per_run: count / runs }]));
}

function objectivesOf(row: StrategyReport | undefined) {
  return new Map(row?.objectives.map(({ text, met, value }) => [text, { met, value }]));
}

/** Keys whose values are not the same on both sides. */
function differing<T>(a: ReadonlyMap<string, T>, b: ReadonlyMap<string, T>): { key: string; a: T | null; b: T | null }[] {
  return [...new Set([...a.keys(), ...b.keys()])]
    .map((key) => ({ key, a: a.get(key) ?? null, b: b.get(key) ?? null }))
    .filter((sides) => JSON.stringify(sides.a) !== JSON.stringify(sides.b));
}

/** The measures of every pair of rows; what is called a difference is decided over all of them together. */
export function measureDifferences(pairs: readonly RowPair[], isPaired: boolean): MeasureDifference[][] {
  const differenceOf = isPaired ? pairedDifference : welchDifference;
  const all = pairs.map(({ a, b }) => sidesOf(a, b));
  const known = all.flat().flatMap((side) => {
    if (!isKnown(side.a) || !isKnown(side.b) || side.a.length === 0 || side.b.length === 0) return [];
    if (isPaired && side.a.length !== side.b.length) return [];
    return [{ side, tolerance: toleranceOf(side.measure, side.a), ...differenceOf(side.b, side.a) }];
  });
  const isCalled = calledAmong(known);
  const found = new Map(known.map((one, i) => [one.side, { ...one, significant: isCalled[i] === true }]));
  return all.map((sides) =>
    sides.map((side) => {
      const { difference = null, ci95 = null, tolerance = null, significant = false } = found.get(side) ?? {};
      return { measure: side.measure, a: mean(side.a), b: mean(side.b), difference, ci95, tolerance, significant };
    }),
  );
}

interface Sides {
  measure: string;
  a: readonly (number | null)[];
  b: readonly (number | null)[];
}

function sidesOf(a: StrategyReport | undefined, b: StrategyReport | undefined): Sides[] {
  if (a === undefined || b === undefined) return [];
  const [mine, theirs] = [valuesOf(a), valuesOf(b)];
  const measures = [...new Set([...mine.keys(), ...theirs.keys()])];
  return measures.map((measure) => ({ measure, a: mine.get(measure) ?? [], b: theirs.get(measure) ?? [] }));
}

/** Seed by seed: quantiles of each operation, then what holds of the whole row. */
function valuesOf(row: StrategyReport): Map<string, readonly (number | null)[]> {
  const quantiles = row.operations.flatMap(({ name, latency_ms: { per_seed } }) =>
    (['p50', 'p95', 'p99'] as const).map((q): [string, (number | null)[]] => [`${name} ${q}`, per_seed[q]]),
  );
  return new Map([...quantiles, ...Object.entries(row.per_seed ?? {})]);
}

function mean(values: readonly (number | null)[]): number | null {
  return isKnown(values) && values.length > 0 ? meanOf(values) : null;
}
