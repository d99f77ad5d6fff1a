import { type Distribution, quantile, scaled } from '../domain/distribution.ts';
import type { Part, Plan, PlannedParameter } from '../domain/plan.ts';
import type { Scenario } from '../domain/scenario.ts';
import type { SensitivityRow } from '../domain/sensitivity.ts';
import { type DEMANDS, keyOf, type Variable } from './variables.ts';

/** One variable changed in one direction. `from` and `to` are those of the first of its places that changes. */
export interface Variation extends Pick<SensitivityRow, 'direction' | 'from' | 'to' | 'cut'> {
  variable: Variable;
  way: Way;
}

type Way = 'halved' | 'doubled';
const WAYS: readonly Way[] = ['halved', 'doubled'];

/** Unit of a number that is a switch. */
const SWITCH = '0 or 1';

/** Units of things that there are no halves of. */
const WHOLE = new Set(['connection', 'gateway', 'instance', 'message', 'receive', 'request', 'retry', 'row']);

/** Half and double of every variable, where its range leaves room for a change. */
export function variationsOf(variables: readonly Variable[]): Variation[] {
  return variables.flatMap((variable) =>
    WAYS.flatMap((way): Variation[] => {
      const changes = variable.members.flatMap(({ value }) => {
        const change = changed(value, { ...variable, way });
        return change === null ? [] : [{ from: value, ...change }];
      });
      const [first] = changes;
      if (first === undefined) return [];
      const direction = variable.unit === SWITCH ? 'switched' : way;
      return [{ variable, way, direction, from: first.from, to: first.to, cut: changes.some(({ cut }) => cut) }];
    }),
  );
}

/**
 * A value halved or doubled as a whole, no further than its typical value's range; null when that is no change.
 *
 * A switch takes its other value. Nothing cannot be doubled: the top of its range stands in.
 */
export function changed(
  value: Distribution,
  o: { unit: string; range?: readonly [number, number]; way: Way },
): { to: Distribution; cut: boolean } | null {
  const isMore = o.way === 'doubled';
  if (o.unit === SWITCH) return isMore === (value === 0) ? { to: value === 0 ? 1 : 0, cut: false } : null;
  const typical = quantile(value, 0.5);
  if (typical === 0)
    return isMore && typeof value === 'number' && o.range && o.range[1] > 0 ? { to: o.range[1], cut: true } : null;
  const wanted = isMore ? 2 : 0.5;
  const end = o.range === undefined ? wanted : o.range[isMore ? 1 : 0] / typical;
  const factor = isMore ? Math.max(1, Math.min(wanted, end)) : Math.min(1, Math.max(wanted, end));
  const exact = scaled(value, factor);
  const to = typeof exact === 'number' && WHOLE.has(o.unit) ? Math.round(exact) : exact;
  return factor === 1 || to === value ? null : { to, cut: factor !== wanted };
}

/** The scenario with one variation, for the strategy of `plan`: what is assumed may differ from strategy to strategy. */
export function varied(scenario: Scenario, variation: Variation, plan: Plan): Scenario {
  return variation.variable.what === 'demand' ? withDemand(scenario, variation) : withParameters(scenario, variation, plan);
}

function withDemand(scenario: Scenario, { variable, to }: Variation): Scenario {
  const { application } = scenario;
  const [component, field] = variable.key.split('.').slice(-2) as [string, (typeof DEMANDS)[number]];
  const components = { ...application.components };
  const its = components[component];
  if (its !== undefined) components[component] = { ...its, [field]: to };
  return { ...scenario, application: { ...application, components } };
}

/** Set part by part, since a number of one part wins over what its placement and sizing say, and touches no other part. */
function withParameters(scenario: Scenario, { variable, way }: Variation, plan: Plan): Scenario {
  const parameters = { ...scenario.parameters };
  for (const parameter of plan.parameters) {
    if (keyOf(parameter) !== variable.key || typeof parameter.value === 'string') continue;
    const change = changed(parameter.value, { ...variable, way });
    if (change !== null) for (const path of ownPaths(parameter, plan)) parameters[path] = change.to;
  }
  return { ...scenario, parameters };
}

/** `server.feed.boot_s` for each part that takes `server.boot_s` as its own. */
function ownPaths({ path }: PlannedParameter, plan: Plan): string[] {
  const [kind, ...rest] = path.split('.');
  if (rest.length > 1) return [path];
  const listed = new Set(plan.parameters.map((parameter) => parameter.path));
  const own = (part: Part) => `${kind}.${part.owner}.${rest[0]}`;
  return plan.parts.filter((part) => part.kind === kind && !listed.has(own(part))).map(own);
}
