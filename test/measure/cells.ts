import type { CellResult, CheckResult, LagResult, OperationResult, PoolResult, Usage } from '../../simulator/domain/cell.ts';
import type { Plan } from '../../simulator/domain/plan.ts';
import { Histogram } from '../../simulator/measure/histogram.ts';

/** A plan of 100 s with 10 s of warm-up; only what measuring looks at. */
export function plan(strategy: string, parts: Partial<Plan> = {}): Plan {
  return {
    schema: 'plan@1',
    scenario: 'small',
    strategy,
    description: `${strategy} in words`,
    duration_ms: 100_000,
    warmup_ms: 10_000,
    drain_ms: 900_000,
    users: { count: 1, zipf: 0, attributes: {} },
    objects: { count: 1, zipf: 0, attributes: {} },
    operations: [],
    components: [],
    events: [],
    datasets: [],
    parts: [],
    entities: [],
    effects: [],
    objectives: [],
    checks: [],
    parameters: [],
    decisions: [],
    ...parts,
  };
}

export function operationResult(
  name: string,
  served_ms: readonly number[],
  parts: Partial<OperationResult> = {},
): OperationResult {
  const latency = new Histogram();
  for (const ms of served_ms) latency.record(Math.round(ms * 1000));
  const served = served_ms.length;
  const lost = (parts.refused ?? 0) + (parts.timed_out ?? 0) + (parts.failed ?? 0) + (parts.pending ?? 0);
  return {
    name,
    sent: served + lost,
    attempts: served + lost,
    served,
    refused: 0,
    timed_out: 0,
    failed: 0,
    pending: 0,
    latency: latency.data(),
    slices: { sent: [], served: [], failed: [], p50_ms: [], p95_ms: [] },
    violations: [],
    ...parts,
  };
}

export interface CellParts {
  operations?: OperationResult[];
  usage?: Usage[];
  checks?: CheckResult[];
  pools?: PoolResult[];
  lags?: LagResult[];
  rate?: number;
  broken?: string[];
}

export function cell(strategy: string, seed: number, parts: CellParts = {}): CellResult {
  const operations = parts.operations ?? [];
  return {
    schema: 'cell-result@1',
    strategy,
    seed,
    rate: 1,
    slice_s: 10,
    lags: [],
    usage: [],
    checks: [],
    pools: [],
    served_total: operations.reduce((sum, o) => sum + o.served, 0),
    duration_s: 100,
    drained_s: 110,
    counters: { requests: 1000, events: 9000, wall_ms: 50 },
    broken: [],
    ...parts,
    operations,
  };
}

export const times = (n: number, ms: number): number[] => Array.from({ length: n }, () => ms);
