import { z } from 'zod';
import { DistributionSchema } from '../../../../domain/distribution.ts';

const positive = z.number().positive();
const share = z.number().min(0).max(1);

/**
 * What a runtime is told about the platform it stands for: a run hands in the values of its plan, the defaults are for trying it alone.
 *
 * Units are in the names. Sources: AWS Lambda developer guide (github aws/agent-toolkit-for-aws@d6ad2e4, 2026-08-20) for the quotas, pollers
 * and retries; idle expiry github mikhailshilkov/mikhailio-hugo@32ff980 (2021-01, sensitivity 5-15 min).
 */
export const ParametersSchema = z.strictObject({
  /** How long an idle environment is kept. */
  idle_expiry_s: DistributionSchema.default({ kind: 'uniform', min: 300, max: 420 }),
  /** New environments of one function: at once, and for each second after. */
  scaling_burst: positive.default(1_000),
  scaling_per_s: z.number().nonnegative().default(100),
  /** Lets through only this share of the calls, evenly: a fault. */
  admitted_share: share.default(1),
  account_concurrency: z.number().int().positive().default(1_000),
  /** Requests a second for each unit of concurrency. */
  rate_per_concurrency: positive.default(10),
  init_timeout_s: positive.default(10),
  full_vcpu_mb: positive.default(1_769),
  /** Assumed: on top of a function's memory, since the host's Node is not the one of the service (range 0-64 MB). */
  runtime_allowance_mb: z.number().nonnegative().default(32),
  memory_sample_ms: positive.default(50),
  /** Wait before the first retry of an asynchronous call; the second waits twice as long. */
  retry_s: positive.default(60),
  /** Wait before a throttled asynchronous call is tried again: doubles up to 300 times this. */
  throttled_retry_s: positive.default(1),
  pollers_initial: z.number().int().positive().default(5),
  pollers_per_min: z.number().nonnegative().default(300),
  pollers_max: z.number().int().positive().default(1_250),
  /** Seed of what is drawn: how long each idle environment is kept. */
  seed: z.number().int().default(0),
});
export type Parameters = z.infer<typeof ParametersSchema>;

/** Those that a single function can have of its own. */
export const PoolParametersSchema = z
  .strictObject({
    idle_expiry_s: DistributionSchema,
    scaling_burst: positive,
    scaling_per_s: z.number().nonnegative(),
    admitted_share: share,
  })
  .partial();
export type PoolParameters = Pick<Parameters, 'idle_expiry_s' | 'scaling_burst' | 'scaling_per_s' | 'admitted_share'>;

/** Largest payloads in bytes, as AWS documents them: synchronous both ways, asynchronous in. */
export const PAYLOAD_MAX = { sync: 6 * 1024 * 1024, async: 1024 * 1024 };
/** The service's own figure for an answer: 100 bytes more. */
export const RESPONSE_MAX = PAYLOAD_MAX.sync + 100;
