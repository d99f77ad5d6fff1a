import type { CellResult, OperationResult } from '../domain/cell.ts';
import type { StrategyReport } from '../domain/report.ts';

/**
 * All operations together over run time: mean counts a slice and run, of slices that begin in the window.
 *
 * Simplified: a slice's quantile is the mean of the operations' quantiles weighted by what each served, because cells
 * keep no histogram for each slice; good for a curve, not for a judgement.
 */
export function timelineOf(results: readonly CellResult[], window: { from_s: number; to_s: number }): StrategyReport['timeline'] {
  const slice_s = results[0]?.slice_s ?? 1;
  const operations = results.flatMap((result) => result.operations.map((o) => o.slices));
  const length = operations.reduce((most, o) => Math.max(most, o.sent.length), 0);
  const mean = (of: (o: OperationResult['slices']) => number | undefined): number =>
    operations.reduce((sum, o) => sum + (of(o) ?? 0), 0) / results.length;
  const slices = Array.from({ length }, (_, i) => ({
    at_s: i * slice_s,
    sent: mean((o) => o.sent[i]),
    served: mean((o) => o.served[i]),
    failed: mean((o) => o.failed[i]),
    p50_ms: weighted(operations.map((o) => [o.p50_ms[i] ?? null, o.served[i] ?? 0])),
    p95_ms: weighted(operations.map((o) => [o.p95_ms[i] ?? null, o.served[i] ?? 0])),
  }));
  return slices.filter((slice) => slice.at_s >= window.from_s && slice.at_s < window.to_s);
}

function weighted(values: readonly [number | null, number][]): number | null {
  let sum = 0;
  let weight = 0;
  for (const [value, served] of values) {
    if (value === null) continue;
    sum += value * served;
    weight += served;
  }
  return weight === 0 ? null : sum / weight;
}
