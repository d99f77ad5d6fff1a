import type { Population, Stock } from './application.ts';
import type { ControllerAssets } from './controller.ts';
import type { Distribution } from './distribution.ts';
import type { FaultKind } from './fault.ts';
import type { NeuralModel } from './neural-model.ts';
import type { ControllerSpec, OrderKey } from './placement.ts';
import type { EvidenceKind } from './sourced.ts';

/** What a part is; the file of the same name under `worlds/` says how it behaves. */
export type PartKind =
  | 'gateway'
  | 'account'
  | 'host'
  | 'edge'
  | 'function'
  | 'server'
  | 'gpu'
  | 'sqs'
  | 'sqs-fifo'
  | 'rabbitmq'
  | 'broker'
  | 'postgres'
  | 'dynamodb'
  | 's3';

/**
 * One part of the compiled system, with every number that its model needs.
 *
 * `path` is unique and stable (`server/auth`, `sqs/post-created/moderation`, `dynamodb/posts`): noise streams are keyed by it.
 * `values` holds the resolved parameters of `plan/parameters/<kind>.ts`, by their names there.
 */
export interface Part {
  path: string;
  kind: PartKind;
  /** The component, event consumer or dataset that it serves; the bill is grouped by it. */
  owner: string;
  values: Record<string, Distribution>;
  /** Words: instance type, architecture, runtime. */
  words: Record<string, string>;
  /** Only for pools whose size a controller decides. */
  sizing?: PoolSizing;
}

/** How many instances a pool has at the start and may have; `reserved` are paid for all the time. */
export interface PoolSizing {
  initial: number;
  minimum: number;
  maximum: number;
  reserved: number;
  /** Machines that stand on demand before any is bought on spot; absent where none is. */
  onDemand?: number;
  controller: ControllerSpec;
  /** Unloaded time that one call holds a slot, and how many slots an instance has: what demand is computed from. */
  holding_ms: number;
  slots: number;
  /** What the controller may know before the run; only where the scenario has a history. */
  assets?: ControllerAssets;
}

/** One step, resolved to indices. `site` is the step's path in the application: draws are keyed by it. */
export type Instruction =
  | { do: 'call'; site: string; component: number; optional: boolean }
  | { do: 'publish'; site: string; event: number }
  | { do: 'read'; site: string; dataset: number; of: Whose; items: number; consistent: boolean }
  | { do: 'write'; site: string; dataset: number; of: Whose; items: number; effect: number; conditional: boolean; take: number }
  | { do: 'settle'; site: string; dataset: number; of: Whose; items: number; effect: number; unless: number; undoes: number }
  | { do: 'show'; site: string; entity: number; of: Whose }
  | { do: 'lookup'; site: string; edge: number; of: Whose; ttl_ms: number; otherwise: Instruction[] }
  | { do: 'parallel'; site: string; branches: Instruction[][] };
export type Whose = 'actor' | 'object' | 'others';

export interface PlannedOperation {
  name: string;
  /** Index of the operation that must have succeeded in the session before, or -1. */
  requires: number;
  /** Index of the entity that it creates, or -1. */
  creates: number;
  timeout_ms: number;
  attempts: number;
  request_kb: number;
  response_kb: number;
  program: Instruction[];
  on_failure?: PlannedFollowUp;
}

/** What is published when an operation, or a message, has failed for good; `unless` is an effect index, or -1. */
export interface PlannedFollowUp {
  event: number;
  after_ms: number;
  unless: number;
}

export interface PlannedComponent {
  name: string;
  cpu_ms: Distribution;
  /** Time on the placed GPU at batch 1, or 0. */
  gpu_ms: Distribution;
  io_ms: Distribution;
  idempotent: boolean;
  error_rate: number;
  request_kb: number;
  response_kb: number;
  /** What the live world does in place of the demand; see the application's component. */
  work?: 'image-moderation';
  code?: string;
  program: Instruction[];
  /** Part that runs it, and the part that takes what finds no free slot there (or -1). */
  part: number;
  overflow: number;
}

export interface PlannedEvent {
  name: string;
  kb: number;
  /** Among which messages the order of publication is promised. */
  ordered_by: OrderKey;
  consumers: { component: number; queue: number; attribute: string; each: number; on_failure?: PlannedFollowUp }[];
}

export interface PlannedDataset {
  name: string;
  part: number;
  item_kb: number;
  stored_gb: number;
  consistent_reads: boolean;
  stock?: Stock;
}

/** What a ledger line means to the checks, whatever the application calls it. */
export type EffectRole =
  | 'accepted'
  | 'published'
  | 'applied'
  | 'worked-off'
  | 'shown'
  | 'stale-read'
  | 'dead-lettered'
  | 'suppressed'
  | 'sold-out';

export interface PlannedEntity {
  name: string;
  /** Effect indices; -1 where the application says nothing: it may be shown at once, needs no reservation, costs nothing. */
  accepted: number;
  shownAfter: number;
  reserved: number;
  charged: number;
}

/** A line that the ledger can have; `takes` is the dataset whose stock it takes `units` from; `undoes` the effect that it takes back. */
export interface PlannedEffect {
  name: string;
  role: EffectRole;
  takes?: number;
  units?: number;
  undoes?: number;
}

export interface PlannedParameter {
  path: string;
  value: Distribution | string;
  unit: string;
  source: string;
  date: string;
  kind: EvidenceKind;
  range?: readonly [number, number];
}

/**
 * A fault, resolved: what of this plan it acts on.
 *
 * Units: run time of the window that is played; what lies outside of it (`isOutside`) does not happen. No part and no component: this
 * strategy has nothing that the fault could act on.
 */
export interface PlannedFault {
  kind: FaultKind;
  /** As the scenario says it, without the times; draws are keyed by it. */
  text: string;
  at_ms: number;
  for_ms: number;
  amount: number;
  isOutside: boolean;
  parts: number[];
  components: number[];
}

/** Why a part is where it is: the rule that decided, in words. */
export interface Decision {
  subject: string;
  placed: string;
  rule: string;
  because: string;
}

/** A scenario compiled with one strategy: plain JSON, everything a world needs to run it. */
export interface Plan {
  schema: 'plan@1';
  scenario: string;
  strategy: string;
  description: string;
  duration_ms: number;
  warmup_ms: number;
  drain_ms: number;
  users: Population;
  objects: Population;
  operations: PlannedOperation[];
  components: PlannedComponent[];
  events: PlannedEvent[];
  datasets: PlannedDataset[];
  parts: Part[];
  entities: PlannedEntity[];
  effects: PlannedEffect[];
  /** Objective lines as written; latency limits among them are counted minute by minute during the run. */
  objectives: string[];
  checks: string[];
  /** Only when the scenario has any. */
  faults?: PlannedFault[];
  /** Networks that controllers name, by that name; only when there are any. */
  models?: Record<string, NeuralModel>;
  parameters: PlannedParameter[];
  decisions: Decision[];
}
