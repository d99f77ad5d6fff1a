import { z } from 'zod';
import { ApplicationSchema, NameSchema } from './application.ts';
import { CalibrationSchema } from './calibration.ts';
import { DistributionSchema } from './distribution.ts';
import { FaultSchema } from './fault.ts';
import { NeuralModelSchema } from './neural-model.ts';
import {
  ChannelPlacementSchema,
  ComponentPlacementSchema,
  ControllerSpecSchema,
  StorePlacementSchema,
  StrategySchema,
} from './placement.ts';
import { WorkloadSchema } from './workload.ts';

const share = z.number().min(0).max(1);

/**
 * Earlier evenings of the same workload, which controllers may learn from before the run: all of them get the same.
 *
 * Each evening draws a level (a factor on the rate, evenly from 1 - `level_spread` to 1 + `level_spread`), whether it has the flash crowds of the
 * workload (`crowd_share` of the evenings do), and when these come (evenly over the time in which they fit). All three are assumed: no published
 * figure says how evenings of one service differ.
 */
export const HistorySchema = z.strictObject({
  days: z.number().int().min(1).max(60),
  level_spread: z.number().min(0).max(0.9).default(0.2),
  crowd_share: share.default(0.5),
});
export type History = z.infer<typeof HistorySchema>;

/** A strategy by name, with every pool under one controller; the row is called `hybrid + ai`. */
export const ControlledStrategySchema = z.strictObject({ strategy: NameSchema, controller: ControllerSpecSchema });

/**
 * Application, workload, the strategies to compare, and the lines to meet: everything that one comparison needs.
 *
 * `overrides` move single parts, by name, under every strategy. `parameters` change one number of the parts:
 * `sqs.visibility_timeout_s` for all queues, `sqs.moderation.visibility_timeout_s` for the one that moderation reads.
 */
export const ScenarioSchema = z.strictObject({
  schema: z.literal('scenario@1').default('scenario@1'),
  name: NameSchema,
  description: z.string().max(500),
  application: ApplicationSchema,
  workload: WorkloadSchema,
  /** What earlier evenings looked like to controllers that learn. */
  history: HistorySchema.optional(),
  /** Names of shipped strategies, strategies written here, or either by name under a controller of its own. */
  strategies: z
    .array(z.union([NameSchema, ControlledStrategySchema, StrategySchema]))
    .min(1)
    .max(50),
  controller: ControllerSpecSchema.optional(),
  /** Networks that the option `model` of controllers names: read from these files when the scenario is loaded. */
  models: z.record(z.string().max(200), NeuralModelSchema).optional(),
  overrides: z
    .strictObject({
      components: z.record(NameSchema, ComponentPlacementSchema).default({}),
      events: z.record(NameSchema, ChannelPlacementSchema).default({}),
      datasets: z.record(NameSchema, StorePlacementSchema).default({}),
    })
    .prefault({}),
  parameters: z.record(z.string().max(120), DistributionSchema).default({}),
  /** Numbers that were measured on one machine: instead of defaults, behind what `parameters` set. `--calibration FILE` puts it here. */
  calibration: CalibrationSchema.optional(),
  objectives: z.array(z.string().max(120)).max(100).default([]),
  /** Checks that must hold; the others are counted, and bind only through an objective. */
  checks: z
    .array(NameSchema.or(z.string().regex(/^[a-z_]+$/)))
    .max(50)
    .default([]),
  /** What goes wrong on purpose, in run time. */
  faults: z.array(FaultSchema).max(50).default([]),
  warmup_s: z.number().min(0).max(86_400).optional(),
  drain_s: z.number().min(0).max(86_400).default(900),
  seeds: z.number().int().min(1).max(10_000).default(5),
  /** What `--full` changes: a longer run at a higher rate. */
  full: z.strictObject({ duration_s: z.number().positive().max(604_800), rate: z.number().positive().max(100_000) }).optional(),
});
export type Scenario = z.infer<typeof ScenarioSchema>;
export type ScenarioInput = z.input<typeof ScenarioSchema>;

/** What the row of an entry of `strategies` is called. */
export function strategyName(entry: Scenario['strategies'][number]): string {
  if (typeof entry === 'string') return entry;
  return 'strategy' in entry ? `${entry.strategy} + ${entry.controller.name}` : entry.name;
}

/** Typed so that an editor completes names; validation happens when the scenario is loaded. */
export function defineScenario(scenario: ScenarioInput): ScenarioInput {
  return scenario;
}
