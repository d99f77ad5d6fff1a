import type { ControllerSpec } from '../../domain/placement.ts';
import type { Problem } from '../../domain/problem.ts';
import type { Scenario } from '../../domain/scenario.ts';
import type { Arrivals } from '../../domain/workload.ts';
import { checkFaults } from '../check-faults.ts';
import { checkParameters } from '../check-parameters.ts';
import { checkEffects } from '../effects.ts';
import { unknownOverrides } from '../place.ts';
import { checkNames } from '../programs.ts';
import { unknownName } from '../unknown-name.ts';

/** Names that an objective may use, for whoever parses it. */
export interface ObjectiveNames {
  operations: readonly string[];
  lags: readonly string[];
  checks: readonly string[];
}

/** Names that exist outside the scenario, how to tell what is wrong with an objective, and how much memory there is. */
export interface Known {
  strategies: readonly string[];
  controllers: readonly string[];
  checks: readonly string[];
  objectiveProblem(text: string, names: ObjectiveNames): string | undefined;
  memory_bytes?: number;
}

interface Use {
  path: string;
  what: string;
  name: string;
}

/** Every name in the scenario that leads nowhere, with the nearest that does not. */
export function nameProblems(scenario: Scenario, known: Known): Problem[] {
  const { application, overrides } = scenario;
  const unknown = (uses: readonly Use[], names: readonly string[]) =>
    uses.filter(({ name }) => !names.includes(name)).map((use) => unknownName(use.path, { ...use, known: names }));
  return [
    ...checkNames(application),
    ...checkEffects(application),
    ...unknown(attributesUsed(scenario), Object.keys(application.users.attributes)),
    ...unknown(operationsUsed(scenario), Object.keys(application.operations)),
    ...unknown(strategiesUsed(scenario), known.strategies),
    ...unknown(controllersUsed(scenario), known.controllers),
    ...unknown(
      scenario.checks.map((name, i) => ({ path: `checks.${i}`, what: 'check', name })),
      known.checks,
    ),
    ...(['components', 'events', 'datasets'] as const).flatMap((kind) =>
      unknownOverrides(kind, overrides[kind], Object.keys(application[kind])),
    ),
    ...checkParameters(scenario),
    ...checkFaults(scenario),
    ...objectiveProblems(scenario, known),
  ];
}

function objectiveProblems({ application, objectives }: Scenario, known: Known): Problem[] {
  const { operations, events } = application;
  const consumers = Object.values(events).flatMap((event) => Object.keys(event.consumers));
  const lags = [...new Set([...Object.keys(events), ...consumers])];
  return objectives.flatMap((text, i) => {
    const message = known.objectiveProblem(text, { operations: Object.keys(operations), lags, checks: known.checks });
    return message === undefined ? [] : [{ path: `objectives.${i}`, message: `'${text}': ${message}` }];
  });
}

function attributesUsed({ application }: Scenario): Use[] {
  return Object.entries(application.events).flatMap(([event, { consumers }]) =>
    Object.entries(consumers).flatMap(([consumer, { messages_per }]): Use[] => {
      const path = `application.events.${event}.consumers.${consumer}.messages_per.attribute`;
      return messages_per ? [{ path, what: 'attribute of users', name: messages_per.attribute }] : [];
    }),
  );
}

function operationsUsed({ workload }: Scenario): Use[] {
  const uses: Use[] = [];
  const add = (path: string, weights: object) => {
    for (const name of Object.keys(weights)) uses.push({ path: `${path}.${name}`, what: 'operation', name });
  };
  add('workload.sessions.start', workload.sessions.start);
  add('workload.sessions.next', workload.sessions.next);
  for (const [from, { leave, ...to }] of Object.entries(workload.sessions.next)) add(`workload.sessions.next.${from}`, to);
  let path = 'workload.arrivals';
  for (let shape: Arrivals = workload.arrivals; shape.kind === 'flash-crowd'; shape = shape.base) {
    add(`${path}.operations`, shape.operations);
    path += '.base';
  }
  return uses;
}

function strategiesUsed({ strategies }: Scenario): Use[] {
  return strategies.flatMap((name, i) => (typeof name === 'string' ? [{ path: `strategies.${i}`, what: 'strategy', name }] : []));
}

function controllersUsed({ controller, strategies, overrides }: Scenario): Use[] {
  const uses: Use[] = [];
  const add = (path: string, holder: object & { controller?: ControllerSpec | undefined }) => {
    if (holder.controller) uses.push({ path: `${path}controller.name`, what: 'controller', name: holder.controller.name });
  };
  add('', { controller });
  for (const [name, placement] of Object.entries(overrides.components)) add(`overrides.components.${name}.`, placement);
  strategies.forEach((strategy, i) => {
    if (typeof strategy === 'string') return;
    add(`strategies.${i}.`, strategy);
    strategy.components.forEach(({ place }, j) => {
      add(`strategies.${i}.components.${j}.place.`, place);
    });
  });
  return uses;
}
