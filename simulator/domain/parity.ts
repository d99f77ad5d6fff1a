import { z } from 'zod';
import { CalibratedMachineSchema } from './calibration.ts';

const milliseconds = z.number().nullable();

/** One quantile of one operation in both worlds; null where there are too few samples. */
export const ParityQuantileSchema = z.strictObject({
  q: z.number(),
  live_ms: milliseconds,
  virtual_ms: milliseconds,
  /** (virtual - live) / live, and where it lies in 95 of 100 resamples of the blocks. */
  error: z.number().nullable(),
  interval: z.tuple([z.number(), z.number()]).nullable(),
  /** What the error should stay within. */
  aim: z.number(),
  met: z.boolean().nullable(),
});
export type ParityQuantile = z.infer<typeof ParityQuantileSchema>;

export const ParityRowSchema = z.strictObject({
  /** An operation, or `event -> component` for what happens from publication to done. */
  name: z.string(),
  samples: z.strictObject({ live: z.number(), virtual: z.number() }),
  quantiles: z.array(ParityQuantileSchema),
});
export type ParityRow = z.infer<typeof ParityRowSchema>;

/** Both worlds side by side: the same plan, the same requests, settings that the calibration has not seen. */
export const ParitySchema = z.strictObject({
  schema: z.literal('parity@1'),
  scenario: z.string(),
  strategy: z.string(),
  machine: CalibratedMachineSchema,
  /** What differs from what was calibrated, in words. */
  settings: z.array(z.string()),
  /** `blocks` where it was taken meanwhile, in so many between those that are compared. */
  calibration: z.strictObject({ taken_at: z.string(), rate: z.number(), values: z.number(), blocks: z.number().optional() }),
  rate: z.number(),
  blocks: z.strictObject({ kept: z.number(), lost: z.number(), seconds: z.number() }),
  /** How the machine and the driver were: mean share of busy cores, worst lateness and worst drift among the blocks that count. */
  conditions: z.strictObject({ busy: z.number(), lateness_p99_ms: z.number(), drift_max: z.number() }),
  operations: z.array(ParityRowSchema),
  verdict: z.enum(['within the aims', 'outside the aims', 'cannot tell', 'too noisy']),
});
export type Parity = z.infer<typeof ParitySchema>;
