import type { Cell, CellResult, OperationResult, PoolResult } from '../../domain/cell.ts';
import { plannedPool } from '../../domain/part-values.ts';
import type { Part, Plan } from '../../domain/plan.ts';
import { Histogram } from '../../measure/histogram.ts';
import type { Recorder } from '../../measure/recorder.ts';
import type { LiveEffect } from './contract.ts';
import type { FunctionMetrics } from './function-metrics.ts';
import { closeBooks } from './ledger.ts';
import { placeOf } from './message-name.ts';
import type { Operate } from './operate.ts';
import type { GatewayState } from './platforms/gateway.ts';
import type { WorkerState } from './platforms/worker.ts';
import { usageOf } from './usage.ts';
import type { Driven } from './users.ts';

/** What was found when the run was over; times are run time. */
export interface Found {
  driven: Driven;
  effects: LiveEffect[];
  /** Names of messages that still lie in a queue. */
  left: ReadonlySet<string>;
  /** Actions that something was still to be done for. */
  underWay: ReadonlySet<number>;
  gateway: GatewayState;
  workers: ReadonlyMap<number, WorkerState>;
  functions: ReadonlyMap<number, FunctionMetrics>;
  /** Machine-seconds that existed within the run, by part. */
  machine_s: ReadonlyMap<number, number>;
  operate: Operate;
  drained_ms: number;
}

/** The books of a live run: the same result as a virtual cell's. */
export function resultOf(cell: Cell, recorder: Recorder, found: Found): CellResult {
  const { plan } = cell;
  const isClosed = found.driven.driver_busy !== undefined;
  for (const row of found.driven.rows) {
    for (let attempt = 0; attempt < row.attempts; attempt++) recorder.attempt(row.operation, row.at_ms);
    recorder.settle(row.operation, row.at_ms, row.outcome, row.done_ms);
  }
  const { drained_ms, effects, left, underWay } = found;
  const books = closeBooks(plan, {
    readBack: { effects, left, underWay },
    recorder,
    wantsLedger: cell.wantsLedger,
    end_ms: drained_ms,
  });
  const messages = messagesOf(plan, effects);
  const runs = plan.components.map((_, i) => (found.gateway.calls[i] ?? 0) + (messages.byComponent.get(i) ?? 0));
  const counted = { ...found, plan, duration_s: plan.duration_ms / 1000, runs, messages: messages.byQueue };
  return {
    schema: 'cell-result@1',
    strategy: plan.strategy,
    seed: cell.seed,
    rate: cell.rate,
    slice_s: recorder.sliceMs / 1000,
    ...(isClosed ? { is_closed_loop: true } : {}),
    operations: isClosed ? recorder.operations().map(withoutLatency) : recorder.operations(),
    lags: recorder.lags(),
    usage: usageOf(counted),
    checks: books.checks,
    pools: plan.parts.flatMap((part, i) => poolOf(part, i, found)),
    served_total: recorder.servedTotal,
    duration_s: plan.duration_ms / 1000,
    drained_s: drained_ms / 1000,
    counters: { requests: recorder.requests, events: effects.length, wall_ms: 0 },
    broken: [],
    ...(books.log ? { ledger: books.log } : {}),
  };
}

/** A closed loop intends no times, so nothing is known of what users would have waited. */
function withoutLatency(operation: OperationResult): OperationResult {
  const { slices } = operation;
  const none = slices.sent.map(() => null);
  return { ...operation, latency: new Histogram().data(), slices: { ...slices, p50_ms: none, p95_ms: none } };
}

/** How often each component worked on a message, and how many messages were put into each queue. */
function messagesOf(
  plan: Plan,
  effects: readonly LiveEffect[],
): { byComponent: Map<number, number>; byQueue: Map<number, number> } {
  const roleOf = new Map(plan.effects.map((e) => [e.name, e.role]));
  const byComponent = new Map<number, number>();
  const byQueue = new Map<number, number>();
  for (const { effect, cause } of effects) {
    const role = roleOf.get(effect);
    if (cause === null || (role !== 'published' && role !== 'worked-off')) continue;
    const place = placeOf(cause);
    const consumer = plan.events[place.event]?.consumers[place.consumer];
    if (consumer === undefined) continue;
    const [counts, key] = role === 'published' ? [byQueue, consumer.queue] : [byComponent, consumer.component];
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return { byComponent, byQueue };
}

/** Slot-seconds are measured once, at the balancer and in the instances: Little's law holds of them by construction. */
function poolOf(part: Part, i: number, found: Found): PoolResult[] {
  const planned = plannedPool(part);
  if (planned === undefined) return [];
  const metrics = found.functions.get(i);
  const pool = found.gateway.pools.find((p) => p.part === i);
  const worker = found.workers.get(i);
  const busy_s = (metrics?.busy_ms ?? (pool?.area_ms ?? 0) + (worker?.area_ms ?? 0)) / 1000;
  return [
    {
      ...planned,
      timeline: found.operate.timelines[i] ?? [],
      littles: { busy_s, sojourn_s: busy_s },
      colds: metrics?.colds ?? 0,
      calls: metrics?.invocations ?? (pool?.completions ?? 0) + (worker?.completions ?? 0),
      alive_s: metrics ? metrics.alive_ms / 1000 : (found.machine_s.get(i) ?? 0),
    },
  ];
}
