import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { nearest } from '../domain/nearest.ts';
import { InputError, type Problem } from '../domain/problem.ts';
import { type Report, ReportSchema } from '../domain/report.ts';
import { parseJsonText } from '../plan/load/json.ts';
import { problemsOfIssues } from '../plan/load/messages.ts';

const FILE_MAX = 400_000_000;
const SCHEMA = 'report@1';

/**
 * Reads a report that `scenario` wrote; keys that a later minor version added are passed over.
 *
 * Throws: InputError when it is missing, cut off, no report, or one of another major version.
 */
export function readReport(path: string): Report {
  const value = readJson(path);
  refuseOther(path, value);
  const first = ReportSchema.safeParse(value);
  if (first.success) return first.data;
  for (const issue of first.error.issues) if (issue.code === 'unrecognized_keys') dropKeys(value, issue.path, issue.keys);
  const second = ReportSchema.safeParse(value);
  if (second.success) return second.data;
  const problems = problemsOfIssues(second.error.issues, ReportSchema, value);
  throw new InputError(problems.map((problem) => ({ ...problem, path: `${path}: ${problem.path}` })));
}

/** Whether a file is a report rather than a scenario: by its first key, without reading it whole. */
export function looksLikeReport(path: string): boolean {
  if (!path.endsWith('.json') || !existsSync(path) || !statSync(path).isFile()) return false;
  return /"schema"\s*:\s*"report@/.test(readFileSync(path, 'utf8').slice(0, 1000));
}

function readJson(path: string): unknown {
  if (!existsSync(path)) throw missing(path);
  if (statSync(path).isDirectory()) {
    const inside = existsSync(join(path, 'report.json')) ? { suggestion: join(path, 'report.json') } : {};
    throw new InputError([{ path, message: 'is a folder', expected: 'a report.json', ...inside }]);
  }
  if (!statSync(path).isFile() || statSync(path).size > FILE_MAX)
    throw problem(path, 'is no file of at most 400 MB', 'a report.json');
  const parsed = parseJsonText(readFileSync(path, 'utf8'));
  if (!('problems' in parsed)) return parsed.value;
  throw new InputError(parsed.problems.map((one) => ({ ...one, ...cutOff(one.message), path: `${path}:${one.path}` })));
}

/** What a file that ends too early is told. */
function cutOff(message: string): Partial<Problem> {
  if (!/end of JSON|[Uu]nterminated|Expected /.test(message)) return { expected: 'a report in JSON' };
  return { message: `is cut off or damaged here: ${message}`, expected: 'a whole report.json; play the scenario again' };
}

function missing(path: string): InputError {
  const folder = dirname(path);
  const beside = existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder) : [];
  const near = nearest(basename(path), beside);
  const expected = 'a report.json, such as npm run scenario writes into reports/runs/';
  return new InputError([
    { path, message: 'there is no such file', expected, ...(near ? { suggestion: join(folder, near) } : {}) },
  ]);
}

/** Another kind of file, or a report whose meaning may be another. */
function refuseOther(path: string, value: unknown): void {
  const schema: unknown = typeof value === 'object' && value !== null && 'schema' in value ? value.schema : undefined;
  if (schema === SCHEMA) return;
  if (typeof schema !== 'string')
    throw problem(`${path}: schema`, 'is missing: this is no report', `"${SCHEMA}", as npm run scenario writes it`);
  const what = schema.startsWith('report@')
    ? `is ${schema}, of another major version`
    : `is ${schema.slice(0, 40)}, not a report`;
  throw problem(`${path}: schema`, what, `${SCHEMA}; play the scenario again with this version`);
}

function dropKeys(value: unknown, path: readonly PropertyKey[], keys: readonly string[]): void {
  const table = path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
  for (const key of keys) delete (table as Record<string, unknown>)[key];
}

function problem(path: string, message: string, expected: string): InputError {
  return new InputError([{ path, message, expected }]);
}
