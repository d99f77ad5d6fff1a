import type { Distribution } from '../domain/distribution.ts';
import type { PartKind, Plan, PlannedParameter } from '../domain/plan.ts';
import type { Scenario } from '../domain/scenario.ts';
import { PARAMETERS } from './parameters/index.ts';
import { FROM_SCENARIO } from './values.ts';

/** A number that a comparison rests on without evidence: what the application demands, or what was assumed about parts. */
export interface Variable {
  what: 'demand' | 'assumption';
  /** Tells which parameters of a plan are this one; see `keyOf`. */
  key: string;
  name: string;
  unit: string;
  range?: readonly [number, number];
  /** Every place and value that it has in some plan. */
  members: { path: string; value: Distribution }[];
}

export const DEMANDS = ['cpu_ms', 'gpu_ms', 'io_ms'] as const;

/**
 * Everything there is to vary: the demands of the application's components, then assumed parameters of parts.
 *
 * A parameter that no plan lists is not among them; one that several paths share (by name, unit, source and default) is there once.
 */
export function variablesOf(scenario: Scenario, plans: readonly Plan[]): Variable[] {
  return [...demandsOf(scenario), ...assumptionsOf(plans)];
}

function demandsOf({ application }: Scenario): Variable[] {
  return Object.entries(application.components).flatMap(([component, its]) =>
    DEMANDS.flatMap((field): Variable[] => {
      const value = its[field];
      const path = `application.components.${component}.${field}`;
      if (value === undefined || value === 0) return [];
      return [{ what: 'demand', key: path, name: `${component} ${field}`, unit: 'ms', members: [{ path, value }] }];
    }),
  );
}

function assumptionsOf(plans: readonly Plan[]): Variable[] {
  const found = new Map<string, Variable & { strategies: Set<string> }>();
  for (const plan of plans) {
    for (const parameter of plan.parameters) {
      const assumption = assumptionIn(parameter);
      if (assumption === undefined) continue;
      const { key, range, member } = assumption;
      const made = {
        what: 'assumption' as const,
        key,
        name: '',
        unit: parameter.unit,
        range,
        members: [],
        strategies: new Set<string>(),
      };
      const variable = found.get(key) ?? made;
      found.set(key, variable);
      variable.strategies.add(plan.strategy);
      if (!variable.members.some(({ path, value }) => path === member.path && same(value, member.value)))
        variable.members.push(member);
    }
  }
  const sorted = [...found.values()].map((v) => ({ ...v, name: nameOf(v.members.map(({ path }) => path)) }));
  return sorted
    .sort((a, b) => compare(a.name, b.name) || compare(a.key, b.key))
    .map(({ strategies, ...variable }) => {
      const isShared = sorted.some((other) => other.key !== variable.key && other.name === variable.name);
      return isShared ? { ...variable, name: `${variable.name} (${[...strategies].join(', ')})` } : variable;
    });
}

/**
 * What makes a parameter an assumption that can be varied, if it is one.
 *
 * Decisions of a placement or of sizing have no range. What the scenario sets in place of an assumed default is still an assumption,
 * within the default's range.
 */
function assumptionIn(parameter: PlannedParameter) {
  const { path, value, unit, source, kind } = parameter;
  const name = path.split('.').at(-1) ?? '';
  const group = path.split('.')[0] ?? '';
  if (kind !== 'assumed' || typeof value === 'string' || !Object.hasOwn(PARAMETERS, group)) return undefined;
  const fallback = PARAMETERS[group as PartKind][name];
  const isOwn = source === FROM_SCENARIO;
  const range = isOwn ? fallback?.kind === 'assumed' && fallback.range : parameter.range;
  if (!range) return undefined;
  const shared = [name, unit, source, fallback?.value, range];
  return { key: isOwn ? path : JSON.stringify(shared), range, member: { path, value } };
}

/** The key of the variable that a parameter of a plan belongs to. */
export function keyOf(parameter: PlannedParameter): string | undefined {
  return assumptionIn(parameter)?.key;
}

/** `server.boot_s`, `server.*.slots`, `{function,server}.log_kb`. */
function nameOf(paths: readonly string[]): string {
  const [first = ''] = paths;
  if (new Set(paths).size === 1) return first;
  const kinds = [...new Set(paths.map((path) => path.split('.')[0]))];
  const name = first.split('.').at(-1);
  return kinds.length === 1 ? `${kinds[0]}.*.${name}` : `{${kinds.join(',')}}.${name}`;
}

function same(a: Distribution, b: Distribution): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
