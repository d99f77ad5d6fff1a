import { z } from 'zod';

/** Where a live run ran, and how well: its bill and latencies are durations of this machine. */
export const LiveReportSchema = z.strictObject({
  label: z.literal('durations of this machine'),
  stack: z.enum(['embedded', 'compose', 'endpoint']),
  machine: z.strictObject({ node: z.string(), system: z.string(), cpu: z.string(), cores: z.number(), memory_gb: z.number() }),
  /** The real parts that the run had, and which versions of them where they say so. */
  parts: z.array(z.strictObject({ name: z.string(), version: z.string().nullable() })),
  /** Who answered for AWS, and where functions ran. */
  aws: z.strictObject({ backend: z.enum(['embedded', 'ministack', 'url']), functions: z.enum(['own', 'emulator']) }).optional(),
  /** Rate of the run as a share of what was asked for, and the cores that it keeps busy then. */
  scale: z.strictObject({ factor: z.number(), cores_needed: z.number(), cores: z.number() }),
  /** Who held functions to their share of the CPU: the kernel, their own work that is stretched, or there were none. */
  cpu_share: z.enum(['cgroup', 'stretch', 'none']),
  /** How late the driver sent, cell by cell. */
  driver: z.array(
    z.strictObject({
      strategy: z.string(),
      rate: z.number(),
      seed: z.number().int(),
      shots: z.number().int(),
      late: z.number().int(),
      /** Requests that this machine could not send at all. */
      unsent: z.number().int().optional(),
      p50_ms: z.number(),
      p99_ms: z.number(),
      max_ms: z.number(),
      event_loop_p99_ms: z.number(),
    }),
  ),
  /** What a reader has to know before comparing. */
  notes: z.array(z.string()),
});
export type LiveReport = z.infer<typeof LiveReportSchema>;
