import type { OperationReport, StrategyReport } from '../../simulator/domain/report.ts';
import { Histogram, meanMs, quantileMs } from '../../simulator/measure/histogram.ts';

/** An operation whose served latencies are given in milliseconds, and that was refused so many times. */
export function operation(name: string, served_ms: readonly number[], refused = 0): OperationReport {
  const histogram = new Histogram();
  for (const ms of served_ms) histogram.record(Math.round(ms * 1000));
  const data = histogram.data();
  const sent = served_ms.length + refused;
  const none = { mean: null, p50: null, p95: null, p99: null, p999: null };
  const empty = { mean: [], p50: [], p95: [], p99: [], p999: [] };
  return {
    name,
    sent,
    attempts: sent,
    served: served_ms.length,
    refused,
    timed_out: 0,
    failed: 0,
    pending: 0,
    error_rate: sent === 0 ? null : refused / sent,
    latency_ms: {
      mean: meanMs(data),
      p50: quantileMs(data, 0.5),
      p95: quantileMs(data, 0.95),
      p99: quantileMs(data, 0.99),
      p999: quantileMs(data, 0.999),
      max: data.count === 0 ? null : data.max_us / 1000,
      ci95: none,
      per_seed: empty,
      histogram: data,
    },
  };
}

/** 0.001, 0.002, .. n thousandths of `scale` milliseconds. */
export const evenly = (n: number, scale = 1): number[] => Array.from({ length: n }, (_, i) => ((i + 1) / 1000) * scale);

export function check(name: string, count: number, binds = true): StrategyReport['checks'][number] {
  return { name, description: name, binds, holds: count === 0, count, examples: [] };
}

export function bill(month_usd: number, per_million_served_usd: number | null = 10): StrategyReport['bill'] {
  const ci95 = { run_usd: null, per_million_served_usd: null, month_usd: null };
  const lines: StrategyReport['bill']['lines'] = [];
  return { run_usd: 1, per_million_served_usd, month_usd, month_tiered_usd: month_usd, ci95, by_component: [], lines };
}

export function row(name: string, parts: Partial<StrategyReport> = {}): StrategyReport {
  return {
    name,
    description: name,
    controller: 'static',
    rate: 1,
    operations: [],
    throughput: { asked_per_s: 10, served_per_s: 10 },
    lags: [],
    bill: bill(100),
    checks: [],
    objectives: [],
    violation_minutes: 0,
    pools: [],
    timeline: [],
    decisions: [],
    ...parts,
  };
}
