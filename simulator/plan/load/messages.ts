import type { z } from 'zod';
import { nearest } from '../../domain/nearest.ts';
import type { Problem } from '../../domain/problem.ts';

type Issue = z.core.$ZodIssue;

const STEP_KEYS = ['call', 'publish', 'read', 'write', 'show', 'cached', 'parallel'];

/** Zod's findings in the words of the person who wrote the scenario. */
export function problemsOfIssues(issues: readonly Issue[], value: unknown): Problem[] {
  return issues.flatMap((issue) => problemOf(issue, value));
}

function problemOf(issue: Issue, value: unknown): Problem[] {
  const path = issue.path.join('.') || 'scenario';
  const found = at(value, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownField(path, key, found));
    case 'invalid_union':
      return [unionProblem(path, issue, found)];
    case 'invalid_type':
      return [
        { path, message: found === undefined ? 'is missing' : `is ${shown(found)}`, expected: articled(String(issue.expected)) },
      ];
    case 'invalid_value':
      return [{ path, message: `is ${shown(found)}`, ...choice(issue.values.map(String), String(found)) }];
    case 'too_small':
      return [
        {
          path,
          message: `is ${shown(found)}`,
          expected: bound(issue.origin, issue.inclusive === false ? 'more than' : 'at least', issue.minimum),
        },
      ];
    case 'too_big':
      return [
        {
          path,
          message: `is ${shown(found)}`,
          expected: bound(issue.origin, issue.inclusive === false ? 'less than' : 'at most', issue.maximum),
        },
      ];
    case 'invalid_key':
      return [
        {
          path,
          message: `the name ${shown(issue.path.at(-1))} is not allowed`,
          expected: issue.issues[0]?.message ?? 'another name',
        },
      ];
    case 'invalid_format':
      return [{ path, message: `is ${shown(found)}`, expected: issue.message }];
    default:
      return [{ path, message: `is ${shown(found)}`, expected: issue.message }];
  }
}

/** Fields that a person may have meant, for whatever stands beside the unknown one. */
const FIELDS = [
  ...[
    'schema',
    'name',
    'description',
    'application',
    'workload',
    'strategies',
    'controller',
    'overrides',
    'parameters',
    'objectives',
    'checks',
  ],
  ...[
    'warmup_s',
    'drain_s',
    'seeds',
    'full',
    'duration_s',
    'rate',
    'users',
    'objects',
    'components',
    'events',
    'datasets',
    'operations',
    'entities',
  ],
  ...[
    'cpu_ms',
    'gpu_ms',
    'io_ms',
    'memory_mb',
    'package_mb',
    'runtime',
    'stateful',
    'cache',
    'idempotent',
    'error_rate',
    'request_kb',
    'response_kb',
  ],
  ...[
    'steps',
    'consumers',
    'messages_per',
    'attribute',
    'each',
    'kb',
    'shape',
    'item_kb',
    'stored_gb',
    'requires',
    'creates',
    'timeout_ms',
  ],
  ...[
    'attempts',
    'count',
    'zipf',
    'attributes',
    'accepted',
    'shown_after',
    'arrivals',
    'process',
    'sessions',
    'think_ms',
    'start',
    'next',
  ],
  ...[
    'actions_max',
    'platform',
    'architecture',
    'provisioned',
    'reserved',
    'instance',
    'slots',
    'minimum',
    'maximum',
    'reserved_share',
  ],
  ...[
    'overflow',
    'batch_max',
    'batch_wait_ms',
    'channel',
    'store',
    'consistent_reads',
    'options',
    'optional',
    'conditional',
    'effect',
    'items',
  ],
  ...[
    'of',
    'consistent',
    'ttl_s',
    'otherwise',
    'kind',
    'points',
    'at_s',
    'factor',
    'rise_s',
    'hold_s',
    'fall_s',
    'object',
    'base',
    'file',
    'scale',
  ],
];

