import { z } from 'zod';

const maybe = z.number().nullable();

/** One value of a measure over all seeds, as objectives are held against it, and where it is known seed by seed, these. Base units: ms, shares, dollars. */
const MeasureSchema = z.strictObject({ value: maybe, per_seed: z.array(maybe).optional() });

const RowSchema = z.strictObject({
  /** Where everything runs, and by which rule; the controller under `controller`. */
  placed: z.record(z.string(), z.string()),
  /** By measure and, where it has one, the operation or lag before it. */
  measures: z.record(z.string(), MeasureSchema),
  /** Cases a run of every check that binds. */
  checks: z.record(z.string(), z.strictObject({ holds: z.boolean(), per_run: z.number() })),
  /** Lines of the scenario. */
  objectives: z.record(z.string(), z.boolean().nullable()),
  /** By operation: share answered within a time (ms), to draw one run over the other. */
  curves: z.record(z.string(), z.array(z.tuple([z.number(), z.number()]))),
});

/**
 * What a scenario measured when somebody said that this is how it should be: what a gate compares with, and what went in, so that it can say
 * why something differs.
 *
 * Kept in version control: sorted, rounded to six digits, a line a value.
 */
export const BaselineSchema = z.strictObject({
  schema: z.literal('baseline@1'),
  version: z.string(),
  scenario: z.string(),
  world: z.enum(['virtual', 'live']),
  seeds: z.array(z.number().int()).min(1),
  /** Options of the command line that it was made with; the gate plays with the same. */
  options: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  played: z.strictObject({ duration_s: z.number(), warmup_s: z.number(), cut_start_s: z.number() }),
  /** By strategy; with controller and rate where there are several. */
  rows: z.record(z.string(), RowSchema),
  /** Dollars by item of the price book: what was paid for it, all amounts where rows differ (tiers). */
  prices: z.record(z.string(), z.array(z.number())),
  /** By path, with the row behind it where its value is another one: value and unit. */
  parameters: z.record(z.string(), z.tuple([z.unknown(), z.string()])),
  /** The scenario as it was played. */
  scenario_data: z.record(z.string(), z.unknown()),
});
export type Baseline = z.infer<typeof BaselineSchema>;
export type BaselineRow = z.infer<typeof RowSchema>;
