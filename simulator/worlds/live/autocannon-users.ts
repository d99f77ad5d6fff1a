import { performance } from 'node:perf_hooks';
import { closedLoop } from '../../../workloads/drivers/autocannon.ts';
import { latenessOf } from '../../../workloads/drivers/lateness.ts';
import { mix } from '../../domain/draws.ts';
import type { Plan } from '../../domain/plan.ts';
import { OUTCOME } from '../../measure/recorder.ts';
import { wait, wallMs } from './clock.ts';
import type { Story } from './contract.ts';
import { type Action, type ActionRow, type Driven, FINAL, mannersOf, outcomeOf, storyOf } from './users.ts';
import { STORY_HEADER } from './wire.ts';

/** The gateway ends what takes too long itself; who waits so much longer waits for one that does not answer any more. */
const GRACE_MS = 1000;

export interface AutocannonOptions {
  port: number;
  start_ms: number;
  connections: number;
  /** Hears of operations that have failed for good. */
  failed(story: Story): void;
}

/**
 * Lets autocannon play the actions as fast as they are answered: half of the connections until the warm-up is over, then all of them.
 *
 * A connection plays one session after the other, without its pauses, so that what an action requires was done before. When the sessions
 * of the schedule are over they begin again, as other actions of the same users. Nobody tries again: a failure is one.
 */
export async function driveWithAutocannon(plan: Plan, actions: readonly Action[], o: AutocannonOptions): Promise<Driven> {
  const rows: ActionRow[] = [];
  const lateness = latenessOf([], { unsent: 0 });
  if (actions.length === 0) return { rows, lateness, driver_busy: 0 };
  const { patience } = mannersOf(plan);
  const bodies = plan.operations.map((operation) => Buffer.alloc(Math.round(operation.request_kb * 1024), 'x'));
  const sessions = again(actions);
  const now = () => wallMs() - o.start_ms;
  const begin = (action: Action) => {
    const { operation } = action;
    const row: ActionRow = { operation, at_ms: now(), done_ms: 0, outcome: OUTCOME.pending, attempts: 1 };
    rows.push(row);
    const story = storyOf(action, 1);
    const ended = (how: number | 'timed-out' | 'broken') => {
      row.outcome = outcomeOf(how);
      row.done_ms = now();
      if (typeof how !== 'number' || !FINAL.includes(how)) o.failed({ ...story, key: mix(action.key, 1) });
    };
    const headers = { [STORY_HEADER]: JSON.stringify(story) };
    return { path: `/operations/${operation}`, headers, body: bodies[operation] as Buffer, ended };
  };
  const stage = async (connections: number, until_ms: number) => {
    const playing = Array.from({ length: connections }, () => ([] as Action[]).values());
    const next = (connection: number) => {
      for (;;) {
        const { value } = playing[connection]?.next() ?? {};
        if (value !== undefined) return begin(value);
        playing[connection] = (sessions.next().value as Action[]).values();
      }
    };
    await closedLoop({
      port: o.port,
      connections,
      for_ms: until_ms - now(),
      patience_ms: Math.max(...patience) + GRACE_MS,
      next,
    });
  };
  await wait(Math.max(0, -now()));
  await stage(halfOf(o.connections), plan.warmup_ms);
  const before = performance.eventLoopUtilization();
  await stage(o.connections, plan.duration_ms);
  const driver_busy = performance.eventLoopUtilization(before).utilization;
  return { rows, lateness, driver_busy };
}

/** With how many connections a run with so many begins: if these do as much, more would not do more. */
export function halfOf(connections: number): number {
  return Math.ceil(connections / 2);
}

/** Sessions in the order in which they begin, without end: every round has actions of its own, by number and by what they draw. */
function* again(actions: readonly Action[]): Generator<Action[], never> {
  const sessions = new Map<number, Action[]>();
  for (const action of actions) {
    const begun = sessions.get(action.session);
    if (begun) begun.push(action);
    else sessions.set(action.session, [action]);
  }
  const numbers = (actions.at(-1)?.index ?? 0) + 1;
  for (let round = 0; ; round++) {
    for (const session of sessions.values()) {
      yield session.map((action) =>
        round === 0 ? action : { ...action, index: action.index + round * numbers, key: mix(action.key, round) },
      );
    }
  }
}
