import { mean } from '../../domain/distribution.ts';
import type { Scenario } from '../../domain/scenario.ts';
import type { Arrivals } from '../../domain/workload.ts';
import type { Complain } from './complain.ts';

type Weights = Readonly<Record<string, number>>;

const DAY_MS = 86_400_000;
const sum = (weights: Weights) => Object.values(weights).reduce((s, w) => s + w, 0);
const withWeight = (weights: Weights) => Object.keys(weights).filter((name) => (weights[name] ?? 0) > 0);

/** What is wrong with the Markov chain of sessions: no start, rows without weight, rows that nothing leads to, circles without a way out. */
export function chainProblems(scenario: Scenario, complain: Complain): void {
  const { sessions, arrivals } = scenario.workload;
  const path = 'workload.sessions';
  if (sum(sessions.start) <= 0) complain(`${path}.start`, 'has no weight', 'at least one operation with a weight above 0');
  for (const [from, to] of Object.entries(sessions.next)) {
    if (Object.keys(to).length > 0 && sum(to) <= 0)
      complain(`${path}.next.${from}`, 'has no weight', 'at least one weight above 0');
  }
  if (mean(sessions.think_ms) > DAY_MS) complain(`${path}.think_ms`, 'is above a day in the mean', 'at most a day');
  const rows = new Map(Object.entries(sessions.next));
  const reached = closure([...withWeight(sessions.start), ...crowdStarts(arrivals)], (from) => withWeight(rows.get(from) ?? {}));
  for (const from of rows.keys()) {
    if (!reached.has(from) && Object.hasOwn(scenario.application.operations, from) && sum(sessions.start) > 0)
      complain(`${path}.next.${from}`, 'is never reached', `a weight for ${from} in start, or in a row that is reached`);
  }
  const stuck = [...reached].filter((from) => from !== 'leave' && !canLeave(from, rows));
  const [first] = stuck;
  if (first !== undefined && rows.has(first))
    complain(`${path}.next`, `never lets a session end after ${stuck.join(', ')}`, "a weight for 'leave' somewhere on the way");
}

function canLeave(from: string, rows: ReadonlyMap<string, Weights>): boolean {
  const reached = closure([from], (name) => withWeight(rows.get(name) ?? {}));
  return reached.has('leave') || [...reached].some((name) => sum(rows.get(name) ?? {}) <= 0);
}

/** Operations that a flash crowd comes for. */
function crowdStarts(arrivals: Arrivals): string[] {
  return arrivals.kind === 'flash-crowd' ? [...withWeight(arrivals.operations), ...crowdStarts(arrivals.base)] : [];
}

/** Everything that can be reached from `starts`, them included. */
function closure(starts: readonly string[], next: (name: string) => readonly string[]): Set<string> {
  const reached = new Set(starts);
  for (const name of reached) for (const after of next(name)) reached.add(after);
  return reached;
}
