import { z } from 'zod';
import { NameSchema } from './application.ts';
import { DistributionSchema } from './distribution.ts';

const rate = z.number().nonnegative().max(10_000_000);
const seconds = z.number().nonnegative().max(31_536_000);
const span = z.number().positive().max(31_536_000);

/** A request that leaves later than this, ms, says more about the driver than about what it measures: so does a p99 of lateness above it. */
export const LATE_MS = 10;

/**
 * Intended operations a second over run time.
 *
 * `trace` replays a `timestamp,value` CSV: `file` is read when the scenario is loaded and becomes `points`.
 */
export type Arrivals =
  | { kind: 'constant'; rate: number }
  | { kind: 'ramp'; points: [number, number][] }
  | { kind: 'daily'; low: number; high: number; period_s: number; peak_at_s: number }
  | { kind: 'step'; steps: [number, number][] }
  | { kind: 'on-off'; on: number; off: number; on_s: number; off_s: number }
  | {
      kind: 'flash-crowd';
      base: Arrivals;
      at_s: number;
      factor: number;
      rise_s: number;
      hold_s: number;
      fall_s: number;
      /** The object that the crowd comes for (0 is the most popular), and what it does there. */
      object: number;
      operations: Record<string, number>;
    }
  | {
      kind: 'trace';
      file?: string | undefined;
      points?: [number, number][] | undefined;
      scale: number;
      unit_s?: number | undefined;
    };

const point = z.tuple([seconds, rate]);
export const ArrivalsSchema: z.ZodType<Arrivals> = z.lazy(() =>
  z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('constant'), rate }),
    z.strictObject({ kind: z.literal('ramp'), points: z.array(point).min(2).max(1000) }),
    z.strictObject({ kind: z.literal('daily'), low: rate, high: rate, period_s: span, peak_at_s: seconds }),
    z.strictObject({ kind: z.literal('step'), steps: z.array(point).min(1).max(1000) }),
    z.strictObject({ kind: z.literal('on-off'), on: rate, off: rate, on_s: span, off_s: span }),
    z.strictObject({
      kind: z.literal('flash-crowd'),
      base: ArrivalsSchema,
      at_s: seconds,
      factor: z.number().min(1).max(1000),
      rise_s: seconds,
      hold_s: seconds,
      fall_s: seconds,
      object: z.number().int().nonnegative(),
      operations: z.record(NameSchema, z.number().nonnegative()),
    }),
    z.strictObject({
      kind: z.literal('trace'),
      file: z.string().max(4096).optional(),
      points: z.array(point).max(1_000_000).optional(),
      scale: z.number().positive().max(1e9),
      unit_s: span.optional(),
    }),
  ]),
);

/** Poisson, or burstier: gaps with a squared coefficient of variation above 1 (two-phase hyperexponential). */
export const ProcessSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('poisson') }),
  z.strictObject({ kind: z.literal('bursty'), cv2: z.number().min(1).max(100) }),
  z.strictObject({ kind: z.literal('regular') }),
]);

/** The Markov chain of a session: where it starts, what follows what, and how long the user thinks between. */
export const SessionsSchema = z.strictObject({
  think_ms: DistributionSchema,
  start: z.record(NameSchema, z.number().nonnegative()),
  /** Weights of what follows an operation; `leave` ends the session. */
  next: z.record(NameSchema, z.record(NameSchema, z.number().nonnegative())),
  actions_max: z.number().int().min(1).max(10_000).default(100),
});

/** When users come, who they are, what they do. */
export const WorkloadSchema = z.strictObject({
  duration_s: z.number().positive().max(604_800),
  arrivals: ArrivalsSchema,
  process: ProcessSchema.default({ kind: 'poisson' }),
  sessions: SessionsSchema,
});
export type Workload = z.infer<typeof WorkloadSchema>;
export type Sessions = z.infer<typeof SessionsSchema>;

/** One action of the schedule, as other programs read it. `objects` has the one object that the action is about, or none. */
export interface Action {
  at_ms: number;
  session: number;
  user: number;
  operation: string;
  objects: number[];
}

/**
 * What earlier evenings did: actions in each step, evening after evening, by operation; those of flash crowds apart, as all of them ask for one object.
 */
export interface HistoryCounts {
  step_s: number;
  ordinary: ReadonlyMap<string, Float64Array>;
  crowd: ReadonlyMap<string, Float64Array>;
}
