import type { Plan } from './plan.ts';
import type { Trace } from './trace.ts';
import type { Workload } from './workload.ts';

/**
 * The unit of work: one scenario, one strategy, one seed. Plain JSON in, plain JSON out.
 *
 * `rate` multiplies session arrivals; `cut_start_s` > 0 runs the window [cut_start_s, cut_start_s + plan.duration_ms)
 * of the schedule, from the state that earlier actions would have left.
 */
export interface Cell {
  schema: 'cell@1';
  plan: Plan;
  workload: Workload;
  seed: number;
  rate: number;
  cut_start_s: number;
  /** Write every effect down as well as checking it. */
  wantsLedger: boolean;
  /** Which requests are followed span by span: the slowest and a median one of each operation, or a sample besides. None when left out. */
  traces?: 'picked' | 'sampled';
}

/**
 * Sparse log-linear histogram, mergeable by adding counts.
 *
 * Units: values are integer microseconds. Bucket i < 128 holds exactly i; above, each octave has 128 buckets
 * (at most .8 % wide). `buckets` are `[index, count]` in rising order; `sum_us` is exact.
 */
export interface HistogramData {
  count: number;
  sum_us: number;
  max_us: number;
  buckets: [number, number][];
}

export interface OperationResult {
  name: string;
  /** Actions intended in the window, by outcome; attempts counts what clients really sent for them. */
  sent: number;
  attempts: number;
  served: number;
  refused: number;
  timed_out: number;
  failed: number;
  pending: number;
  /** Of served operations, from intended time to answer. */
  latency: HistogramData;
  /** The same in thin slices of run time, for the charts over time. One row per `slice_s`. */
  slices: { sent: number[]; served: number[]; failed: number[]; p50_ms: (number | null)[]; p95_ms: (number | null)[] };
  /** Latency objectives of this operation: minutes in which too large a share missed the limit. */
  violations: { objective: string; minutes: number; counted: number }[];
}

export interface LagResult {
  event: string;
  component: string;
  /** Published -> done. */
  lag: HistogramData;
  /** The same by when it was published, a row per `slice_s`: how many, and their lags added up. */
  slices: { done: number[]; total_ms: number[] };
}

/** Something that costs money, counted where it happened. `item` is a key of the price book's items. */
export interface Usage {
  component: string;
  item: string;
  quantity: number;
}

/** What one check found in one cell, mergeable: counts add up, examples keep the first ten. */
export interface CheckResult {
  name: string;
  description: string;
  count: number;
  examples: string[];
  /** For checks about time (how long a post was shown unmoderated): seconds, over the cases counted. */
  exposure?: { total_s: number; max_s: number };
}

/** One sample of a pool, every `slice_s`. `because` only where the controller changed its mind. */
export interface PoolSample {
  at_s: number;
  wanted: number;
  ready: number;
  starting: number;
  busy: number;
  queued: number;
  arrivals: number;
  /** Notices to spot machines since the last sample that is no decision; absent for none. */
  interrupted?: number;
  because?: string;
}

export interface PoolResult {
  name: string;
  kind: 'function' | 'server' | 'gpu';
  controller: string;
  slots: number;
  holding_s: number;
  timeline: PoolSample[];
  /** Exact integrals over the run, for Little's law: busy slot-seconds, and slot-seconds of finished calls. */
  littles: { busy_s: number; sojourn_s: number };
  colds: number;
  calls: number;
  /** Notices to spot machines; absent where none are bought. */
  interruptions?: number;
  /** Instance-seconds that existed, idle ones included. */
  alive_s: number;
}

/** A line of the ledger, as written to a file. */
export interface Effect {
  at_ms: number;
  kind: string;
  entity: number;
  cause: number;
  part: string;
  attempt: number;
  count: number;
  /** Of a published message whose order is promised: the messages among which it is. */
  group?: number;
  /** The object's row, where a stock was taken from. */
  row?: number;
}

export interface CellResult {
  schema: 'cell-result@1';
  strategy: string;
  seed: number;
  rate: number;
  slice_s: number;
  /** Of a load that waited for its answers, which intends no times: operations have no latencies. */
  is_closed_loop?: boolean;
  operations: OperationResult[];
  lags: LagResult[];
  usage: Usage[];
  checks: CheckResult[];
  pools: PoolResult[];
  /** Served since the start (not only in the window): what per-million figures are divided by. */
  served_total: number;
  /** Seconds from the start to the end of arrivals (T), and to the end of the drain. */
  duration_s: number;
  drained_s: number;
  counters: { requests: number; events: number; wall_ms: number };
  /** Broken invariants; empty in a sound run. */
  broken: string[];
  ledger?: Effect[];
  traces?: Trace[];
}
