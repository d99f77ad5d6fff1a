import { z } from 'zod';
import { DistributionSchema } from './distribution.ts';

/** Names are kebab-case so that they read the same in files, columns and pages. */
export const NameSchema = z.string().regex(/^[a-z][a-z0-9-]{0,47}$/, 'a name in lower-case kebab-case, at most 48 characters');

/**
 * One thing that an operation or a component does. Exactly one of the keys says which.
 *
 * `of` says whose row or page is meant: the `actor` (the user who acts), the `object` that the action is about, or `others` (rows of users
 * drawn afresh for each access: followers, say).
 * `effect` names the line that this step writes to the ledger.
 *
 * `take` takes so many units from the stock of the object's row. With `conditional`, only if enough is left, in one go with the write: else
 * the operation ends as sold out, which is an answer and no error. Without it the component writes back what it last read, less what it
 * takes, and who read in between does the same; if it read nothing, it takes whatever is left. Repeats are recognised by `idempotent`.
 *
 * `undoes` names an effect that this write takes back for the same action: as often as it stands, and not at all where it does not; units
 * of stock go back to the object's row. A component that is not `idempotent` takes it back again with each repeat. With `unless`, nothing is
 * written where that effect stands for the action, and the component's work ends there: a message is done, an operation fails. Both are
 * judged in one go with the write.
 */
export type Step =
  | { call: string; optional?: boolean | undefined }
  | { publish: string }
  | { read: string; of?: 'actor' | 'object' | 'others' | undefined; items?: number | undefined; consistent?: boolean | undefined }
  | {
      write: string;
      of?: 'actor' | 'object' | 'others' | undefined;
      items?: number | undefined;
      effect?: string | undefined;
      conditional?: boolean | undefined;
      take?: number | undefined;
      undoes?: string | undefined;
      unless?: string | undefined;
    }
  | { show: string; of?: 'actor' | 'object' | undefined }
  | { cached: string; of?: 'actor' | 'object' | undefined; ttl_s: number; otherwise: Step[] }
  | { parallel: Step[] };

const of = z.enum(['actor', 'object']).optional();
const ofRows = z.enum(['actor', 'object', 'others']).optional();
const items = z.number().int().min(1).max(1000).optional();
export const StepSchema: z.ZodType<Step> = z.lazy(() =>
  z.union([
    z.strictObject({ call: NameSchema, optional: z.boolean().optional() }),
    z.strictObject({ publish: NameSchema }),
    z.strictObject({ read: NameSchema, of: ofRows, items, consistent: z.boolean().optional() }),
    z.strictObject({
      write: NameSchema,
      of: ofRows,
      items,
      effect: NameSchema.optional(),
      conditional: z.boolean().optional(),
      take: z.number().int().min(1).max(1000).optional(),
      undoes: NameSchema.optional(),
      unless: NameSchema.optional(),
    }),
    z.strictObject({ show: NameSchema, of }),
    z.strictObject({ cached: NameSchema, of, ttl_s: z.number().min(0).max(86_400), otherwise: z.array(StepSchema).max(20) }),
    z.strictObject({ parallel: z.array(StepSchema).min(2).max(10) }),
  ]),
);

/**
 * A part that does work: its demand for one call, and what it does while it holds its instance.
 *
 * `cpu_ms` is milliseconds of one reference vCPU; `gpu_ms` milliseconds of the reference GPU (NVIDIA T4) at batch 1;
 * `io_ms` waiting on third parties. `idempotent` means that applying the same message twice has one effect.
 */
export const ComponentSchema = z.strictObject({
  description: z.string().max(200),
  cpu_ms: DistributionSchema.default(0),
  gpu_ms: DistributionSchema.optional(),
  io_ms: DistributionSchema.default(0),
  memory_mb: z.number().positive().max(1_000_000).default(128),
  package_mb: z.number().positive().max(10_240).default(10),
  runtime: z.enum(['nodejs22', 'python3.13', 'java21', 'go']).default('nodejs22'),
  stateful: z.boolean().default(false),
  cache: z.boolean().default(false),
  idempotent: z.boolean().default(true),
  error_rate: z.number().min(0).max(1).default(0),
  request_kb: z.number().nonnegative().max(10_240).default(1),
  response_kb: z.number().nonnegative().max(10_240).default(2),
  /** What the live world does in place of that CPU time and waiting: runs a model that comes with this project. */
  work: z.enum(['image-moderation']).optional(),
  /** Or the user's own code: a file, relative to the scenario's, whose default export is a `ComponentHandler`. */
  code: z
    .string()
    .max(300)
    .regex(/\.(?:ts|mts|js|mjs)$/, 'a .ts, .mts, .js or .mjs file')
    .optional(),
  steps: z.array(StepSchema).max(20).default([]),
});
export type Component = z.infer<typeof ComponentSchema>;

