import type { Baseline, BaselineRow } from '../../domain/baseline.ts';
import type { HistogramData } from '../../domain/cell.ts';
import type { Report, StrategyReport } from '../../domain/report.ts';
import { labelsOf } from '../candidates.ts';
import { readingsOf } from '../evaluate.ts';
import { quantileAmongMs } from '../histogram.ts';

/** Measures that a baseline keeps a value of, for lines such as `p99 <= baseline * 1.05`. */
const OF_OPERATIONS = ['mean', 'p50', 'p95', 'p99', 'p999', 'max', 'error_rate', 'violation_minutes'];
const OF_ROWS = ['throughput', 'violation_minutes', 'cost_per_million', 'cost_per_month'];
const PER_SEED = ['p50', 'p95', 'p99'] as const;

/** Where a curve is kept; a share that too few samples lie beyond is left out. */
const SHARES = [0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999];

/** What of a report a gate compares, and what went in. */
export function baselineOf(report: Report, options: Baseline['options'] = {}): Baseline {
  const { name, duration_s, warmup_s, cut_start_s, data = {} } = report.scenario;
  const labels = labelsOf(report.strategies);
  const rows = report.strategies.map((row): [string, BaselineRow] => [labels.get(row) ?? row.name, rowOf(row, report)]);
  return {
    schema: 'baseline@1',
    version: report.version,
    scenario: name,
    world: report.world,
    seeds: report.seeds,
    options,
    played: { duration_s, warmup_s, cut_start_s },
    rows: Object.fromEntries(rows),
    prices: pricesOf(report.strategies),
    parameters: Object.fromEntries(report.parameters.map(({ path, value, unit }) => [path, [value, unit]])),
    scenario_data: data,
  };
}

function rowOf(row: StrategyReport, { seeds, world }: Report): BaselineRow {
  const measured = { ...row, runs: seeds.length };
  const names = row.operations.map((operation) => operation.name);
  const ofOperations = names.flatMap((name) => OF_OPERATIONS.map((measure) => ({ operation: name, measure })));
  const ofRows = [...OF_ROWS, 'lag_p99'].map((measure) => ({ operation: null, measure }));
  const seen = [...ofOperations, ...ofRows].flatMap((one) =>
    readingsOf(one, measured).map(({ subject, value }): [string, BaselineRow['measures'][string]] => {
      const key = subject === null ? one.measure : `${subject} ${one.measure}`;
      const per_seed = perSeedOf(row, key);
      return [key, { value: rounded(value), ...(per_seed ? { per_seed: per_seed.map(rounded) } : {}) }];
    }),
  );
  const checks = row.checks.filter((check) => check.binds);
  const placed = row.decisions.map(({ subject, placed: where, rule }) => [subject, `${where} (${rule})`]);
  return {
    placed: { controller: row.controller, ...Object.fromEntries(placed) },
    // How long anything took in real time depends on the machine and the hour: it is no baseline.
    measures: world === 'live' ? {} : Object.fromEntries(seen),
    checks: Object.fromEntries(checks.map(({ name, holds, count }) => [name, { holds, per_run: count / seeds.length }])),
    objectives: Object.fromEntries(row.objectives.map(({ text, met }) => [text, met])),
    curves: Object.fromEntries(row.operations.map((o) => [o.name, curveOf(o.latency_ms.histogram, o.sent)])),
  };
}

function perSeedOf(row: StrategyReport, key: string): readonly (number | null)[] | undefined {
  for (const { name, latency_ms } of row.operations)
    for (const q of PER_SEED) if (key === `${name} ${q}`) return latency_ms.per_seed[q];
  return row.per_seed?.[key];
}

function curveOf(histogram: HistogramData, sent: number): [number, number][] {
  return SHARES.flatMap((share): [number, number][] => {
    const ms = quantileAmongMs(histogram, share, sent);
    return ms === null || !Number.isFinite(ms) ? [] : [[share, Number(ms.toPrecision(4))]];
  });
}

function pricesOf(rows: readonly StrategyReport[]): Record<string, number[]> {
  const seen = new Map<string, Set<number>>();
  for (const { item, price_usd } of rows.flatMap((row) => row.bill.lines))
    seen.set(item, (seen.get(item) ?? new Set()).add(Number(price_usd.toPrecision(6))));
  return Object.fromEntries([...seen].map(([item, prices]) => [item, [...prices].sort((a, b) => a - b)]));
}

/** What decides when something was never answered has no number. */
function rounded(value: number | null): number | null {
  return value === null || !Number.isFinite(value) ? null : Number(value.toPrecision(6));
}
