import { z } from 'zod';
import { DistributionSchema } from './distribution.ts';

const maybe = z.number().nullable();

/** What one variation did to a candidate; `missed` are the lines and checks it does not meet, as the verdict words them. */
export const SensitivityFiguresSchema = z.strictObject({
  month_usd: z.number(),
  /** Of all served operations together; the highest over the rates. */
  p95_ms: maybe,
  p99_ms: maybe,
  missed: z.array(z.string()),
});

/** One number changed, everything else as it was, and the whole comparison played again. */
export const SensitivityRowSchema = z.strictObject({
  what: z.enum(['demand', 'assumption']),
  name: z.string(),
  /** Where the number stands in the scenario or among the parameters; the same number may stand in several places. */
  paths: z.array(z.string()),
  unit: z.string(),
  direction: z.enum(['halved', 'doubled', 'switched']),
  from: DistributionSchema,
  to: DistributionSchema,
  range: z.tuple([z.number(), z.number()]).optional(),
  /** The range ended before half or double was reached. */
  cut: z.boolean(),
  /** Of the strategy that the study is about; null when it could not be placed. */
  figures: SensitivityFiguresSchema.nullable(),
  chosen: z.string().nullable(),
  /** It changes the choice or the lines that are missed, or moves cost, p95 or p99 by 1 % or more. */
  matters: z.boolean(),
});

/** What the verdict rests on: every assumed number and every demand halved and doubled, one at a time. */
export const SensitivitySchema = z.strictObject({
  seeds: z.array(z.number().int()),
  /** Whose figures the rows show: the chosen one, else the one that came closest. */
  strategy: z.string(),
  /** The cheapest that is not known to miss anything, with these seeds and nothing changed. */
  chosen: z.string().nullable(),
  because: z.string(),
  base: SensitivityFiguresSchema,
  rows: z.array(SensitivityRowSchema),
});
export type Sensitivity = z.infer<typeof SensitivitySchema>;
export type SensitivityRow = z.infer<typeof SensitivityRowSchema>;
export type SensitivityFigures = z.infer<typeof SensitivityFiguresSchema>;