function unknownField(path: string, key: string, parent: unknown): Problem {
  const whole = path === 'scenario' ? key : `${path}.${key}`;
  const isFunction = typeof parent === 'object' && parent !== null && (parent as { platform?: unknown }).platform === 'function';
  if (isFunction && (key === 'instance' || /gpu|batch/.test(key))) {
    return {
      path: whole,
      message: 'functions have no GPU and no instance type',
      expected: "memory_mb, or the platform 'gpu' or 'server'",
    };
  }
  const suggestion = nearest(key, FIELDS);
  return { path: whole, message: `unknown field ${shown(key)}`, ...(suggestion && suggestion !== key ? { suggestion } : {}) };
}

/** Of the branches of a union, the one that the writer most likely meant says what is wrong. */
function unionProblem(path: string, issue: Extract<Issue, { code: 'invalid_union' }>, found: unknown): Problem {
  const isStep = /(steps|parallel|otherwise)\.\d+$/.test(path);
  if (isStep && typeof found === 'object' && found !== null) {
    const keys = Object.keys(found);
    const kind = keys.find((key) => STEP_KEYS.includes(key));
    const branch = issue.errors[STEP_KEYS.indexOf(kind ?? '')];
    const inner = branch?.[0];
    if (inner) return nested(path, inner, found);
    const suggestion = keys.map((key) => nearest(key, STEP_KEYS)).find((name) => name !== undefined);
    return {
      path,
      message: `is ${shown(found)}`,
      expected: `a step with one of ${STEP_KEYS.join(', ')}`,
      ...(suggestion ? { suggestion } : {}),
    };
  }
  const kind = typeof found === 'object' && found !== null ? (found as { kind?: unknown }).kind : undefined;
  if (issue.discriminator !== undefined)
    return { path, message: `is ${shown(found)}`, expected: `a known ${issue.discriminator}` };
  const close = issue.errors.filter((errors) => errors.every((e) => e.code !== 'invalid_type' || e.path.length > 0));
  const meant = close.find((errors) => errors.every((e) => !(e.code === 'invalid_value' && e.path[0] === 'kind')));
  const inner = kind !== undefined || close.length === 1 ? (meant ?? close[0])?.[0] : undefined;
  if (inner) return nested(path, inner, found);
  const isLaw = issue.errors.length >= 5;
  const expected = isLaw
    ? 'a number of at least 0, or a law: exponential, uniform, lognormal, pareto, quantiles'
    : 'another kind of value';
  return { path, message: `is ${shown(found)}`, expected };
}

function nested(path: string, inner: Issue, found: unknown): Problem {
  const [problem] = problemOf(inner, found);
  const below = inner.path.length > 0 || inner.code === 'unrecognized_keys' ? `.${problem?.path ?? ''}` : '';
  return { ...(problem ?? { message: 'is wrong' }), path: `${path}${below}` };
}

function choice(values: readonly string[], found: string): Pick<Problem, 'expected' | 'suggestion'> {
  const suggestion = nearest(found, values);
  const expected = values.length === 1 ? (values[0] ?? '') : `one of ${values.join(', ')}`;
  return suggestion && suggestion !== found ? { expected, suggestion } : { expected };
}

function bound(origin: string, words: string, limit: number | bigint): string {
  if (origin === 'string') return `${words} ${limit} characters`;
  return origin === 'array' ? `${words} ${limit} entries` : `a number of ${words} ${limit}`;
}

function articled(type: string): string {
  if (type === 'object' || type === 'record') return 'a table of fields';
  if (type === 'array' || type === 'tuple') return 'a list';
  return type === 'int' ? 'a whole number' : `a ${type}`;
}

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value;
  for (const key of path)
    found = typeof found === 'object' && found !== null ? (found as Record<PropertyKey, unknown>)[key] : undefined;
  return found;
}

/** A value in at most forty characters. */
export function shown(value: unknown): string {
  const text = typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
  return text.length > 40 ? `${text.slice(0, 37)}...` : text;
}
