import { Schedule } from '../../../workloads/schedule.ts';
import type { Cell } from '../../domain/cell.ts';
import { takesOf } from '../../domain/promises.ts';
import type { Action } from './users.ts';

/** The window's actions, and the state that the earlier ones would have left had all succeeded. */
export interface Prelude {
  actions: Action[];
  /** `session operation` of what sessions have achieved before the window. */
  achieved: string[];
  /** Units taken before, by dataset and object. */
  taken: Map<number, Map<number, number>>;
  /** The first session that begins in the window: sessions are numbered as they begin. */
  first_session: number;
}

/** Plays the schedule of a cell through, without any part: what is to be sent, and from which state. */
export function preludeOf({ plan, workload, seed, rate, cut_start_s }: Cell): Prelude {
  const offset = cut_start_s * 1000;
  const schedule = new Schedule({
    workload,
    operations: plan.operations.map((o) => o.name),
    users: plan.users,
    objects: plan.objects,
    seed,
    rate,
    until_ms: offset + plan.duration_ms,
  });
  const takes = takesOf(plan);
  const achieved = new Set<string>();
  const taken: Prelude['taken'] = new Map();
  const actions: Action[] = [];
  let first_session = Number.MAX_SAFE_INTEGER;
  while (schedule.next()) {
    const { session, user, object, operation, key, index } = schedule;
    if (schedule.at_ms >= offset) {
      const requires = plan.operations[operation]?.requires ?? -1;
      if (schedule.isFirst) first_session = Math.min(first_session, session);
      if (schedule.startedBefore && requires >= 0) achieved.add(`${session} ${requires}`);
      actions.push({ at_ms: schedule.at_ms - offset, index, session, user, object, operation, key });
      continue;
    }
    achieved.add(`${session} ${operation}`);
    for (const { dataset, amount } of takes[operation] ?? []) {
      const rows = taken.get(dataset) ?? new Map<number, number>();
      taken.set(dataset, rows.set(object, (rows.get(object) ?? 0) + amount));
    }
  }
  return { actions: actions.filter((a) => a.at_ms <= plan.duration_ms), achieved: [...achieved], taken, first_session };
}
