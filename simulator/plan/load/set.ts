import { z } from 'zod';
import { DistributionSchema } from '../../domain/distribution.ts';
import { nearest } from '../../domain/nearest.ts';
import type { Problem } from '../../domain/problem.ts';
import { ScenarioSchema } from '../../domain/scenario.ts';
import { PARAMETERS } from '../parameters/index.ts';
import { problemsOfIssues } from './messages.ts';
import { plainData } from './plain-data.ts';
import { below, belowAny, fieldsOf, isFreelyNamed, memberFor, type Schema } from './schema-at.ts';

type Tree = Record<string, unknown>;
type Changed = { value: unknown } | { problems: Problem[] };

const KINDS = Object.keys(PARAMETERS);

/**
 * Applies `PATH=VALUE` to a copy of a scenario.
 *
 * A path leads into the scenario (`application.components.moderation.memory_mb=512`), or, when it begins with the kind of a part, to a
 * parameter (`sqs.moderation.visibility_timeout_s=5`). VALUE is JSON; a bare word is text. What stands there keeps its type.
 */
export function setPath(scenario: unknown, assignment: string): Changed {
  const at = assignment.indexOf('=');
  const path = assignment.slice(0, Math.max(0, at)).trim();
  const text = assignment.slice(at + 1).trim();
  if (path === '' || text === '') {
    return refuse('--set', `is '${assignment.slice(0, 80)}'`, { expected: 'PATH=VALUE, such as sqs.visibility_timeout_s=5' });
  }
  const keys = path.split('.');
  if (keys.some((key) => ['__proto__', 'constructor', 'prototype', ''].includes(key)))
    return refuse(`--set ${path}`, 'this path is not allowed', { expected: 'names with dots between them' });
  const { value: copy, problems, isWhole } = plainData(scenario ?? {});
  if (!isWhole) return { problems };
  const value = valueFrom(text);
  const parameter = keys[0] === 'parameters' ? keys.slice(1) : keys;
  if (KINDS.includes(parameter[0] ?? '')) return assignParameter(copy as Tree, { path, name: parameter.join('.'), value });
  return assign(copy as Tree, { path, keys, value });
}

function assignParameter(whole: Tree, o: { path: string; name: string; value: unknown }): Changed {
  const wrong = wrongValue(DistributionSchema, o.value, `--set ${o.path}`);
  if (wrong.length > 0) return { problems: wrong };
  whole.parameters = { ...(whole.parameters as Tree | undefined), [o.name]: o.value };
  return { value: whole };
}

interface Place {
  table: Tree;
  schema: Schema | undefined;
}

/** Walks to the last table of the path, making those that may be left out, and puts the value there. */
function assign(whole: Tree, o: { path: string; keys: readonly string[]; value: unknown }): Changed {
  let place: Place = { table: whole, schema: ScenarioSchema };
  for (const [i, key] of o.keys.entries()) {
    const isLast = i === o.keys.length - 1;
    const schema = fieldAt(place, key, { keys: o.keys, i, value: isLast ? o.value : undefined });
    if (!schema) return unknown(o.keys.slice(0, i + 1), place);
    if (isLast) {
      const wrong = wrongValue(schema, o.value, `--set ${o.path}`);
      if (wrong.length > 0) return { problems: wrong };
      place.table[key] = o.value;
      return { value: whole };
    }
    if (!Object.hasOwn(place.table, key)) place.table[key] = {};
    const next = place.table[key];
    if (typeof next !== 'object' || next === null) return unknown(o.keys.slice(0, i + 2), { table: {}, schema: undefined });
    place = { table: next as Tree, schema };
  }
  return { value: whole };
}

/** The schema of one field of a place, when it is there or may be added. */
function fieldAt(place: Place, key: string, o: { keys: readonly string[]; i: number; value: unknown }): Schema | undefined {
  const { schema, table } = place;
  const member = schema && memberFor(schema, table);
  if (member && isFreelyNamed(member) && !Object.hasOwn(table, key) && !mayAdd(o.keys, o.i)) return undefined;
  if (Array.isArray(table) && !Object.hasOwn(table, key)) return undefined;
  const among = schema && belowAny(schema, key, o.value);
  return among && (!member || o.value !== undefined) ? among : member && below(member, key);
}

/** Overrides and options of controllers are there to be added; a new component or operation is not one number that changes. */
function mayAdd(keys: readonly string[], i: number): boolean {
  return keys[0] === 'overrides' || keys[i - 1] === 'options' || keys[0] === 'workload' || keys[i - 1] === 'attributes';
}

function wrongValue(schema: Schema, value: unknown, path: string): Problem[] {
  const parsed = z.safeParse(schema, value);
  if (parsed.success) return [];
  return problemsOfIssues(parsed.error.issues, schema, value).map((problem) => ({
    ...problem,
    path: problem.path === 'scenario' ? path : `${path}: ${problem.path}`,
  }));
}

function unknown(path: readonly string[], { table, schema }: Place): { problems: Problem[] } {
  const fields = fieldsOf(schema && memberFor(schema, table));
  const names = [...new Set([...fields, ...Object.keys(table)]), ...(path.length === 1 ? KINDS : [])];
  const suggestion = Array.isArray(table) ? undefined : nearest(path.at(-1) ?? '', names);
  const listed = names.length > 15 ? `${names.slice(0, 15).join(', ')}, ...` : names.join(', ');
  return refuse(`--set ${path.join('.')}`, 'there is no such field', {
    expected: names.length > 0 ? `one of ${listed}` : 'a shorter path: nothing is below',
    ...(suggestion ? { suggestion } : {}),
  });
}

function valueFrom(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

function refuse(path: string, message: string, hints: Pick<Problem, 'expected' | 'suggestion'>): { problems: Problem[] } {
  return { problems: [{ path, message, ...hints }] };
}
