import { Schedule } from '../../workloads/schedule.ts';
import type { Scenario } from '../domain/scenario.ts';

/** Seeds of earlier days: far from those that anybody plays, so that nothing that is judged has been seen. */
const FIRST_SEED = 1_900_000_001;

/**
 * Operations in each step of earlier days of a scenario: its workload with other seeds, one day after the other.
 *
 * What is left of a step at the end of a day is dropped.
 */
export function earlierLoad(
  { workload, application }: Scenario,
  o: { days: number; step_s: number; heard?(day: number): void },
): Float64Array {
  const { users, objects } = application;
  const steps = Math.floor(workload.duration_s / o.step_s);
  const counts = new Float64Array(steps * o.days);
  for (let day = 0; day < o.days; day++) {
    const seed = FIRST_SEED + day;
    const operations = Object.keys(application.operations);
    const schedule = new Schedule({ workload, operations, users, objects, seed, rate: 1, until_ms: steps * o.step_s * 1000 });
    while (schedule.next()) {
      const step = day * steps + Math.floor(schedule.at_ms / (o.step_s * 1000));
      counts[step] = (counts[step] as number) + 1;
    }
    o.heard?.(day + 1);
  }
  return counts;
}
