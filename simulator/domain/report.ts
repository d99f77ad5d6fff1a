import { z } from 'zod';
import { DistributionSchema } from './distribution.ts';
import { FAULT_KINDS } from './fault.ts';
import { LiveReportSchema } from './live-report.ts';
import { SensitivitySchema } from './sensitivity.ts';
import { TraceSchema } from './trace.ts';

/** A quantile with too few samples (fewer than 10 / (1 - q)) is null, never a guess. */
const maybe = z.number().nullable();
const interval = z.tuple([z.number(), z.number()]).nullable();

export const HistogramSchema = z.strictObject({
  count: z.number().int(),
  sum_us: z.number(),
  max_us: z.number(),
  buckets: z.array(z.tuple([z.number().int(), z.number().int()])),
});

const QUANTILES = ['mean', 'p50', 'p95', 'p99', 'p999'] as const;
const byQuantile = <T extends z.ZodType>(of: T) =>
  z.strictObject({ mean: of, p50: of, p95: of, p99: of, p999: of } satisfies Record<(typeof QUANTILES)[number], T>);

/** Latency of served operations, from intended time to answer, in milliseconds; `ci95` is the t interval over seeds. */
export const LatencySchema = z.strictObject({
  ...byQuantile(maybe).shape,
  max: maybe,
  ci95: byQuantile(interval),
  per_seed: byQuantile(z.array(maybe)),
  histogram: HistogramSchema,
});

export const OperationReportSchema = z.strictObject({
  name: z.string(),
  sent: z.number().int(),
  attempts: z.number().int(),
  served: z.number().int(),
  refused: z.number().int(),
  timed_out: z.number().int(),
  failed: z.number().int(),
  pending: z.number().int(),
  error_rate: z.number().nullable(),
  latency_ms: LatencySchema,
});

export const BillLineSchema = z.strictObject({
  component: z.string(),
  item: z.string(),
  quantity: z.number(),
  unit: z.string(),
  price_usd: z.number(),
  usd: z.number(),
});

export const BillSchema = z.strictObject({
  /** Sums over seeds divided by the number of seeds: one average run. */
  run_usd: z.number(),
  per_million_served_usd: z.number().nullable(),
  month_usd: z.number(),
  /** The month again with volume tiers and free tier applied once to the whole month. */
  month_tiered_usd: z.number(),
  ci95: z.strictObject({ run_usd: interval, per_million_served_usd: interval, month_usd: interval }),
  by_component: z.array(z.strictObject({ component: z.string(), usd: z.number() })),
  lines: z.array(BillLineSchema),
});

export const CheckReportSchema = z.strictObject({
  name: z.string(),
  description: z.string(),
  binds: z.boolean(),
  holds: z.boolean(),
  count: z.number().int(),
  exposure_s: z.strictObject({ mean: z.number(), max: z.number() }).optional(),
  examples: z.array(z.string()),
});

export const PoolSampleSchema = z.strictObject({
  at_s: z.number(),
  wanted: z.number(),
  ready: z.number(),
  starting: z.number(),
  busy: z.number(),
  queued: z.number(),
  demand: z.number(),
  /** Notices to spot machines since the last sample that is no decision of the controller. */
  interrupted: z.number().optional(),
  because: z.string().optional(),
});

export const ElasticitySchema = z.strictObject({
  accuracy_under: z.number(),
  accuracy_over: z.number(),
  timeshare_under: z.number(),
  timeshare_over: z.number(),
  jitter_per_min: z.number(),
  instance_hours: z.number(),
  /** Instances that were needed, on average. */
  demand_mean: z.number().optional(),
  /** Cost over a clairvoyant's, a missing instance at 20 times the price of one that is there; null where nothing was needed. */
  cost_ratio: maybe.optional(),
  /** Share of the demand, in instances, that was not there. */
  unserved_pct: maybe.optional(),
  /** Relative to demand; share of time in which supply and demand did not move the same way. */
  theta_under_pct: z.number().optional(),
  theta_over_pct: z.number().optional(),
  instability_pct: z.number().optional(),
  /** (sum of x^5)^(1/5) over theta under and over, time under and over, and instability, each in per cent. */
  deviation: z.number().optional(),
});

export const PoolReportSchema = z.strictObject({
  name: z.string(),
  kind: z.enum(['function', 'server', 'gpu']),
  controller: z.string(),
  /** Of the first seed. */
  timeline: z.array(PoolSampleSchema),
  /** Mean over seeds. */
  elasticity: ElasticitySchema,
  cold_starts: z.number(),
  calls: z.number(),
  /** Of spot machines, mean over seeds; only where some are bought. */
  interruptions: z.number().optional(),
});

export const ObjectiveReportSchema = z.strictObject({
  text: z.string(),
  /** Null when too few samples: not met, but not known to be missed either. */
  met: z.boolean().nullable(),
  value: z.number().nullable(),
});

export const SliceSchema = z.strictObject({
  at_s: z.number(),
  sent: z.number(),
  served: z.number(),
  failed: z.number(),
  p50_ms: maybe,
  p95_ms: maybe,
});

