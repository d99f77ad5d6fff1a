import type { EffectRole, Plan } from '../../domain/plan.ts';
import { followedQueues } from '../../domain/undoing.ts';
import { linesIn } from './journal.ts';
import { placeOf } from './message-name.ts';

/**
 * Messages that were published and that nobody has said to be done with, by what the journals say.
 *
 * A broker does not tell of what it has handed out or is about to put back, and an endpoint's counts may be late; who wrote a message down
 * knows of it all the same.
 */
export class Unfinished {
  private readonly plan: Plan;
  private readonly folder: string;
  private readonly roles: ReadonlyMap<string, EffectRole>;
  private readonly read = new Map<string, number>();
  private readonly open = new Set<string>();
  private readonly done = new Set<string>();

  constructor(plan: Plan, folder: string) {
    this.plan = plan;
    this.folder = folder;
    this.roles = new Map(plan.effects.map(({ name, role }) => [name, role]));
  }

  /** Reads what was written since the last time; how many lines that is. */
  readOn(): number {
    let lines = 0;
    for (const text of linesIn(this.folder, 'journal-', this.read)) {
      lines++;
      const { effect, cause } = JSON.parse(text) as { effect?: string; cause?: string | null };
      if (cause === null || cause === undefined || effect === undefined) continue;
      const role = this.roles.get(effect);
      if (role === 'worked-off' || role === 'dead-lettered') this.done.add(cause);
      if (role === 'published' && !this.done.has(cause)) this.open.add(cause);
      if (this.done.has(cause)) this.open.delete(cause);
    }
    return lines;
  }

  /** How many of them belong into each queue part. */
  byQueue(): Map<number, number> {
    const counts = new Map<number, number>();
    for (const id of this.open) {
      const { event, consumer } = placeOf(id);
      const queue = this.plan.events[event]?.consumers[consumer]?.queue ?? -1;
      counts.set(queue, (counts.get(queue) ?? 0) + 1);
    }
    return counts;
  }
}

/** What the queues of a plan show. */
type Contents = ReadonlyMap<number, { messages: number; dead: number; isAway: boolean }>;

/** What lies in queues and is still to be done: messages, and dead letters that something follows. */
export function queuedIn(plan: Plan, queues: Contents): [string, number][] {
  return plan.events.flatMap(({ consumers }) =>
    consumers.flatMap(({ queue, on_failure }): [string, number][] => {
      const { messages = 0, dead = 0, isAway = false } = queues.get(queue) ?? {};
      const path = plan.parts[queue]?.path;
      return [
        [`messages in ${path}`, messages],
        [`dead letters of ${path}`, on_failure ? dead : 0],
        [`queues that are away, ${path}`, isAway ? 1 : 0],
      ];
    }),
  );
}

/** How many unfinished messages no queue shows, neither in it nor among its dead letters. */
export function unseenOf(plan: Plan, o: { queues: Contents; unfinished: ReadonlyMap<number, number> }): number {
  const followed = followedQueues(plan);
  return [...o.unfinished].reduce((sum, [queue, count]) => {
    const { messages = 0, dead = 0 } = o.queues.get(queue) ?? {};
    return sum + Math.max(0, count - messages - (followed.has(queue) ? 0 : dead));
  }, 0);
}
