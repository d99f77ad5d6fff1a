import { nearest } from '../../domain/nearest.ts';
import type { Problem } from '../../domain/problem.ts';
import { ScenarioSchema } from '../../domain/scenario.ts';
import { shown } from './messages.ts';

const PART_KINDS = ['gateway', 'account', 'edge', 'function', 'server', 'gpu', 'sqs', 'postgres', 'dynamodb', 's3'];

type Tree = Record<string, unknown>;

/**
 * Applies `PATH=VALUE` to a copy of a scenario.
 *
 * A path leads into the scenario (`application.components.moderation.memory_mb=512`), or, when it begins with the kind of a part, to a
 * parameter (`sqs.moderation.visibility_timeout_s=5`). VALUE is JSON; a bare word is text. A number cannot become a word.
 */
export function setPath(scenario: unknown, assignment: string): { value: unknown } | { problems: Problem[] } {
  const [, path, text] = /^([^=]+)=(.*)$/s.exec(assignment) ?? [];
  if (path === undefined || text === undefined || text === '') {
    return refuse('--set', `is '${assignment}'`, { expected: 'PATH=VALUE, such as sqs.visibility_timeout_s=5' });
  }
  const keys = path.trim().split('.');
  if (keys.some((key) => ['__proto__', 'constructor', 'prototype', ''].includes(key)))
    return refuse(`--set ${path}`, 'this path is not allowed', {});
  const value = valueFrom(text);
  const copy = JSON.parse(JSON.stringify(scenario ?? {})) as Tree;
  if (PART_KINDS.includes(keys[0] as string)) {
    copy.parameters = { ...(copy.parameters as Tree | undefined), [path.trim()]: value };
    return { value: copy };
  }
  // Defaults are filled in first, so that a field that the file leaves out can be set.
  const parsed = ScenarioSchema.safeParse(copy);
  const whole = (parsed.success ? JSON.parse(JSON.stringify(parsed.data)) : copy) as Tree;
  return assign(whole, keys, value);
}

function assign(whole: Tree, keys: readonly string[], value: unknown): { value: unknown } | { problems: Problem[] } {
  let place: Tree = whole;
  for (const [i, key] of keys.entries()) {
    const isLast = i === keys.length - 1;
    if (!Object.hasOwn(place, key) && !(isLast && OPTIONAL.includes(key))) return unknown(keys.slice(0, i + 1), place);
    if (isLast) {
      const before = place[key];
      const isChanged = before !== undefined && before !== null && typeof before !== typeof value && !bothLaws(before, value);
      if (isChanged)
        return refuse(`--set ${keys.join('.')}`, `would turn ${shown(before)} into ${shown(value)}`, {
          expected: `a ${typeof before}`,
        });
      place[key] = value;
      return { value: whole };
    }
    const below = place[key];
    if (typeof below !== 'object' || below === null) return unknown(keys.slice(0, i + 2), {});
    place = below as Tree;
  }
  return { value: whole };
}

/** Fields that may be absent and then be set. */
const OPTIONAL = [
  'warmup_s',
  'gpu_ms',
  'requires',
  'creates',
  'controller',
  'messages_per',
  'minimum',
  'maximum',
  'slots',
  'overflow',
  'reserved',
];

/** A number may become a law and the other way round. */
function bothLaws(a: unknown, b: unknown): boolean {
  const isLaw = (x: unknown) => typeof x === 'number' || (typeof x === 'object' && x !== null && 'kind' in x);
  return isLaw(a) && isLaw(b);
}

function unknown(path: readonly string[], place: Tree): { problems: Problem[] } {
  const names = [...Object.keys(place), ...(path.length === 1 ? PART_KINDS : [])];
  const suggestion = nearest(path.at(-1) ?? '', names);
  const listed = names.length > 15 ? `${names.slice(0, 15).join(', ')}, ...` : names.join(', ');
  return refuse(`--set ${path.join('.')}`, 'there is no such field', {
    ...(names.length > 0 ? { expected: `one of ${listed}` } : {}),
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
