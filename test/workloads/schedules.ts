import type { Workload } from '../../simulator/domain/workload.ts';
import { WorkloadSchema } from '../../simulator/domain/workload.ts';
import { Schedule } from '../../workloads/schedule.ts';

/** One row of a schedule, as plain data. */
export interface Row {
  at_ms: number;
  session: number;
  user: number;
  operation: string;
  object: number;
  key: number;
}

export const OPERATIONS = ['look', 'buy'] as const;

/** People who look, and of whom three in ten buy something after each look. */
export const BROWSING = {
  think_ms: { kind: 'exponential' as const, mean: 2000 },
  start: { look: 1 },
  next: { look: { look: 4, buy: 3, leave: 3 }, buy: { look: 1, leave: 1 } },
};

/** People who do one thing. */
export const ONCE = { think_ms: 0, start: { look: 1 }, next: { look: { leave: 1 } } };

export interface ScheduleWishes {
  arrivals: unknown;
  process?: unknown;
  sessions?: unknown;
  duration_s?: number;
  seed?: number;
  rate?: number;
}

export function workloadOf(o: ScheduleWishes): Workload {
  const { arrivals, sessions = BROWSING, duration_s = 600, process = { kind: 'poisson' } } = o;
  return WorkloadSchema.parse({ duration_s, arrivals, sessions, process });
}

/** Every row of a schedule. */
export function rowsOf(o: ScheduleWishes): Row[] {
  const workload = workloadOf(o);
  const schedule = new Schedule({
    workload,
    operations: OPERATIONS,
    users: { count: 1000, zipf: 0, attributes: {} },
    objects: { count: 500, zipf: 0.9, attributes: {} },
    seed: o.seed ?? 1,
    rate: o.rate ?? 1,
    until_ms: workload.duration_s * 1000,
  });
  const rows: Row[] = [];
  while (schedule.next()) {
    const { at_ms, session, user, operation, object, key } = schedule;
    rows.push({ at_ms, session, user, operation: OPERATIONS[operation] as string, object, key });
  }
  return rows;
}
