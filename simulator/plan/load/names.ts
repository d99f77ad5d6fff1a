import type { Step } from '../../domain/application.ts';
import { nearest } from '../../domain/nearest.ts';
import type { Problem } from '../../domain/problem.ts';
import type { Scenario } from '../../domain/scenario.ts';
import type { Arrivals } from '../../domain/workload.ts';

/** Names that exist outside the scenario, and how to tell that an objective does not parse. */
export interface Known {
  strategies: readonly string[];
  controllers: readonly string[];
  checks: readonly string[];
  objectiveProblem(text: string): string | undefined;
}

/** Collects names that nothing answers to. */
class Names {
  readonly problems: Problem[] = [];

  /** `name` must be among `known`. */
  need(path: string, what: string, o: { name: string; known: readonly string[] }): void {
    if (o.known.includes(o.name)) return;
    const suggestion = nearest(o.name, o.known);
    const listed = o.known.length > 12 ? `${o.known.slice(0, 12).join(', ')}, ...` : o.known.join(', ');
    const expected = o.known.length > 0 ? `one of ${listed}` : `a ${what} that exists; there is none`;
    this.problems.push({ path, message: `there is no ${what} '${o.name}'`, expected, ...(suggestion ? { suggestion } : {}) });
  }
}

/** Every name in the scenario that leads nowhere, with the nearest that does not. */
export function nameProblems(scenario: Scenario, known: Known): Problem[] {
  const names = new Names();
  applicationNames(scenario, names);
  workloadNames(scenario, names);
  scenario.strategies.forEach((s, i) => {
    if (typeof s === 'string') names.need(`strategies.${i}`, 'strategy', { name: s, known: known.strategies });
  });
  for (const [i, check] of scenario.checks.entries()) names.need(`checks.${i}`, 'check', { name: check, known: known.checks });
  const controllers: [string, { name: string } | undefined][] = [
    ['controller', scenario.controller],
    ...Object.entries(scenario.overrides.components).map(([name, place]): [string, { name: string } | undefined] => [
      `overrides.components.${name}.controller`,
      'controller' in place ? place.controller : undefined,
    ]),
  ];
  for (const [path, spec] of controllers)
    if (spec) names.need(`${path}.name`, 'controller', { name: spec.name, known: known.controllers });
  for (const kind of ['components', 'events', 'datasets'] as const) {
    const there = Object.keys(scenario.application[kind]);
    for (const name of Object.keys(scenario.overrides[kind]))
      names.need(`overrides.${kind}.${name}`, kind.slice(0, -1), { name, known: there });
  }
  scenario.objectives.forEach((text, i) => {
    const message = known.objectiveProblem(text);
    if (message !== undefined) names.problems.push({ path: `objectives.${i}`, message: `'${text}': ${message}` });
    const operations = Object.keys(scenario.application.operations);
    const words = text.trim().split(/\s+/);
    const first = words[0] ?? '';
    const isNamed = message === undefined && words.length >= 4 && !['<', '<=', '>', '>=', '=='].includes(words[1] ?? '');
    if (isNamed) names.need(`objectives.${i}`, 'operation', { name: first, known: operations });
  });
  return names.problems;
}

function applicationNames(scenario: Scenario, names: Names): void {
  const { application } = scenario;
  const operations = Object.keys(application.operations);
  const entities = Object.keys(application.entities);
  for (const [name, o] of Object.entries(application.operations)) {
    const path = `application.operations.${name}`;
    if (o.requires !== undefined) names.need(`${path}.requires`, 'operation', { name: o.requires, known: operations });
    if (o.creates !== undefined) names.need(`${path}.creates`, 'entity', { name: o.creates, known: entities });
    stepNames(scenario, names, { steps: o.steps, path: `${path}.steps` });
  }
  for (const [name, c] of Object.entries(application.components)) {
    stepNames(scenario, names, { steps: c.steps, path: `application.components.${name}.steps` });
  }
  for (const [event, { consumers }] of Object.entries(application.events)) {
    for (const [consumer, { messages_per }] of Object.entries(consumers)) {
      const path = `application.events.${event}.consumers.${consumer}`;
      names.need(path, 'component', { name: consumer, known: Object.keys(application.components) });
      const attributes = Object.keys(application.users.attributes);
      if (messages_per)
        names.need(`${path}.messages_per.attribute`, 'attribute of users', { name: messages_per.attribute, known: attributes });
    }
  }
}

function stepNames(scenario: Scenario, names: Names, o: { steps: readonly Step[]; path: string }): void {
  const { components, events, datasets, entities } = scenario.application;
  o.steps.forEach((step, i) => {
    const path = `${o.path}.${i}`;
    const need = (field: string, what: string, name: string, known: object) =>
      names.need(`${path}.${field}`, what, { name, known: Object.keys(known) });
    if ('call' in step) need('call', 'component', step.call, components);
    else if ('publish' in step) need('publish', 'event', step.publish, events);
    else if ('read' in step) need('read', 'dataset', step.read, datasets);
    else if ('write' in step) need('write', 'dataset', step.write, datasets);
    else if ('show' in step) need('show', 'entity', step.show, entities);
    else if ('parallel' in step) stepNames(scenario, names, { steps: step.parallel, path: `${path}.parallel` });
    else {
      need('cached', 'component', step.cached, components);
      stepNames(scenario, names, { steps: step.otherwise, path: `${path}.otherwise` });
    }
  });
}

function workloadNames(scenario: Scenario, names: Names): void {
  const operations = Object.keys(scenario.application.operations);
  const { sessions, arrivals } = scenario.workload;
  const needAll = (path: string, weights: Readonly<Record<string, number>>, extra: readonly string[]) => {
    for (const name of Object.keys(weights))
      names.need(`${path}.${name}`, 'operation', { name, known: [...operations, ...extra] });
  };
  needAll('workload.sessions.start', sessions.start, []);
  for (const [from, to] of Object.entries(sessions.next)) {
    names.need(`workload.sessions.next.${from}`, 'operation', { name: from, known: operations });
    needAll(`workload.sessions.next.${from}`, to, ['leave']);
  }
  let path = 'workload.arrivals';
  for (let shape: Arrivals | undefined = arrivals; shape?.kind === 'flash-crowd'; shape = shape.base) {
    needAll(`${path}.operations`, shape.operations, []);
    path += '.base';
  }
}
