import type { CheckResult } from '../../domain/cell.ts';
import type { EffectRole, PlannedDataset, PlannedEffect, PlannedEntity } from '../../domain/plan.ts';

/** Examples that a check keeps. */
export const EXAMPLES_MAX = 10;

/** One line of the ledger as checks see it: numbers only. `entity` and `cause` are dense integers; cause is -1 for the operation itself. */
export interface Line {
  at_ms: number;
  effect: number;
  role: EffectRole;
  entity: number;
  cause: number;
  part: number;
  attempt: number;
  count: number;
  /** Of a published message whose order is promised: the messages among which it is; else -1. */
  group: number;
  /** The object's row where a stock was taken from, else -1. */
  row: number;
}

/** Words for a story: names of effects and parts, and how to write a time. */
export interface Words {
  effect(effect: number): string;
  part(part: number): string;
  /** Attempts about an entity that had no effect, in order of time. */
  inVain(entity: number): readonly { at_ms: number; text: string }[];
}

/** The end of a run: when it was, which messages some queue still held, and for which entities anything at all was still to be done. */
export interface Ending {
  at_ms: number;
  isPending(cause: number): boolean;
  isUnderWay(entity: number): boolean;
}

/** A statement about the ledger: takes effects one by one, and says at the end how often it was broken. */
export interface Check {
  /** Roles that it wants to see; of those only `effects`, if it names them. */
  readonly roles: readonly EffectRole[];
  readonly effects?: ReadonlySet<number>;
  take(line: Line): void;
  finish(ending: Ending): CheckResult;
}

/** What an application may say about itself, and what a check may need. */
export interface Subject {
  entities: readonly PlannedEntity[];
  effects: readonly PlannedEffect[];
  datasets: readonly Pick<PlannedDataset, 'name' | 'stock'>[];
}

/** What a check is made from. */
export interface CheckContext extends Subject {
  words: Words;
  /** Effect index that must have been applied before an entity is shown, or -1; its name is in `words`. */
  shownAfter: number;
  /** Whether the order of some messages is promised. */
  promisesOrder: boolean;
}

export interface CheckDefinition {
  readonly name: string;
  readonly description: string;
  /** Whether it says anything about such an application; one that says nothing is left out of the books. */
  needs?(subject: Subject): boolean;
  create(context: CheckContext): Check;
}

/** `; attempt 1 at function/charge timed out at ...`: what was tried for an entity and had no effect, behind a sentence about it. */
export function triedFor(entity: number, words: Words): string {
  return words
    .inVain(entity)
    .map(({ text }) => `; ${text}`)
    .join('');
}

/** "12.345 s" */
export function seconds(at_ms: number): string {
  return `${(at_ms / 1000).toFixed(3)} s`;
}
