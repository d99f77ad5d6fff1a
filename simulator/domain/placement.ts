import { z } from 'zod';
import { NameSchema } from './application.ts';

const count = z.number().int().min(0).max(100_000);

/** Which controller sizes a pool, and its options (each controller validates its own). */
export const ControllerSpecSchema = z.strictObject({
  name: NameSchema,
  options: z.record(z.string().max(48), z.union([z.number(), z.string(), z.boolean()])).default({}),
});
export type ControllerSpec = z.infer<typeof ControllerSpecSchema>;

const functionSize = {
  memory_mb: z.union([z.number().int().min(128).max(10_240), z.literal('cheapest')]).default('cheapest'),
  architecture: z.enum(['arm64', 'x86_64']).default('arm64'),
  provisioned: count.default(0),
  reserved: count.optional(),
};
export const FunctionPlacementSchema = z.strictObject({ platform: z.literal('function'), ...functionSize });
export const ServerPlacementSchema = z.strictObject({
  platform: z.literal('server'),
  instance: z.string().max(24).default('m7g.large'),
  /** Requests one instance works on at once; by default 8 a vCPU. */
  slots: z.number().int().min(1).max(10_000).optional(),
  minimum: count.optional(),
  maximum: count.optional(),
  controller: ControllerSpecSchema.optional(),
  /** Share of the base size paid at the reserved price, all the time. */
  reserved_share: z.number().min(0).max(1).default(0),
  /** Where requests go when every slot is taken: straight to a function of the same component. */
  overflow: z.strictObject(functionSize).optional(),
});
export const GpuPlacementSchema = z.strictObject({
  platform: z.literal('gpu'),
  instance: z.string().max(24).default('g4dn.xlarge'),
  batch_max: z.number().int().min(1).max(256).default(16),
  batch_wait_ms: z.number().min(0).max(60_000).default(20),
  minimum: count.optional(),
  maximum: count.optional(),
  controller: ControllerSpecSchema.optional(),
});
export const EdgePlacementSchema = z.strictObject({ platform: z.literal('edge') });

/** Where a component runs and how large. What is left out is filled by the fair sizing rule. */
export const ComponentPlacementSchema = z.discriminatedUnion('platform', [
  FunctionPlacementSchema,
  ServerPlacementSchema,
  GpuPlacementSchema,
  EdgePlacementSchema,
]);
export type ComponentPlacement = z.infer<typeof ComponentPlacementSchema>;
export type PlatformName = ComponentPlacement['platform'];

export const ChannelPlacementSchema = z.strictObject({ channel: z.enum(['sqs']) });
export const StorePlacementSchema = z.strictObject({
  store: z.enum(['postgres', 'dynamodb', 's3']),
  instance: z.string().max(24).optional(),
  consistent_reads: z.boolean().default(false),
});
export type StorePlacement = z.infer<typeof StorePlacementSchema>;

/**
 * Traits that rules look at. All given traits must match.
 *
 * `trigger`: does an operation wait for it (`request`), or an event start it (`event`), or both.
 * `duration`: `short` below 200 ms of unloaded work, `long` from there on.
 */
export const ComponentTraitsSchema = z.strictObject({
  trigger: z.enum(['request', 'event', 'both']).optional(),
  gpu: z.boolean().optional(),
  stateful: z.boolean().optional(),
  cache: z.boolean().optional(),
  duration: z.enum(['short', 'long']).optional(),
});
export type ComponentTraits = z.infer<typeof ComponentTraitsSchema>;

const because = z.string().max(300);
export const StrategySchema = z.strictObject({
  schema: z.literal('strategy@1').default('strategy@1'),
  name: NameSchema,
  description: z.string().max(300),
  components: z
    .array(z.strictObject({ when: ComponentTraitsSchema.default({}), place: ComponentPlacementSchema, because }))
    .min(1),
  events: z.array(z.strictObject({ place: ChannelPlacementSchema, because })).min(1),
  datasets: z
    .array(
      z.strictObject({
        when: z.strictObject({ shape: z.enum(['key-value', 'relational', 'blob']).optional() }).default({}),
        place: StorePlacementSchema,
        because,
      }),
    )
    .min(1),
  /** For pools whose placement names none. */
  controller: ControllerSpecSchema.optional(),
});
export type Strategy = z.infer<typeof StrategySchema>;
export type StrategyInput = z.input<typeof StrategySchema>;
