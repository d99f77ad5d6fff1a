import { z } from 'zod';
import { DistributionSchema } from './distribution.ts';

/** What a measured number was measured on: numbers of one machine say little about another. */
export const CalibratedMachineSchema = z.strictObject({
  cpu: z.string().min(1).max(200),
  cores: z.number().int().min(1).max(4096),
  node: z.string().max(40),
  platform: z.string().max(80),
});
export type CalibratedMachine = z.infer<typeof CalibratedMachineSchema>;

const share = z.number().min(0).max(1);

/**
 * One measured number: a `value` (a number or a law), or the `quantiles` `[share, value]` of what was measured; from `n` measurements.
 *
 * With a `strategy` it was measured under that one alone, and counts there before what all runs say together.
 */
export const CalibratedValueSchema = z
  .strictObject({
    path: z.string().min(1).max(120),
    strategy: z.string().min(1).max(120).optional(),
    value: DistributionSchema.optional(),
    quantiles: z
      .array(z.tuple([share, z.number().finite().nonnegative()]))
      .min(2)
      .max(100)
      .optional(),
    unit: z.string().max(40),
    n: z.number().int().min(1),
  })
  .refine((v) => (v.value === undefined) !== (v.quantiles === undefined), { error: 'needs either value or quantiles' });
export type CalibratedValue = z.infer<typeof CalibratedValueSchema>;

/**
 * What was measured on one machine, by the paths of `--set` and `parameters`.
 *
 * `scenario`, `strategies`, `rate` and `seconds` say of which runs. The virtual world takes these numbers instead of its defaults; what the
 * scenario sets wins over them.
 */
export const CalibrationSchema = z.strictObject({
  schema: z.literal('calibration@1'),
  machine: CalibratedMachineSchema,
  taken_at: z.string().max(40),
  scenario: z.string().max(120),
  strategies: z.array(z.string().max(120)).max(50),
  rate: z.number().positive(),
  seconds: z.number().positive(),
  values: z.array(CalibratedValueSchema).min(1).max(2000),
});
export type Calibration = z.infer<typeof CalibrationSchema>;

/** The machine in a few words, as sources name it. */
export function machineInWords({ cpu, cores }: CalibratedMachine): string {
  return `${cpu}, ${cores} cores`;
}

/** The law that a measured number stands for. */
export function lawOf({ value, quantiles }: CalibratedValue) {
  return value ?? { kind: 'quantiles' as const, points: quantiles ?? [] };
}
