import { type Baseline, BaselineSchema } from '../domain/baseline.ts';
import { InputError } from '../domain/problem.ts';
import { problemsOfIssues } from '../plan/load/messages.ts';
import { readJsonFile } from './read-json.ts';

const SCHEMA = 'baseline@1';
const WRITE_AGAIN = 'write it again: npm run gate NAME -- --update';

/**
 * Reads what `gate --update` wrote.
 *
 * Throws: InputError when it is missing, malformed, of another schema version, of another scenario, or of a newer release.
 */
export function readBaseline(path: string, o: { scenario: string; version: string }): Baseline {
  const value = readJsonFile(path, {
    what: 'a baseline',
    file: 'baseline',
    made: `npm run gate ${o.scenario} -- --update writes`,
  });
  const schema: unknown = (value as { schema?: unknown } | null)?.schema;
  if (schema !== SCHEMA) throw problem(`${path}: schema`, otherSchema(schema), `"${SCHEMA}"; ${WRITE_AGAIN}`);
  const version: unknown = (value as { version?: unknown }).version;
  // First of all, since a newer release may have added what this one does not know.
  if (typeof version === 'string' && isNewer(version, o.version)) {
    const message = `was written by placement-lab ${version.slice(0, 40)}, which is newer than this ${o.version}`;
    throw problem(`${path}: version`, message, 'that release, or a baseline that this one writes with --update');
  }
  const parsed = BaselineSchema.safeParse(value);
  if (!parsed.success) {
    const problems = problemsOfIssues(parsed.error.issues, BaselineSchema, value);
    throw new InputError(problems.map((one) => ({ ...one, path: `${path}: ${one.path}` })));
  }
  const { scenario } = parsed.data;
  if (scenario !== o.scenario)
    throw problem(
      `${path}: scenario`,
      `is of ${scenario}, not of ${o.scenario}`,
      `baselines/${o.scenario}.json, or --baseline FILE`,
    );
  return parsed.data;
}

function otherSchema(schema: unknown): string {
  if (typeof schema !== 'string') return 'is missing: this is no baseline';
  return schema.startsWith('baseline@')
    ? `is ${schema.slice(0, 40)}, of another version`
    : `is ${schema.slice(0, 40)}, not a baseline`;
}

/** Whether a release comes after another, by the numbers of semantic versions; what is no version is not newer. */
export function isNewer(version: string, than: string): boolean {
  const [a, b] = [version, than].map((text) => (/^\d+\.\d+\.\d+/.exec(text)?.[0] ?? '0.0.0').split('.').map(Number));
  const first = [0, 1, 2].find((i) => a?.[i] !== b?.[i]);
  return first !== undefined && (a?.[first] ?? 0) > (b?.[first] ?? 0);
}

function problem(path: string, message: string, expected: string): InputError {
  return new InputError([{ path, message, expected }]);
}
