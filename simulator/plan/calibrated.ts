import { type CalibratedValue, type Calibration, lawOf, machineInWords } from '../domain/calibration.ts';
import type { Problem } from '../domain/problem.ts';
import type { Scenario } from '../domain/scenario.ts';
import type { Parameter } from '../domain/sourced.ts';
import { parameterProblem } from './check-parameters.ts';
import { unknownName } from './unknown-name.ts';
import type { Measured } from './values.ts';

/** Fields of a component that may be measured. */
const DEMANDS = ['cpu_ms', 'io_ms'] as const;
type Demand = (typeof DEMANDS)[number];

/** The scenario with those measured numbers that are for this strategy: its own, and the others where it has none. */
export function measuredUnder(scenario: Scenario, strategy: string): Scenario {
  const { calibration } = scenario;
  if (calibration === undefined) return scenario;
  const own = calibration.values.filter((v) => v.strategy === strategy);
  const known = new Set(own.map(({ path }) => path));
  const others = calibration.values.filter((v) => v.strategy === undefined && !known.has(v.path));
  return { ...scenario, calibration: { ...calibration, values: [...others, ...own] } };
}

/** What a calibration says about the parts' numbers, each with its source. */
export function measuredOf(calibration: Calibration | undefined): Measured {
  if (calibration === undefined) return new Map();
  return new Map(calibration.values.map((v) => [v.path, parameterOf(v, calibration)]));
}

function parameterOf(v: CalibratedValue, { machine, taken_at }: Calibration): Parameter {
  const under = v.strategy === undefined ? '' : ` under ${v.strategy}`;
  const source = `measured by npm run calibrate on ${machineInWords(machine)}${under}, n = ${v.n}`;
  return { value: lawOf(v), unit: v.unit, source, date: taken_at.slice(0, 10), kind: 'measured' };
}

/** The scenario with the demands that were measured in place of its own; those of components that it does not have are left out. */
export function withDemands(scenario: Scenario): Scenario {
  const components = { ...scenario.application.components };
  for (const [, name, field, v] of demandsOf(scenario)) {
    const component = components[name];
    if (component !== undefined) components[name] = { ...component, [field]: lawOf(v) };
  }
  return { ...scenario, application: { ...scenario.application, components } };
}

/** Paths of demands that were measured and that this application has. */
export function demandPaths(scenario: Scenario): string[] {
  return demandsOf(scenario).map(([path]) => path);
}

function demandsOf({ calibration, application }: Scenario): [path: string, name: string, field: Demand, CalibratedValue][] {
  return (calibration?.values ?? []).flatMap((v): [string, string, Demand, CalibratedValue][] => {
    const [name, field] = demandIn(v.path) ?? [];
    if (name === undefined || field === undefined || !Object.hasOwn(application.components, name)) return [];
    return [[v.path, name, field, v]];
  });
}

function demandIn(path: string): [name: string, field: Demand] | undefined {
  const [, name, field] = /^application\.components\.(.+)\.([a-z_]+)$/.exec(path) ?? [];
  const known = DEMANDS.find((demand) => demand === field);
  return name === undefined || known === undefined ? undefined : [name, known];
}

/** Everything wrong with a calibration that its schema cannot tell: paths that no model has, and values that none can work with. */
export function calibrationProblems(calibration: Calibration): Problem[] {
  return calibration.values.flatMap((v, i) => {
    const where = `calibration.values.${i}`;
    if (v.path.startsWith('application.')) {
      if (demandIn(v.path) !== undefined) return [];
      const known = DEMANDS.map((demand) => `application.components.NAME.${demand}`);
      return [unknownName(`${where}.path`, { what: 'demand', name: v.path, known })];
    }
    const [kind, ...rest] = v.path.split('.');
    return parameterProblem(`${where} (${v.path})`, [kind ?? '', rest.at(-1) ?? ''], lawOf(v));
  });
}
