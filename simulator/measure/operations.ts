import type { CellResult, LagResult, OperationResult } from '../domain/cell.ts';
import type { LagReport, OperationReport } from '../domain/report.ts';
import { meanMs, merged, quantileMs } from './histogram.ts';
import { tInterval } from './intervals.ts';
import { QUANTILES } from './objectives.ts';

const COUNTS = ['sent', 'attempts', 'served', 'refused', 'timed_out', 'failed', 'pending'] as const;

/**
 * One operation over all seeds: counts added, values from the merged histogram, spread from the seeds.
 *
 * Throws: Error when what was sent is not what was served, refused, timed out, failed and is pending.
 */
export function operationReports(results: readonly CellResult[]): OperationReport[] {
  return (results[0]?.operations ?? []).map(({ name }, i) => {
    const parts = results.map((result) => partOf(result, { name, i }));
    const sums = Object.fromEntries(COUNTS.map((key) => [key, parts.reduce((sum, part) => sum + part[key], 0)]));
    const counts = sums as Pick<OperationReport, (typeof COUNTS)[number]>;
    const error_rate = counts.sent === 0 ? null : (counts.sent - counts.served) / counts.sent;
    return { name, ...counts, error_rate, latency_ms: latencyOf(parts) };
  });
}

function partOf(result: CellResult, { name, i }: { name: string; i: number }): OperationResult {
  const part = result.operations[i];
  const where = `${result.strategy}, seed ${result.seed}, ${name}`;
  if (part?.name !== name) throw new Error(`${where}: cells of one strategy have different operations`);
  const ends = part.served + part.refused + part.timed_out + part.failed + part.pending;
  if (ends !== part.sent)
    throw new Error(`${where}: ${part.sent} sent, but ${ends} served, refused, timed out, failed or pending`);
  if (part.latency.count !== (result.is_closed_loop ? 0 : part.served))
    throw new Error(`${where}: ${part.served} served, but ${part.latency.count} latencies`);
  return part;
}

function latencyOf(parts: readonly OperationResult[]): OperationReport['latency_ms'] {
  const histogram = merged(parts.map((part) => part.latency));
  const measures = { mean: meanMs, ...quantiles() };
  const each = <T>(of: (measure: (typeof measures)['mean']) => T) => ({
    mean: of(measures.mean),
    p50: of(measures.p50),
    p95: of(measures.p95),
    p99: of(measures.p99),
    p999: of(measures.p999),
  });
  const per_seed = each((measure) => parts.map((part) => measure(part.latency)));
  const interval = (values: readonly (number | null)[]) => tInterval(values.map((value) => value ?? Number.NaN));
  return {
    ...each((measure) => measure(histogram)),
    max: histogram.count === 0 ? null : histogram.max_us / 1000,
    ci95: {
      mean: interval(per_seed.mean),
      p50: interval(per_seed.p50),
      p95: interval(per_seed.p95),
      p99: interval(per_seed.p99),
      p999: interval(per_seed.p999),
    },
    per_seed,
    histogram,
  };
}

type Quantile = typeof meanMs;

function quantiles(): Record<'p50' | 'p95' | 'p99' | 'p999', Quantile> {
  const of =
    (name: string): Quantile =>
    (histogram) =>
      quantileMs(histogram, QUANTILES.get(name) as number);
  return { p50: of('p50'), p95: of('p95'), p99: of('p99'), p999: of('p999') };
}

/** Asynchronous work from published to done, over all seeds. */
export function lagReports(results: readonly CellResult[]): LagReport[] {
  return (results[0]?.lags ?? []).map(({ event, component }, i) => {
    const parts = results.map((result) => result.lags[i] as LagResult);
    const lag = merged(parts.map((part) => part.lag));
    const timeline = lagTimeline(parts, results[0]?.slice_s ?? 1);
    return { event, component, done: lag.count, p50_ms: quantileMs(lag, 0.5), p99_ms: quantileMs(lag, 0.99), timeline };
  });
}

function lagTimeline(parts: readonly LagResult[], slice_s: number): LagReport['timeline'] {
  const sum = (key: keyof LagResult['slices'], k: number) => parts.reduce((total, part) => total + (part.slices[key][k] ?? 0), 0);
  return (parts[0]?.slices.done ?? []).map((_, k) => {
    const done = sum('done', k);
    return { at_s: k * slice_s, done, mean_ms: done === 0 ? null : sum('total_ms', k) / done };
  });
}

/**
 * Minutes in which too large a share missed a latency limit, by operation: mean over runs.
 *
 * A minute in which two lines were missed counts for each of them.
 */
export function violationsOf(results: readonly CellResult[]): Map<string, number> {
  const minutes = new Map<string, number>();
  for (const result of results) {
    for (const o of result.operations) {
      const missed = o.violations.reduce((sum, violation) => sum + violation.minutes, 0);
      minutes.set(o.name, (minutes.get(o.name) ?? 0) + missed / results.length);
    }
  }
  return minutes;
}