/**
 * What is published `after_s` something has failed for good, unless `unless` stands by then: who takes that event can undo what was done.
 *
 * An operation has failed when the user has given up on the last attempt (what that attempt set off may still be under way); sold out is an
 * answer, and no failure. A consumer has failed when its queue gives up on a message.
 */
export const OnFailureSchema = z.strictObject({
  publish: NameSchema,
  after_s: z.number().min(0).max(900).default(0),
  unless: NameSchema.optional(),
});
export type OnFailure = z.infer<typeof OnFailureSchema>;

/** Who takes an event, and in how many messages: one, or one per `each` units of the actor's `attribute`. */
export const ConsumerSchema = z.strictObject({
  messages_per: z.strictObject({ attribute: NameSchema, each: z.number().positive() }).optional(),
  on_failure: OnFailureSchema.optional(),
});
export const EventSchema = z.strictObject({
  description: z.string().max(200),
  /** Messages of one actor, or about one object, should take effect in the order in which they were published. */
  ordered_by: z.enum(['actor', 'object']).optional(),
  kb: z.number().positive().max(1024).default(1),
  consumers: z.record(NameSchema, ConsumerSchema),
});

const units = z.number().int().min(0).max(1_000_000_000);

/** Units that each object's row has at the start; the `hot_rows` most popular objects have `hot` each. */
export const StockSchema = z.strictObject({ each: units, hot_rows: z.number().int().min(0).default(0), hot: units.default(0) });

/** What holds rows: how large they are, how much there is, and whether a stock is kept in them that writes can take from. */
export const DatasetSchema = z.strictObject({
  description: z.string().max(200),
  shape: z.enum(['key-value', 'relational', 'blob']),
  item_kb: z.number().positive().max(5_000_000).default(1),
  stored_gb: z.number().nonnegative().max(1e9).default(1),
  stock: StockSchema.optional(),
});
export type Stock = z.infer<typeof StockSchema>;

/**
 * What one user action asks for. Latency counts from when the user wanted to send until the last step is back.
 *
 * `creates` names the entity that the operation brings into being (`post`); `requires` an operation of the same
 * session that must have succeeded before (`sign-in`): else it fails as unauthorised at the gateway.
 */
export const OperationSchema = z.strictObject({
  description: z.string().max(200),
  requires: NameSchema.optional(),
  creates: NameSchema.optional(),
  timeout_ms: z.number().positive().max(900_000).default(10_000),
  attempts: z.number().int().min(1).max(10).default(2),
  request_kb: z.number().nonnegative().max(10_240).default(1),
  response_kb: z.number().nonnegative().max(10_240).default(10),
  on_failure: OnFailureSchema.optional(),
  steps: z.array(StepSchema).min(1).max(30),
});

/** Things that actions are about: how many, how unequal their popularity (Zipf exponent), what they carry. */
export const PopulationSchema = z.strictObject({
  count: z.number().int().min(1).max(10_000_000),
  zipf: z.number().min(0).max(3).default(0),
  /** Attributes by popularity rank: the most popular has the law's highest value. */
  attributes: z.record(NameSchema, DistributionSchema).default({}),
});

/**
 * An entity whose story the ledger follows, told in effects: which one opens it, and how the others stand to it.
 *
 * `shown_after`: must have come before it is shown. `reserved`: none is accepted without it. `charged`: never without `accepted`, never twice.
 */
export const EntitySchema = z.strictObject({
  accepted: NameSchema,
  shown_after: NameSchema.optional(),
  reserved: NameSchema.optional(),
  charged: NameSchema.optional(),
});

/** What the business does, said without saying where it runs. */
export const ApplicationSchema = z.strictObject({
  name: NameSchema,
  description: z.string().max(500),
  /** Users act; `objects` are what actions are about. In a social network both are the same people. */
  users: PopulationSchema,
  objects: PopulationSchema,
  components: z.record(NameSchema, ComponentSchema),
  events: z.record(NameSchema, EventSchema).default({}),
  datasets: z.record(NameSchema, DatasetSchema).default({}),
  operations: z.record(NameSchema, OperationSchema),
  entities: z.record(NameSchema, EntitySchema).default({}),
});
export type Application = z.infer<typeof ApplicationSchema>;
export type ApplicationInput = z.input<typeof ApplicationSchema>;
export type Operation = z.infer<typeof OperationSchema>;
export type Population = z.infer<typeof PopulationSchema>;
