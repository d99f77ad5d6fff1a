import { z } from 'zod';

const maybe = z.number().nullable();

/** Which cell it was; reports from before 2026-11-30 do not say the controller. */
const cell = { strategy: z.string(), controller: z.string().optional(), rate: z.number(), seed: z.number().int() };

/** What one placement sustained at most, by a closed loop over so many connections; a quantile with too few samples is null. */
export const SaturationSchema = z.strictObject({
  ...cell,
  connections: z.number().int(),
  /** Operations a second that were sent with all connections and served. */
  served_per_s: z.number(),
  /** Share of them that were not. */
  error_rate: maybe,
  /** The same with half of the connections, before. */
  half: z.strictObject({ connections: z.number().int(), served_per_s: z.number() }),
  /** What the scenario's schedule asks for in this time, on average. */
  asked_per_s: z.number(),
  /** Share of its time in which autocannon itself was busy. */
  driver_busy: z.number(),
  /** How long it took after the end until nothing was left in a queue, or to the end of the drain. */
  drained_s: z.number(),
  /** From a request to its answer, while all connections wait for each other: not what users wait who come whenever they like. */
  operations: z.array(
    z.strictObject({
      name: z.string(),
      served: z.number().int(),
      closed_loop_ms: z.strictObject({ p50: maybe, p95: maybe, p99: maybe }),
    }),
  ),
});
export type Saturation = z.infer<typeof SaturationSchema>;

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
  /** Who sent the load; the own driver where nothing is said. */
  sent_by: z.enum(['own', 'k6', 'autocannon']).optional(),
  /** How late the driver sent, cell by cell. */
  driver: z.array(
    z.strictObject({
      ...cell,
      shots: z.number().int(),
      late: z.number().int(),
      /** Requests that this machine could not send at all. */
      unsent: z.number().int().optional(),
      p50_ms: z.number(),
      p99_ms: z.number(),
      max_ms: z.number(),
      /** Only of the own driver, which alone has an event loop here. */
      event_loop_p99_ms: z.number().optional(),
    }),
  ),
  /** Only where a fault took a part away: which of the scenario's faults, and from the order to go until the part was there again (run time). */
  away: z.array(z.strictObject({ ...cell, fault: z.number().int(), from_s: z.number(), to_s: z.number() })).optional(),
  /** Only with a closed loop, which is late for nothing: what each cell sustained at most, and the objectives that say nothing of that. */
  saturation: z.strictObject({ runs: z.array(SaturationSchema), not_judged: z.array(z.string()) }).optional(),
  /** What a reader has to know before comparing. */
  notes: z.array(z.string()),
});
export type LiveReport = z.infer<typeof LiveReportSchema>;