export const LagReportSchema = z.strictObject({
  event: z.string(),
  component: z.string(),
  done: z.number(),
  p50_ms: maybe,
  p99_ms: maybe,
  /** Mean lag over run time, by when the message was published, over all seeds. */
  timeline: z.array(z.strictObject({ at_s: z.number(), done: z.number(), mean_ms: maybe })),
});

export const StrategyReportSchema = z.strictObject({
  name: z.string(),
  description: z.string(),
  /** The axis values that differ between rows of one strategy: controller and rate. */
  controller: z.string(),
  rate: z.number(),
  operations: z.array(OperationReportSchema),
  throughput: z.strictObject({ asked_per_s: z.number(), served_per_s: z.number() }),
  lags: z.array(LagReportSchema),
  bill: BillSchema,
  checks: z.array(CheckReportSchema),
  objectives: z.array(ObjectiveReportSchema),
  violation_minutes: z.number(),
  pools: z.array(PoolReportSchema),
  /** All operations together over run time, mean over seeds. */
  timeline: z.array(SliceSchema),
  decisions: z.array(z.strictObject({ subject: z.string(), placed: z.string(), rule: z.string(), because: z.string() })),
  /** What holds of the whole row, one value for each seed: so that another report can be held against this one. */
  per_seed: z.record(z.string(), z.array(maybe)).optional(),
  /** Of the first seed: the slowest request of each operation and one at the median. */
  traces: z.array(TraceSchema).optional(),
  speed: z.strictObject({ requests_per_s: z.number(), events_per_s: z.number() }).optional(),
});

const VerdictSchema = z.strictObject({
  chosen: z.string().nullable(),
  because: z.string(),
  rejected: z.array(z.strictObject({ strategy: z.string(), because: z.string() })),
});

/** One fault: times are those of the window that was played, as on every time axis. */
export const FaultReportSchema = z.strictObject({
  kind: z.enum(FAULT_KINDS),
  /** What happens, in the words of the command line, without the times. */
  text: z.string(),
  at_s: z.number(),
  for_s: z.number(),
  /** The window that was played has nothing of it. */
  is_outside: z.boolean(),
  /** Strategies that have nothing which it could act on. */
  without_effect: z.array(z.string()),
});

export const ReportSchema = z.strictObject({
  schema: z.literal('report@1'),
  version: z.string(),
  scenario: z.strictObject({
    name: z.string(),
    description: z.string(),
    duration_s: z.number(),
    warmup_s: z.number(),
    cut_start_s: z.number(),
    /** Intended operations a second over run time: at the rate of all rows where they share one, else at x1. */
    load: z.array(z.tuple([z.number(), z.number()])),
    /** The scenario as it was played, defaults and `--set` included; of a trace only how many points it has. */
    data: z.record(z.string(), z.unknown()).optional(),
    faults: z.array(FaultReportSchema).optional(),
  }),
  world: z.enum(['virtual', 'live']),
  seeds: z.array(z.number().int()),
  machine: z
    .strictObject({
      node: z.string(),
      cpu: z.string(),
      cores: z.number(),
      threads: z.number(),
      started_at: z.string(),
      wall_s: z.number(),
    })
    .optional(),
  /** Only of a live run. */
  live: LiveReportSchema.optional(),
  strategies: z.array(StrategyReportSchema),
  comparisons: z.array(
    z.strictObject({
      a: z.string(),
      b: z.string(),
      measure: z.string(),
      difference: z.number(),
      ci95: interval,
      significant: z.boolean(),
    }),
  ),
  verdict: VerdictSchema,
  /** Only where several rates were played: each judged alone, and between which neighbours the winner changes. */
  by_load: z
    .strictObject({
      rates: z.array(z.strictObject({ rate: z.number(), ...VerdictSchema.shape })),
      changes: z.array(
        z.strictObject({
          between: z.tuple([z.number(), z.number()]),
          from: z.string().nullable(),
          to: z.string().nullable(),
          because: z.string(),
        }),
      ),
      because: z.string(),
    })
    .optional(),
  parameters: z.array(
    z.strictObject({
      path: z.string(),
      value: z.union([z.number(), DistributionSchema, z.string()]),
      unit: z.string(),
      source: z.string(),
      date: z.string(),
      kind: z.enum(['measured', 'documented', 'assumed']),
      range: z.tuple([z.number(), z.number()]).optional(),
    }),
  ),
  /** Only with `--sensitivity`. */
  sensitivity: SensitivitySchema.optional(),
});
export type Report = z.infer<typeof ReportSchema>;
export type StrategyReport = z.infer<typeof StrategyReportSchema>;
export type OperationReport = z.infer<typeof OperationReportSchema>;
export type LagReport = z.infer<typeof LagReportSchema>;
export type FaultReport = z.infer<typeof FaultReportSchema>;
export type Bill = z.infer<typeof BillSchema>;
export type BillLine = z.infer<typeof BillLineSchema>;
export type CheckReport = z.infer<typeof CheckReportSchema>;
export type ObjectiveReport = z.infer<typeof ObjectiveReportSchema>;
export type PoolReport = z.infer<typeof PoolReportSchema>;
export type Elasticity = z.infer<typeof ElasticitySchema>;
