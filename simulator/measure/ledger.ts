import type { CheckResult, Effect } from '../domain/cell.ts';
import type { EffectRole, PlannedDataset, PlannedEffect, PlannedEntity } from '../domain/plan.ts';
import { type Attempt, Attempts } from './attempts.ts';
import type { Check, CheckContext, Ending, Line, Words } from './checks/check.ts';
import { CHECKS } from './checks/index.ts';

export { CAME_BACK } from './attempts.ts';

export interface LedgerOptions {
  effects: readonly PlannedEffect[];
  datasets: readonly PlannedDataset[];
  entities: readonly PlannedEntity[];
  parts: readonly string[];
  wantsLedger: boolean;
  /** Whether the order of some messages is promised. */
  promisesOrder: boolean;
}

/**
 * Every effect that matters, as it happens: checks take each line at once, the lines themselves are kept only when asked for.
 *
 * Recording is numbers only and allocates nothing, unless the whole log is wanted.
 */
export class Ledger {
  readonly log: Effect[] | undefined;
  private readonly attempts = new Attempts();
  private readonly line: Line = {
    at_ms: 0,
    effect: 0,
    role: 'shown',
    entity: 0,
    cause: 0,
    part: 0,
    attempt: 0,
    count: 0,
    row: -1,
    group: -1,
  };
  private readonly checks: Check[];
  /** Checks that look at an effect, by effect. */
  private readonly watchers: Check[][];
  private readonly roles: EffectRole[];
  private readonly words: Words;

  constructor(o: LedgerOptions) {
    this.log = o.wantsLedger ? [] : undefined;
    this.roles = o.effects.map((e) => e.role);
    this.words = {
      effect: (effect) => o.effects[effect]?.name ?? 'unknown',
      part: (part) => o.parts[part] ?? 'the operation',
      inVain: (entity) => this.attempts.of(entity, (part) => this.words.part(part)),
    };
    const shownAfter = o.entities.find((e) => e.shownAfter >= 0)?.shownAfter ?? -1;
    const context: CheckContext = { words: this.words, shownAfter, ...o };
    this.checks = CHECKS.filter((definition) => definition.needs?.(o) ?? true).map((definition) => definition.create(context));
    this.watchers = o.effects.map((e, i) =>
      this.checks.filter((check) => check.roles.includes(e.role) && (check.effects?.has(i) ?? true)),
    );
  }

  /**
   * Effect `effect` took place: `count` is how many messages an accepted entity promises, or units taken of `row`'s stock, else 1;
   * `group` is among which messages a published one keeps its place, where that is promised.
   */
  record(
    effect: number,
    at_ms: number,
    entity: number,
    cause: number,
    part: number,
    attempt: number,
    count: number,
    row = -1,
    group = -1,
  ): void {
    const watchers = this.watchers[effect];
    if (watchers === undefined) return;
    const line = this.line;
    line.at_ms = at_ms;
    line.effect = effect;
    line.role = this.roles[effect] as EffectRole;
    line.entity = entity;
    line.cause = cause;
    line.part = part;
    line.attempt = attempt;
    line.count = count;
    line.row = row;
    line.group = group;
    for (let i = 0; i < watchers.length; i++) (watchers[i] as Check).take(line);
    if (this.log !== undefined) {
      const written = { at_ms, kind: this.words.effect(effect), entity, cause, part: this.words.part(part), attempt, count };
      this.log.push({ ...written, ...(row < 0 ? {} : { row }), ...(group < 0 ? {} : { group }) });
    }
  }

  /** Whether attempts without an effect are still written down. */
  get hearsAttempts(): boolean {
    return !this.attempts.isFull;
  }

  /** An attempt ended without an effect. */
  inVain(attempt: Attempt): void {
    this.attempts.note(attempt);
  }

  finish(ending: Ending): CheckResult[] {
    return this.checks.map((check) => check.finish(ending));
  }
}
