import type { CellResult } from '../domain/cell.ts';
import type { Report } from '../domain/report.ts';
import { billOf } from './bill.ts';
import { merged, quantileMs } from './histogram.ts';
import { holm, type MeanDifference, meanOf, pairedDifference } from './intervals.ts';
import { violationsOf } from './operations.ts';

/** One row's values by measure, one for each seed in seed order. */
export interface Series {
  label: string;
  rate: number;
  values: ReadonlyMap<string, readonly (number | null)[]>;
}

/**
 * Differences that nobody should act on, however certain: a share of the other's value, or for `error_rate` itself a share of operations.
 *
 * 1 % is just above the width of a histogram bucket (.8 %).
 */
export const TOLERANCE = { relative: 0.01, error_rate: 0.001 } as const;

/** What rows of one report differ in as wholes; they served the same load, so that a month says nothing beside a million. */
const OF_ROWS = ['overall p95', 'overall p99', 'error_rate', 'cost_per_million'];

/**
 * What rows are compared in: p95 and p99 of each operation and overall, error rate, cost per million served.
 *
 * Latency is that of served operations, in milliseconds; `error_rate` stands beside it to tell when a row is fast by refusing.
 */
export function seriesOf(label: string, results: readonly CellResult[]): Series {
  const [first] = results;
  const values = new Map<string, (number | null)[]>();
  for (const [i, { name }] of (first?.operations ?? []).entries()) {
    const histograms = results.map((r) => (r.operations[i] as CellResult['operations'][number]).latency);
    values.set(
      `${name} p95`,
      histograms.map((h) => quantileMs(h, 0.95)),
    );
    values.set(
      `${name} p99`,
      histograms.map((h) => quantileMs(h, 0.99)),
    );
  }
  const whole = perSeedOf(results, 1);
  for (const measure of OF_ROWS) values.set(measure, whole[measure] ?? []);
  return { label, rate: first?.rate ?? 1, values };
}

/**
 * What a row is compared in beside quantiles, seed by seed, over a window of `window_s`; a report keeps it, as it cannot be had from
 * merged histograms.
 */
export function perSeedOf(results: readonly CellResult[], window_s: number): Record<string, (number | null)[]> {
  const operations = (results[0]?.operations ?? []).map(({ name }, i): [string, (number | null)[]] => [
    `${name} error_rate`,
    results.map((r) => errorRateOf(r.operations.slice(i, i + 1))),
  ]);
  const bills = results.map((r) => billOf([r]));
  const overall = results.map((r) => merged(r.operations.map((o) => o.latency)));
  return {
    'overall p95': overall.map((h) => quantileMs(h, 0.95)),
    'overall p99': overall.map((h) => quantileMs(h, 0.99)),
    error_rate: results.map((r) => errorRateOf(r.operations)),
    cost_per_million: bills.map((bill) => bill.per_million_served_usd),
    cost_per_month: bills.map((bill) => bill.month_usd),
    throughput: results.map((r) => servedOf(r.operations) / window_s),
    violation_minutes: results.map((r) => [...violationsOf([r]).values()].reduce((sum, minutes) => sum + minutes, 0)),
    ...Object.fromEntries(operations),
  };
}

function errorRateOf(operations: CellResult['operations']): number | null {
  const sent = operations.reduce((sum, o) => sum + o.sent, 0);
  return sent === 0 ? null : (sent - servedOf(operations)) / sent;
}

function servedOf(operations: CellResult['operations']): number {
  return operations.reduce((sum, o) => sum + o.served, 0);
}

/**
 * Holds the reference rows against every other row of the same rate, measure by measure.
 *
 * `difference` is a - b with a the reference, `ci95` the t interval of the differences paired by seed. `significant`
 * needs more: beyond its tolerance, and not zero by Holm's correction over every comparison of the report.
 */
export function compare(references: readonly Series[], others: readonly Series[]): Report['comparisons'] {
  const pairs = references.flatMap((a) => others.filter((b) => b.rate === a.rate).flatMap((b) => pairsOf(a, b)));
  const isCalled = calledAmong(pairs);
  return pairs.map(({ a, b, measure, difference, ci95 }, i) => ({
    a,
    b,
    measure,
    difference,
    ci95,
    significant: isCalled[i] === true,
  }));
}

/** Which differences are called one: not zero by Holm's correction over all of them, and beyond their tolerance. */
export function calledAmong(pairs: readonly (MeanDifference & { tolerance: number })[]): boolean[] {
  const isRejected = holm(pairs.map((pair) => pair.p));
  return pairs.map((pair, i) => isRejected[i] === true && Math.abs(pair.difference) > pair.tolerance);
}

/** How far a mean may lie from `theirs` before anybody should act on it. */
export function toleranceOf(measure: string, theirs: readonly number[]): number {
  return measure.endsWith('error_rate') ? TOLERANCE.error_rate : TOLERANCE.relative * Math.abs(meanOf(theirs));
}

/** Measures that both rows know for every seed. */
function pairsOf(a: Series, b: Series): (MeanDifference & { a: string; b: string; measure: string; tolerance: number })[] {
  return [...a.values].flatMap(([measure, mine]) => {
    const theirs = b.values.get(measure) ?? [];
    if (!isKnown(mine) || !isKnown(theirs) || mine.length === 0 || mine.length !== theirs.length) return [];
    const tolerance = toleranceOf(measure, theirs);
    return [{ a: a.label, b: b.label, measure, ...pairedDifference(mine, theirs), tolerance }];
  });
}

export function isKnown(values: readonly (number | null)[]): values is readonly number[] {
  return values.every((value) => value !== null);
}
