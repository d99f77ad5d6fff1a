import { type Distribution, mean } from '../domain/distribution.ts';
import type { PartKind } from '../domain/plan.ts';
import type { Problem } from '../domain/problem.ts';
import type { Scenario } from '../domain/scenario.ts';
import { PARAMETERS } from './parameters/index.ts';
import { AT_LEAST, AT_MOST } from './parameters/limits.ts';
import { unknownName } from './unknown-name.ts';

/** Names that may stand in the middle of `kind.owner.name`. */
function ownersOf(kind: PartKind, { application }: Scenario): string[] {
  const components = Object.keys(application.components);
  const datasets = Object.keys(application.datasets);
  if (kind === 'gateway' || kind === 'account' || kind === 'host') return [kind];
  if (kind === 'postgres') return ['postgres'];
  if (kind === 'dynamodb' || kind === 's3') return datasets;
  if (kind === 'broker') return ['rabbitmq'];
  if (kind === 'sqs' || kind === 'sqs-fifo' || kind === 'rabbitmq')
    return [...new Set(Object.values(application.events).flatMap((event) => Object.keys(event.consumers)))];
  return components;
}

/** Everything wrong with the scenario's `parameters`: unknown names, and values that no model can work with. */
export function checkParameters(scenario: Scenario): Problem[] {
  return Object.entries(scenario.parameters).flatMap(([path, value]) => check(scenario, path, value));
}

function check(scenario: Scenario, path: string, value: Distribution): Problem[] {
  const where = `parameters.${path}`;
  const [kind, ...rest] = path.split('.') as [string, ...string[]];
  const problems = parameterProblem(where, [kind, rest.at(-1) ?? ''], value);
  if (!isKind(kind) || problems.length > 0) return problems;
  const owner = rest.slice(0, -1).join('.');
  const owners = ownersOf(kind, scenario);
  if (owner !== '' && !owners.includes(owner))
    return [unknownName(where, { what: `owner of a ${kind} part`, name: owner, known: owners })];
  return [];
}

/** What is wrong with a number as the parameter `name` of parts of a kind, whoever's it is. */
export function parameterProblem(where: string, [kind, name]: readonly [string, string], value: Distribution): Problem[] {
  if (!isKind(kind)) return [unknownName(where, { what: 'kind of part', name: kind, known: Object.keys(PARAMETERS) })];
  const known = Object.keys(PARAMETERS[kind]);
  if (!known.includes(name)) return [unknownName(where, { what: `parameter of ${kind}`, name, known })];
  return checkRange(where, `${kind}.${name}`, value);
}

function checkRange(where: string, name: string, value: Distribution): Problem[] {
  const least = AT_LEAST[name] ?? 0;
  const most = AT_MOST[name] ?? Number.MAX_VALUE;
  const typical = mean(value);
  if (typical >= least && typical <= most) return [];
  const expected = most === Number.MAX_VALUE ? `at least ${least}` : `${least} to ${most}`;
  return [{ path: where, message: `${typical} is out of range`, expected }];
}

function isKind(name: string): name is PartKind {
  return Object.hasOwn(PARAMETERS, name);
}
