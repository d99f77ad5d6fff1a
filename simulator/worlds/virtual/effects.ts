import type { EffectRole } from '../../domain/plan.ts';
import { CAME_BACK } from '../../measure/ledger.ts';
import { CauseTable } from './engine/cause-table.ts';
import { FRAME } from './engine/frames.ts';
import { FAILURE } from './walk.ts';
import type { World } from './world.ts';

/**
 * The ledger's lines as they come from the mechanics: what was written, shown, read too old, and what was recognised as a repeat.
 *
 * A repeat is suppressed by an idempotent component or a conditional write; without either it applies again, as it would in production.
 */
export class Effects {
  readonly causes: CauseTable;
  private readonly world: World;
  private readonly roles: Map<EffectRole, number>;

  constructor(world: World) {
    const { events, effects } = world.cell.plan;
    this.world = world;
    this.causes = new CauseTable({ events: events.length, effects: effects.length });
    this.roles = new Map(effects.map((e, i) => [e.role, i]));
  }

  /** Whether repeats of what frame `f` works on do no harm. */
  isIdempotent(f: number): boolean {
    const component = this.world.frames.component[f] as number;
    return component < 0 || this.world.cell.plan.components[component]?.idempotent === true;
  }

  /** A write took place and is answered `at`: its effect goes to the ledger, unless it was applied before and is guarded against repeats. */
  written(f: number, detail: number, row: number, at: number): void {
    const effect = detail >> 1;
    if (effect < 0) return;
    if ((detail & 1) === 1 ? this.isApplied(f, effect) : this.isRepeat(f, effect)) {
      this.repeated(f);
      return;
    }
    this.applied(f, effect, row, at);
  }

  /** Frame `f` took `units` of `row`'s stock. */
  taken(f: number, effect: number, row: number, units: number): void {
    const { frames, ledger, now } = this.world;
    const { action, attempt, cause } = frames.stories;
    const story = frames.story[f] as number;
    const [entity, by] = [action[story] as number, cause[story] as number];
    this.causes.markApplied(by, entity, effect);
    this.world.standing.applied(effect, entity);
    ledger.record(effect, now, entity, by, frames.part[f] as number, attempt[story] as number, units, row);
  }

  /** Frame `f` took something back; of a stock, `units` of `row`. */
  undone(f: number, o: { effect: number; row: number; units: number }): void {
    const { edges, frames, ledger, now } = this.world;
    const { action, attempt, cause } = frames.stories;
    const story = frames.story[f] as number;
    const [entity, by] = [action[story] as number, cause[story] as number];
    this.world.standing.applied(o.effect, entity);
    const [count, row] = o.units > 0 ? [o.units, o.row] : [1, -1];
    ledger.record(o.effect, now, entity, by, frames.part[f] as number, attempt[story] as number, count, row);
    for (const edge of edges) edge?.changed(now, o.row);
  }

  /** Whether frame `f` has applied `effect` before and knows it. */
  isRepeat(f: number, effect: number): boolean {
    return this.isIdempotent(f) && this.isApplied(f, effect);
  }

  /** A repeat was recognised and does nothing. */
  repeated(f: number): void {
    const { stories, story } = this.world.frames;
    this.record('suppressed', f, stories.action[story[f] as number] as number, stories.cause[story[f] as number] as number);
  }

  /** An operation was answered with sold out. */
  soldOut(f: number): void {
    this.record('sold-out', f, this.world.frames.stories.action[this.world.frames.story[f] as number] as number, -1);
  }

  private isApplied(f: number, effect: number): boolean {
    const { stories, story } = this.world.frames;
    const s = story[f] as number;
    return this.causes.isApplied(stories.cause[s] as number, stories.action[s] as number, effect);
  }

