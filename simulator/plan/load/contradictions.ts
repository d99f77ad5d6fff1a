import { type Distribution, mean } from '../../domain/distribution.ts';
import type { Problem } from '../../domain/problem.ts';
import type { Scenario } from '../../domain/scenario.ts';
import type { Arrivals } from '../../domain/workload.ts';

const OPERATIONS_MAX = 32;
const EVENTS_MAX = 7;
const ACTIONS_MAX = 200_000_000;

/** Values that are each possible and together are not. */
export function contradictions(scenario: Scenario): Problem[] {
  const problems: Problem[] = [];
  const { application, workload } = scenario;
  const complain = (path: string, message: string, expected: string) => problems.push({ path, message, expected });
  walkLaws(scenario, '', complain);
  const operations = Object.keys(application.operations).length;
  if (operations > OPERATIONS_MAX)
    complain('application.operations', `has ${operations}`, `at most ${OPERATIONS_MAX} operations`);
  if (operations === 0) complain('application.operations', 'is empty', 'at least one operation');
  const events = Object.keys(application.events).length;
  if (events > EVENTS_MAX) complain('application.events', `has ${events}`, `at most ${EVENTS_MAX} events`);
  sessionProblems(scenario, complain);
  arrivalProblems(workload.arrivals, 'workload.arrivals', scenario, complain);
  const warmup = scenario.warmup_s;
  if (warmup !== undefined && warmup >= workload.duration_s)
    complain('warmup_s', `is ${warmup}`, `less than the run of ${workload.duration_s} s`);
  const actions = roughActions(workload.arrivals, workload.duration_s);
  if (actions > ACTIONS_MAX) {
    const expected = `at most ${ACTIONS_MAX.toLocaleString('en')} operations in a run; lower the rate or the duration`;
    complain(
      'workload',
      `asks for about ${Math.round(actions).toLocaleString('en')} operations, more than there is memory for`,
      expected,
    );
  }
  return problems;
}

type Complain = (path: string, message: string, expected: string) => void;

/** Checks every law wherever it stands. */
function walkLaws(value: unknown, path: string, complain: Complain): void {
  if (typeof value !== 'object' || value === null) return;
  const wrong = wrongLaw(value as Partial<Exclude<Distribution, number>>);
  if (wrong !== undefined) complain(path, ...wrong);
  for (const [key, below] of Object.entries(value)) {
    if (key !== 'points') walkLaws(below, path === '' ? key : `${path}.${key}`, complain);
  }
}

/** What a law says and what it should have said, if it contradicts itself. */
function wrongLaw(law: Partial<Exclude<Distribution, number>>): [message: string, expected: string] | undefined {
  const { min = 0, max = 0, p50 = 0, p99 = 0, cap = 0 } = law as Readonly<Record<string, number>>;
  if (law.kind === 'uniform' && min > max) return [`goes from ${min} to ${max}`, 'min at most max'];
  if (law.kind === 'lognormal' && p99 < p50) return [`has p99 ${p99} below p50 ${p50}`, 'p99 at least p50'];
  if (law.kind === 'pareto' && cap < min) return [`has cap ${cap} below min ${min}`, 'cap at least min'];
  if (law.kind !== 'quantiles' || law.points === undefined) return undefined;
  const isRising = law.points.every(([p, v], i, all) => {
    const before = all[i - 1];
    return before === undefined || (p > before[0] && v >= before[1]);
  });
  return isRising ? undefined : ['has points that do not rise', 'rising shares with values that do not fall'];
}

function sessionProblems(scenario: Scenario, complain: Complain): void {
  const { sessions } = scenario.workload;
  const sum = (weights: Readonly<Record<string, number>>) => Object.values(weights).reduce((s, w) => s + w, 0);
  if (sum(sessions.start) <= 0)
    complain('workload.sessions.start', 'has no weight', 'at least one operation with a weight above 0');
  for (const [from, to] of Object.entries(sessions.next)) {
    if (Object.keys(to).length > 0 && sum(to) <= 0)
      complain(`workload.sessions.next.${from}`, 'has no weight', 'at least one weight above 0');
  }
  const leaves = Object.keys(scenario.application.operations).some((o) => {
    const to = sessions.next[o];
    return to === undefined || sum(to) === 0 || (to.leave ?? 0) > 0;
  });
  if (!leaves) complain('workload.sessions.next', 'never lets a session end', "a weight for 'leave' somewhere");
  if (mean(sessions.think_ms) > 86_400_000) complain('workload.sessions.think_ms', 'is above a day in the mean', 'at most a day');
}

function arrivalProblems(arrivals: Arrivals, path: string, scenario: Scenario, complain: Complain): void {
  const rising = (points: readonly (readonly [number, number])[]) =>
    points.every(([t], i) => i === 0 || t > (points[i - 1]?.[0] ?? 0));
  if (arrivals.kind === 'ramp' && !rising(arrivals.points)) complain(`${path}.points`, 'go back in time', 'rising times');
  if (arrivals.kind === 'step' && !rising(arrivals.steps)) complain(`${path}.steps`, 'go back in time', 'rising times');
  if (arrivals.kind === 'daily' && arrivals.low > arrivals.high)
    complain(path, `has low ${arrivals.low} above high ${arrivals.high}`, 'low at most high');
  if (arrivals.kind === 'trace') {
    const points = arrivals.points ?? [];
    if (points.length < 2) complain(path, 'has no points', 'a file, or at least two points');
    else if (!rising(points)) complain(`${path}.points`, 'go back in time', 'rising times');
  }
  if (arrivals.kind !== 'flash-crowd') return;
  const { count } = scenario.application.objects;
  if (arrivals.object >= count) complain(`${path}.object`, `is ${arrivals.object}`, `below the ${count} objects there are`);
  const weight = Object.values(arrivals.operations).reduce((s, w) => s + w, 0);
  if (weight <= 0) complain(`${path}.operations`, 'has no weight', 'at least one operation with a weight above 0');
  arrivalProblems(arrivals.base, `${path}.base`, scenario, complain);
}

/** Operations of a run, not less than there will be. */
function roughActions(arrivals: Arrivals, duration_s: number): number {
  switch (arrivals.kind) {
    case 'constant':
      return arrivals.rate * duration_s;
    case 'ramp':
      return Math.max(0, ...arrivals.points.map(([, rate]) => rate)) * duration_s;
    case 'step':
      return Math.max(0, ...arrivals.steps.map(([, rate]) => rate)) * duration_s;
    case 'daily':
      return ((arrivals.low + arrivals.high) / 2) * duration_s;
    case 'on-off':
      return ((arrivals.on * arrivals.on_s + arrivals.off * arrivals.off_s) / (arrivals.on_s + arrivals.off_s)) * duration_s;
    case 'trace':
      return (arrivals.points ?? []).reduce((most, [, v]) => Math.max(most, v), 0) * arrivals.scale * duration_s;
    case 'flash-crowd': {
      const crowd_s = Math.min(duration_s, arrivals.rise_s + arrivals.hold_s + arrivals.fall_s);
      return roughActions(arrivals.base, duration_s) * (1 + ((arrivals.factor - 1) * crowd_s) / duration_s);
    }
  }
}
