import type { Step } from '../../domain/application.ts';
import type { Distribution } from '../../domain/distribution.ts';
import type { Problem } from '../../domain/problem.ts';
import { type Scenario, strategyName } from '../../domain/scenario.ts';
import type { Arrivals } from '../../domain/workload.ts';
import { misfits } from '../fit.ts';
import { orderOf } from '../order.ts';
import { traitsOf } from '../traits.ts';
import { chainProblems } from './chain.ts';
import { type Complain, complaints } from './complain.ts';
import { sizeProblems } from './size.ts';

const OPERATIONS_MAX = 32;
const EVENTS_MAX = 7;
const NESTING_MAX = 5;

/** Values that are each possible and together, in one place, are not. */
export function contradictions(scenario: Scenario): Problem[] {
  const { application, strategies, workload } = scenario;
  return complaints((complain) => {
    walkLaws(scenario, '', complain);
    for (const [name, o] of Object.entries(application.operations))
      walkSteps(o.steps, { path: `application.operations.${name}.steps`, depth: 0, complain });
    for (const [name, c] of Object.entries(application.components))
      walkSteps(c.steps, { path: `application.components.${name}.steps`, depth: 0, complain });
    arrivalProblems(workload.arrivals, 'workload.arrivals', complain);
    chainProblems(scenario, complain);
    const names = strategies.map(strategyName);
    names.forEach((name, i) => {
      if (names.indexOf(name) < i) complain(`strategies.${i}`, `${name} is there twice`, 'each strategy once');
    });
  });
}

/** Values in different places that do not go together; only worth saying when each of them is sound. */
export function tangles(scenario: Scenario, memory_bytes?: number): Problem[] {
  const { application, workload, warmup_s } = scenario;
  const counts = complaints((complain) => {
    const operations = Object.keys(application.operations).length;
    if (operations === 0) complain('application.operations', 'is empty', 'at least one operation');
    if (operations > OPERATIONS_MAX)
      complain('application.operations', `has ${operations}`, `at most ${OPERATIONS_MAX} operations`);
    const events = Object.keys(application.events).length;
    if (events > EVENTS_MAX) complain('application.events', `has ${events}`, `at most ${EVENTS_MAX} events`);
    if (warmup_s !== undefined && warmup_s >= workload.duration_s)
      complain('warmup_s', `is ${warmup_s}`, `less than the run of ${workload.duration_s} s`);
    crowdObjects(workload.arrivals, 'workload.arrivals', { count: application.objects.count, complain });
  });
  const circles = orderOf(application).problems;
  return [...counts, ...circles, ...sizeProblems(workload, { factor: 1, memory_bytes }), ...overrideMisfits(scenario)];
}

/** Overrides that put a component where it cannot run; rules of strategies are checked when a plan is compiled. */
function overrideMisfits({ application, overrides }: Scenario): Problem[] {
  const traits = traitsOf(application);
  return Object.entries(overrides.components).flatMap(([name, placement]) => {
    const component = Object.hasOwn(application.components, name) ? application.components[name] : undefined;
    const own = traits.get(name);
    const path = `overrides.components.${name}`;
    return component && own ? misfits(placement, { path, name, component, traits: own }) : [];
  });
}

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

function walkSteps(steps: readonly Step[], o: { path: string; depth: number; complain: Complain }): void {
  if (o.depth > NESTING_MAX) {
    o.complain(o.path, 'nests steps too deeply', `at most ${NESTING_MAX} levels in each other`);
    return;
  }
  steps.forEach((step, i) => {
    const depth = o.depth + 1;
    if ('parallel' in step) walkSteps(step.parallel, { ...o, depth, path: `${o.path}.${i}.parallel` });
    if ('cached' in step) walkSteps(step.otherwise, { ...o, depth, path: `${o.path}.${i}.otherwise` });
  });
}

function arrivalProblems(arrivals: Arrivals, path: string, complain: Complain): void {
  const rising = (field: string, points: readonly (readonly [number, number])[]) => {
    const at = points.findIndex(([t], i) => i > 0 && t <= (points[i - 1]?.[0] ?? 0));
    if (at > 0) complain(`${path}.${field}.${at}`, `is at ${points[at]?.[0]} s, after ${points[at - 1]?.[0]} s`, 'rising times');
  };
  if (arrivals.kind === 'ramp') rising('points', arrivals.points);
  if (arrivals.kind === 'step') rising('steps', arrivals.steps);
  if (arrivals.kind === 'daily' && arrivals.low > arrivals.high)
    complain(path, `has low ${arrivals.low} above high ${arrivals.high}`, 'low at most high');
  if (arrivals.kind === 'trace') {
    const points = arrivals.points ?? [];
    if (points.length < 2) complain(path, 'has no points', 'a file, or at least two points');
    else rising('points', points);
  }
  if (arrivals.kind !== 'flash-crowd') return;
  const weight = Object.values(arrivals.operations).reduce((s, w) => s + w, 0);
  if (weight <= 0) complain(`${path}.operations`, 'has no weight', 'at least one operation with a weight above 0');
  arrivalProblems(arrivals.base, `${path}.base`, complain);
}

function crowdObjects(arrivals: Arrivals, path: string, o: { count: number; complain: Complain }): void {
  if (arrivals.kind !== 'flash-crowd') return;
  if (arrivals.object >= o.count)
    o.complain(`${path}.object`, `is ${arrivals.object}`, `below the ${o.count} objects there are, counted from 0`);
  crowdObjects(arrivals.base, `${path}.base`, o);
}
