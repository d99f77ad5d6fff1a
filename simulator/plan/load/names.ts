import type { Stock } from '../../domain/application.ts';
import type { ControllerSpec } from '../../domain/placement.ts';
import type { PlannedEffect, PlannedEntity } from '../../domain/plan.ts';
import type { Problem } from '../../domain/problem.ts';
import type { Scenario } from '../../domain/scenario.ts';
import type { Arrivals } from '../../domain/workload.ts';
import { checkFaults } from '../check-faults.ts';
import { checkParameters } from '../check-parameters.ts';
import { checkEffects, effectsOf, entitiesOf } from '../effects.ts';
import { unknownOverrides } from '../place.ts';
import { checkNames, numbered } from '../programs.ts';
import { checkUndoing } from '../undoing.ts';
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
  /** Controllers whose options can be chosen on a history. */
  tunable?: readonly string[];
  /** Whether a check says anything about an application with these effects. */
  isMeant?(check: string, subject: Subject): boolean;
  objectiveProblem(text: string, names: ObjectiveNames): string | undefined;
  memory_bytes?: number;
}

/** What an application says about itself, as checks read it. */
interface Subject {
  entities: readonly PlannedEntity[];
  effects: readonly PlannedEffect[];
  datasets: readonly { name: string; stock?: Stock }[];
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
    ...checkUndoing(application),
    ...unknown(attributesUsed(scenario), Object.keys(application.users.attributes)),
    ...unknown(operationsUsed(scenario), Object.keys(application.operations)),
    ...unknown(strategiesUsed(scenario), [...ownStrategies(scenario), ...known.strategies]),
    ...unknown(controllersUsed(scenario), known.controllers),
    ...unknown(
      scenario.checks.map((name, i) => ({ path: `checks.${i}`, what: 'check', name })),
      known.checks,
    ),
    ...(['components', 'events', 'datasets'] as const).flatMap((kind) =>
      unknownOverrides(kind, overrides[kind], Object.keys(application[kind])),
    ),
    ...tunedProblems(scenario, known.tunable ?? []),
    ...idleChecks(scenario, known),
    ...checkParameters(scenario),
    ...checkFaults(scenario),
    ...objectiveProblems(scenario, known),
  ];
}

/** Controllers that are to be tuned where there is nothing to tune them on, or nothing about them to tune. */
function tunedProblems(scenario: Scenario, tunable: readonly string[]): Problem[] {
  const expected = `one of ${tunable.join(', ')}`;
  return controllersUsed(scenario).flatMap(({ path, name, isTuned }): Problem[] => {
    if (!isTuned) return [];
    const at = path.replace(/name$/, 'tuned');
    if (scenario.history === undefined)
      return [{ path: at, message: 'has no history to be tuned on', expected: "the scenario's `history: { days: 7 }`" }];
    return tunable.includes(name) ? [] : [{ path: at, message: `${name} has nothing that is tuned`, expected }];
  });
}

/** Checks and objectives that would hold whatever happened, because the application does not say what they look at. */
function idleChecks({ application, checks, objectives }: Scenario, known: Known): Problem[] {
  const effects = effectsOf(application);
  const entities = entitiesOf(application, numbered(effects.map((effect) => effect.name)));
  const datasets = Object.entries(application.datasets).map(([name, { stock }]) => ({ name, ...(stock ? { stock } : {}) }));
  const isIdle = (name: string) =>
    known.checks.includes(name) && known.isMeant?.(name, { entities, effects, datasets }) === false;
  const uses = [
    ...checks.map((name, i) => ({ path: `checks.${i}`, name })),
    ...objectives.map((text, i) => ({ path: `objectives.${i}`, name: text.split(/[\s<>=]+/)[0] ?? '' })),
  ];
  const expected = 'a stock that some write takes from, or what an entity has reserved and charged: else leave it out';
  return uses
    .filter(({ name }) => isIdle(name))
    .map(({ path, name }) => ({ path, message: `${name} has nothing to look at in this application`, expected }));
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
  return strategies.flatMap((entry, i) => {
    if (typeof entry === 'string') return [{ path: `strategies.${i}`, what: 'strategy', name: entry }];
    return 'strategy' in entry ? [{ path: `strategies.${i}.strategy`, what: 'strategy', name: entry.strategy }] : [];
  });
}

/** Strategies that are written in the scenario: entries under a controller may name them. */
function ownStrategies({ strategies }: Scenario): string[] {
  return strategies.flatMap((entry) => (typeof entry === 'object' && !('strategy' in entry) ? [entry.name] : []));
}

function controllersUsed({ controller, strategies, overrides }: Scenario): (Use & { isTuned: boolean })[] {
  const uses: (Use & { isTuned: boolean })[] = [];
  const add = (path: string, holder: object & { controller?: ControllerSpec | undefined }) => {
    const { name, tuned } = holder.controller ?? {};
    if (name !== undefined) uses.push({ path: `${path}controller.name`, what: 'controller', name, isTuned: tuned === true });
  };
  add('', { controller });
  for (const [name, placement] of Object.entries(overrides.components)) add(`overrides.components.${name}.`, placement);
  strategies.forEach((strategy, i) => {
    if (typeof strategy === 'string') return;
    add(`strategies.${i}.`, strategy);
    if ('strategy' in strategy) return;
    strategy.components.forEach(({ place }, j) => {
      add(`strategies.${i}.components.${j}.place.`, place);
    });
  });
  return uses;
}
