import type { CheckResult, Effect } from '../../domain/cell.ts';
import type { EffectRole, Plan } from '../../domain/plan.ts';
import { Ledger } from '../../measure/ledger.ts';
import type { Recorder } from '../../measure/recorder.ts';
import type { LiveEffect } from './contract.ts';
import { placeOf } from './message-name.ts';

/** What was read back when the run was over. */
export interface ReadBack {
  effects: LiveEffect[];
  /** Names of messages that still lie in a queue. */
  left: ReadonlySet<string>;
  /** Actions that something was still to be done for. */
  underWay: ReadonlySet<number>;
}

/** What the ledger of a live run came to. */
export interface Books {
  checks: CheckResult[];
  log: Effect[] | undefined;
}

/**
 * Turns what stores, queues and journals say into the ledger that the checks judge, in order of time, and messages' lags into `recorder`.
 *
 * Messages get their numbers in the order in which they were first heard of. One that was worked on but whose publisher died before it
 * could note the sending was published all the same.
 */
export function closeBooks(
  plan: Plan,
  o: { readBack: ReadBack; recorder: Recorder; wantsLedger: boolean; end_ms: number },
): Books {
  const roles = new Map(plan.effects.map((e, i) => [e.name, { role: e.role, index: i }]));
  const partOf = new Map(plan.parts.map((p, i) => [p.path, i]));
  const promisesOrder = plan.events.some((e) => e.ordered_by !== 'none');
  const ledger = new Ledger({ ...plan, parts: plan.parts.map((p) => p.path), wantsLedger: o.wantsLedger, promisesOrder });
  const messages = new MessageBook(plan, o.recorder);
  const lines = withEveryPublication(plan, o.readBack.effects).sort((a, b) => a.at_ms - b.at_ms);
  for (const line of lines) {
    const known = roles.get(line.effect);
    if (known === undefined) throw new Error(`the ledger has ${line.effect}, which the plan does not know`);
    if (!messages.isNews(line, known.role)) continue;
    const part = partOf.get(line.part) ?? -1;
    const cause = messages.numberOf(line.cause);
    ledger.record(known.index, line.at_ms, line.entity, cause, part, line.attempt, line.count, line.row, line.group);
  }
  const left = new Set([...o.readBack.left].map((id) => messages.numberOf(id)));
  const { underWay } = o.readBack;
  const checks = ledger.finish({
    at_ms: o.end_ms,
    isPending: (cause) => left.has(cause),
    isUnderWay: (entity) => underWay.has(entity),
  });
  return { checks, log: ledger.log };
}

/** Messages by the numbers that the ledger knows them by, and when each was published and first worked off. */
class MessageBook {
  private readonly numbers = new Map<string, number>();
  private readonly publishedAt = new Map<string, number>();
  private readonly done = new Set<string>();
  private readonly dead = new Set<string>();
  private readonly plan: Plan;
  private readonly recorder: Recorder;

  constructor(plan: Plan, recorder: Recorder) {
    this.plan = plan;
    this.recorder = recorder;
  }

  numberOf(id: string | null): number {
    if (id === null) return -1;
    const number = this.numbers.get(id) ?? this.numbers.size;
    this.numbers.set(id, number);
    return number;
  }

  /** False for what the ledger wants to hear once: that a message was published, worked off, or given up on before it was. */
  isNews({ cause, at_ms }: LiveEffect, role: EffectRole): boolean {
    if (cause === null) return true;
    if (role === 'dead-lettered') return !this.done.has(cause) && !this.dead.has(cause) && this.dead.add(cause).size > 0;
    if (role !== 'published' && role !== 'worked-off') return true;
    const isNews = role === 'published' ? !this.publishedAt.has(cause) : !this.done.has(cause);
    if (!isNews) return false;
    if (role === 'published') this.publishedAt.set(cause, at_ms);
    else {
      this.done.add(cause);
      this.recorder.lag(consumerOf(this.plan, cause), this.publishedAt.get(cause) ?? at_ms, at_ms);
    }
    return true;
  }
}

/** A publication for every message that something was done for. */
function withEveryPublication(plan: Plan, effects: readonly LiveEffect[]): LiveEffect[] {
  const publishing = plan.effects.find((e) => e.role === 'published')?.name;
  if (publishing === undefined) return [...effects];
  const known = new Set(effects.flatMap((line) => (line.effect === publishing && line.cause !== null ? [line.cause] : [])));
  const missing = new Map<string, LiveEffect>();
  for (const line of effects) {
    if (line.cause === null || known.has(line.cause)) continue;
    const before = missing.get(line.cause);
    if (before === undefined || line.at_ms < before.at_ms) missing.set(line.cause, line);
  }
  return [...[...missing.values()].map((line) => ({ ...line, effect: publishing, part: '', count: 1 })), ...effects];
}

/** Place of the message's consumer among all consumers of all events. */
function consumerOf(plan: Plan, id: string): number {
  const { event, consumer } = placeOf(id);
  return plan.events.slice(0, event).reduce((sum, e) => sum + e.consumers.length, consumer);
}
