import { nearest } from '../../domain/nearest.ts';
import type { Problem } from '../../domain/problem.ts';
import { choicesOf, fieldsOf, memberFor, membersOf, type Schema, schemaAt } from './schema-at.ts';
import { type Issue, unfolded, valueAt } from './unfold.ts';

const UNITS: Readonly<Record<string, string>> = {
  ms: 'milliseconds',
  s: 'seconds',
  mb: 'megabytes',
  kb: 'kilobytes',
  gb: 'gigabytes',
};

/** Zod's findings about `value` in the words of the person who wrote it. */
export function problemsOfIssues(issues: readonly Issue[], root: Schema, value: unknown): Problem[] {
  return unfolded(issues, root, value).flatMap((issue) => problemsOf(issue, root, value));
}

function problemsOf(issue: Issue, root: Schema, value: unknown): Problem[] {
  const found = valueAt(value, issue.path);
  const schema = schemaAt(root, issue.path, value);
  const path = issue.path.join('.') || 'scenario';
  if (issue.code === 'unrecognized_keys') {
    const fields = fieldsOf(schema && memberFor(schema, found));
    return issue.keys.map((key) => unknownField(path === 'scenario' ? key : `${path}.${key}`, { key, fields, parent: found }));
  }
  return [{ path, message: found === undefined ? 'is missing' : `is ${shown(found)}`, ...hints(issue, { found, schema }) }];
}

type Hints = Pick<Problem, 'message' | 'expected' | 'suggestion'>;

function hints(issue: Issue, o: { found: unknown; schema: Schema | undefined }): Partial<Hints> {
  switch (issue.code) {
    case 'invalid_union':
      return unionHints(issue, o);
    case 'invalid_type':
      return {
        expected: (issue.expected === 'number' && plainNumber(issue.path.at(-1), o.found)) || sort(String(issue.expected)),
      };
    case 'invalid_value':
      return choice(issue.values.map(String), o.found);
    case 'too_small':
      return { expected: bound(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum) };
    case 'too_big':
      return { expected: bound(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum) };
    case 'invalid_key': {
      const message = `the name ${shown(issue.path.at(-1))} is not allowed`;
      return { message, expected: issue.issues[0]?.message ?? 'another name' };
    }
    default:
      return { expected: issue.message };
  }
}

function unionHints(issue: Issue, o: { found: unknown; schema: Schema | undefined }): Partial<Hints> {
  if ('options' in issue) return choice((issue.options as unknown[]).map(String), o.found);
  const members = membersOf(o.schema);
  if (members.includes('call')) {
    const written = typeof o.found === 'object' && o.found !== null ? Object.keys(o.found) : [];
    const suggestion = written.map((key) => nearest(key, members)).find((name) => name !== undefined);
    return { expected: `a step with one of ${members.join(', ')}`, ...(suggestion ? { suggestion } : {}) };
  }
  if (members.includes('lognormal')) {
    const number = plainNumber(issue.path.at(-1), o.found) ?? 'a number of at least 0';
    return { expected: `${number}, or a law: ${members.join(', ')}` };
  }
  const words = o.schema ? choicesOf(o.schema) : [];
  return { expected: words.length > 0 ? `one of ${words.join(', ')}` : 'another kind of value' };
}

/** A field that the table does not have; what a function cannot have is said as such. */
function unknownField(path: string, o: { key: string; fields: readonly string[]; parent: unknown }): Problem {
  const isFunction = (o.parent as { platform?: unknown } | undefined)?.platform === 'function';
  if (isFunction && (o.key === 'instance' || /gpu|batch/.test(o.key))) {
    const message = `functions have no GPU and no instance type: unknown field "${o.key}"`;
    return { path, message, expected: `one of ${o.fields.join(', ')}; or the platform gpu or server` };
  }
  const suggestion = nearest(o.key, o.fields);
  return {
    path,
    message: `unknown field ${shown(o.key)}`,
    expected: `one of ${o.fields.join(', ')}`,
    ...(suggestion ? { suggestion } : {}),
  };
}

/** `'5 s'` where a number belongs: the unit is in the name of the field. */
function plainNumber(key: PropertyKey | undefined, found: unknown): string | undefined {
  if (typeof found !== 'string' || !/^\s*[\d.]+\s*\S*$/.test(found)) return undefined;
  const field = String(key);
  const unit = UNITS[field.slice(field.lastIndexOf('_') + 1)];
  return unit ? `a plain number of ${unit}, as ${field} says` : 'a plain number, without quotes or unit';
}

function choice(values: readonly string[], found: unknown): Partial<Hints> {
  const suggestion = typeof found === 'string' ? nearest(found, values) : undefined;
  const expected = values.length === 1 ? (values[0] ?? '') : `one of ${values.join(', ')}`;
  return suggestion ? { expected, suggestion } : { expected };
}

function bound(origin: string, words: string, limit: number | bigint): string {
  if (origin === 'string') return `${words} ${limit} characters`;
  return origin === 'array' ? `${words} ${limit} entries` : `a number of ${words} ${limit}`;
}

function sort(type: string): string {
  if (type === 'object' || type === 'record') return 'a table of fields';
  if (type === 'array' || type === 'tuple') return 'a list';
  if (type === 'boolean') return 'true or false';
  return type === 'int' ? 'a whole number' : type === 'string' ? 'text' : `a ${type}`;
}

/** A value in at most forty characters. */
export function shown(value: unknown): string {
  const text = textOf(value);
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}

function textOf(value: unknown): string {
  if (typeof value !== 'string' && (typeof value !== 'object' || value === null)) return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    return 'something that is not plain data';
  }
}
