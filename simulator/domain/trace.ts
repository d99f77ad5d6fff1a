import { z } from 'zod';

/** What a span's own time, outside of its children, is spent on: the colours of the waterfall. */
export const PHASES = ['network', 'queue', 'cold-start', 'compute', 'store', 'channel', 'back-off'] as const;

/** Kinds of spans as OpenTelemetry has them. */
export const SPAN_KINDS = ['internal', 'server', 'client', 'producer', 'consumer'] as const;

/**
 * One piece of the way of a request, as OpenTelemetry describes it, whichever world it happened in.
 *
 * Attributes follow OpenTelemetry's semantic conventions where they have a name; ours begin with `placement_lab.`.
 *
 * Shape: `trace` 32 and `span`, `parent` 16 hexadecimal digits; the root has no parent. Units: whole microseconds of run time.
 */
export const SpanSchema = z.strictObject({
  trace: z.string(),
  span: z.string(),
  parent: z.string().nullable(),
  name: z.string(),
  kind: z.enum(SPAN_KINDS),
  phase: z.enum(PHASES),
  /** The plan's part that it happened in, and whom that serves; the user's side is the part `client`. */
  part: z.string(),
  component: z.string(),
  start_us: z.number().int(),
  duration_us: z.number().int(),
  /** Asynchronous: caused by its parent, which did not wait for it. */
  is_linked: z.boolean(),
  has_failed: z.boolean(),
  attributes: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])),
});
export type Span = z.infer<typeof SpanSchema>;

/** Why a request is among the traces: the slowest that was served, the one nearest to the median, or drawn by its key. */
export const PICKS = ['slowest', 'median', 'sampled'] as const;

/**
 * Everything that one user action set off, its root first.
 *
 * The root lasts from the intended time to the answer, as the latency in the report does.
 */
export const TraceSchema = z.strictObject({
  operation: z.string(),
  picks: z.array(z.enum(PICKS)),
  outcome: z.enum(['served', 'refused', 'timed-out', 'failed']),
  seed: z.number().int(),
  session: z.number().int(),
  action: z.number().int(),
  latency_us: z.number().int(),
  /** Spans beyond the most that a trace keeps, and those whose parents are not known. */
  dropped: z.number().int(),
  /** Wall time of run time 0, in ms since 1970; only where the run had one. */
  began_ms: z.number().int().optional(),
  spans: z.array(SpanSchema),
});
export type Trace = z.infer<typeof TraceSchema>;
