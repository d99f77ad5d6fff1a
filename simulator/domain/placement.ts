import { z } from 'zod';
import { NameSchema } from './application.ts';

const count = z.number().int().min(0).max(100_000);

/** Which controller sizes a pool, and its options (each controller validates its own); `tuned`: the others are chosen on the scenario's history. */
export const ControllerSpecSchema = z.strictObject({
  name: NameSchema,
  options: z.record(z.string().max(48), z.union([z.number(), z.string(), z.boolean()])).default({}),
  tuned: z.boolean().optional(),
});
export type ControllerSpec = z.infer<typeof ControllerSpecSchema>;

const functionSize = {
  memory_mb: z.union([z.number().int().min(128).max(10_240), z.literal('cheapest')]).default('cheapest'),
  architecture: z.enum(['arm64', 'x86_64']).default('arm64'),
  provisioned: count.default(0),
  reserved: count.optional(),
};
/** Buys machines on spot, which EC2 may take back: all above a share of the base size (rounded up) that stays on demand. */
const spot = z.strictObject({ on_demand_share: z.number().min(0).max(1).default(0) }).optional();

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
  spot,
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
  spot,
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

/** Which messages share a group: those of one user, of one object, all, or none with any other. */
export const OrderKeySchema = z.enum(['actor', 'object', 'all', 'none']);
export type OrderKey = z.infer<typeof OrderKeySchema>;

export const SqsPlacementSchema = z.strictObject({ channel: z.literal('sqs') });
export const SqsFifoPlacementSchema = z.strictObject({
  channel: z.literal('sqs-fifo'),
  /** By default as the event is `ordered_by`; where that says nothing each message is a group of its own, as with a random group id. */
  group: OrderKeySchema.optional(),
  /** Thousands of API calls a second instead of 300. */
  high_throughput: z.boolean().default(false),
});
export const RabbitmqPlacementSchema = z.strictObject({
  channel: z.literal('rabbitmq'),
  /** The broker's machine; a quorum queue anywhere makes it a cluster of three. One broker carries every event that is placed on one. */
  instance: z.string().max(24).default('mq.m5.large'),
  queue: z.enum(['quorum', 'classic']).default('quorum'),
  /** Survives a stop of the broker. Quorum queues always do. */
  durable: z.boolean().default(true),
  /** The publisher waits until the broker has stored its message, and hears when it has not. */
  confirms: z.boolean().default(true),
  /** `automatic`: a message is forgotten as soon as it is sent to a machine, whatever becomes of it there. */
  ack: z.enum(['manual', 'automatic']).default('manual'),
  /** Messages that one machine holds unacknowledged, those at work included. */
  prefetch: z.number().int().min(1).max(65_535).default(20),
});

/** What carries an event to each of its consumers. */
export const ChannelPlacementSchema = z.discriminatedUnion('channel', [
  SqsPlacementSchema,
  SqsFifoPlacementSchema,
  RabbitmqPlacementSchema,
]);
export type ChannelPlacement = z.infer<typeof ChannelPlacementSchema>;
export type ChannelName = ChannelPlacement['channel'];
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
