import type { Plan } from '../../../domain/plan.ts';
import type { LiveEffect, RunSheet, Sender, Store, Story } from '../contract.ts';
import type { SpanLog } from '../spans.ts';
import type { Result } from '../wire.ts';

/** The cache that an operation's front door keeps. */
export interface Cache {
  /** Whether `row` is kept and younger than its time to live. */
  has(row: number, ttlMs: number): boolean;
  fill(row: number): void;
}

/** What the steps of operations and components reach from the process that runs them. */
export interface Surroundings {
  readonly sheet: RunSheet;
  readonly plan: Plan;
  /** Calls a component, wherever it is placed, and waits for its answer. */
  call(component: number, story: Story): Promise<Result>;
  /** By dataset. */
  store(dataset: number): Store;
  /** By event and its consumer. */
  sender(event: number, consumer: number): Sender;
  /** Where requests spend their time. */
  readonly spans: SpanLog;
  /** Writes a line of the ledger that no store keeps. */
  note(effect: LiveEffect): void;
  /** Writes down that a component's own code or model failed. */
  failed(component: string, message: string): void;
  /** Says something to who started the run. */
  tell(message: string): void;
  /** Only at the front door. */
  cache?(edge: number): Cache;
  show?(story: Story, entity: number, row: number): void;
}
