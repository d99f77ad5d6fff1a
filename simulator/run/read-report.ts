import { existsSync, readFileSync, statSync } from 'node:fs';
import { InputError } from '../domain/problem.ts';
import { type Report, ReportSchema } from '../domain/report.ts';
import { problemsOfIssues } from '../plan/load/messages.ts';
import { readJsonFile } from './read-json.ts';

const SCHEMA = 'report@1';

/**
 * Reads a report that `scenario` wrote; keys that a later minor version added are passed over.
 *
 * Throws: InputError when it is missing, cut off, no report, or one of another major version.
 */
export function readReport(path: string): Report {
  return reportOf(
    readJsonFile(path, { what: 'a report', file: 'report.json', made: 'npm run scenario writes into reports/runs/' }),
    path,
  );
}

/** The report that a value is, however it came here; `path` says in messages from where. Throws: InputError. */
export function reportOf(value: unknown, path: string): Report {
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