  private applied(f: number, effect: number, row: number, at: number): void {
    const { cell, client, edges, frames, ledger, promises } = this.world;
    const { action, attempt, cause, operation, user } = frames.stories;
    const story = frames.story[f] as number;
    const entity = action[story] as number;
    this.causes.markApplied(cause[story] as number, entity, effect);
    this.world.standing.applied(effect, entity);
    const isAccepted = cell.plan.effects[effect]?.role === 'accepted';
    const count = isAccepted ? promises.promisedBy(operation[story] as number, user[story] as number) : 1;
    const part = frames.part[f] as number;
    ledger.record(effect, at, entity, cause[story] as number, part, attempt[story] as number, count);
    for (const edge of edges) edge?.changed(at, row);
    if (!isAccepted) return;
    cell.plan.entities.forEach((e, i) => {
      if (e.accepted === effect) client.accepted(i, row, entity);
    });
  }

  /** The message of consumer `c` is worked off at the consumer's clock; true the first time. */
  workedOff(c: number): boolean {
    const { frames, ledger } = this.world;
    const { action, attempt, cause } = frames.stories;
    const story = frames.story[c] as number;
    if (!this.causes.markDone(cause[story] as number)) return false;
    const effect = this.roles.get('worked-off') ?? -1;
    const [entity, at] = [action[story] as number, frames.clock[c] as number];
    ledger.record(effect, at, entity, cause[story] as number, frames.part[c] as number, attempt[story] as number, 1);
    return true;
  }

  shown(f: number, entity: number): void {
    this.record('shown', f, entity, -1);
  }

  staleRead(f: number): void {
    const { frames } = this.world;
    const story = frames.story[f] as number;
    this.record('stale-read', f, frames.stories.action[story] as number, frames.stories.cause[story] as number);
  }

  /** What frame `f` tried for something that its operation creates ended `at`, `after_ms` of work (-1: none), without an effect. */
  inVain(f: number, failure: number, o: { at: number; after_ms: number }): void {
    const { cell, frames, ledger } = this.world;
    if (failure === FAILURE.soldOut || !ledger.hearsAttempts) return;
    const { action, attempt, operation } = frames.stories;
    const story = frames.story[f] as number;
    if ((cell.plan.operations[operation[story] as number]?.creates ?? 0) < 0) return;
    const part = frames.kind[f] === FRAME.operation ? -1 : (frames.part[f] as number);
    const about = { entity: action[story] as number, attempt: attempt[story] as number, part };
    ledger.inVain({ ...about, at_ms: o.at, after_ms: o.after_ms, fate: failure });
  }

  /** Message `m` of queue `q` was handed out, and is visible again. */
  cameBack(q: number, m: number): void {
    const { delivery, ledger, now } = this.world;
    if (!ledger.hearsAttempts) return;
    const { action, receives } = delivery.messages;
    const about = { entity: action[m] as number, attempt: receives[m] as number, part: q };
    ledger.inVain({ ...about, at_ms: now, after_ms: -1, fate: CAME_BACK });
  }

  /** Message `m` of queue `q` was given up on after its last receive. */
  deadLettered(q: number, m: number): void {
    const { delivery, ledger, now } = this.world;
    const { action, cause, receives } = delivery.messages;
    if (this.causes.isDone(cause[m] as number)) return;
    const effect = this.roles.get('dead-lettered') ?? -1;
    ledger.record(effect, now, action[m] as number, cause[m] as number, q, receives[m] as number, 1);
  }

  /** A line of one of the built-in roles, for frame `f`; `group` is that of a message whose order is promised. */
  record(role: EffectRole, f: number, entity: number, cause: number, group = -1): void {
    const effect = this.roles.get(role);
    if (effect === undefined) return;
    const { frames, ledger, now } = this.world;
    const attempt = frames.stories.attempt[frames.story[f] as number] as number;
    // What follows a failure was not promised with the entity, and makes up for no message that was.
    const count = frames.kind[f] === FRAME.followUp ? 0 : 1;
    ledger.record(effect, now, entity, cause, frames.part[f] as number, attempt, count, -1, group);
  }
}
