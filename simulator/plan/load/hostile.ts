import type { Problem } from '../../domain/problem.ts';

const DEPTH_MAX = 100;
const VALUES_MAX = 3_000_000;
const BANNED = ['__proto__', 'constructor', 'prototype'];

interface Visit {
  value: unknown;
  path: string;
  above: readonly object[];
}

/** What no scenario may contain, wherever it stands: prototype keys, endless nesting, numbers that are none, things that are not data. */
export function hostileParts(value: unknown): Problem[] {
  const problems: Problem[] = [];
  const open: Visit[] = [{ value, path: '', above: [] }];
  let count = 0;
  for (let next = open.pop(); next !== undefined && problems.length < 50; next = open.pop()) {
    if (++count > VALUES_MAX)
      return [...problems, { path: 'scenario', message: 'is too large', expected: 'at most 3,000,000 values' }];
    const problem = problemOf(next);
    if (problem !== undefined) problems.push({ path: next.path || 'scenario', ...problem });
    else if (typeof next.value === 'object' && next.value !== null) enter(next, next.value, { open, problems });
  }
  return problems;
}

function problemOf({ value, above }: Visit): Pick<Problem, 'message' | 'expected'> | undefined {
  if (typeof value === 'number' && !Number.isFinite(value)) return { message: `is ${value}`, expected: 'a finite number' };
  if (typeof value === 'function' || typeof value === 'symbol' || typeof value === 'bigint') {
    return { message: `is a ${typeof value}`, expected: 'plain data' };
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (above.includes(value)) return { message: 'contains itself', expected: 'plain data without circles' };
  if (above.length > DEPTH_MAX) return { message: 'is nested too deeply', expected: `at most ${DEPTH_MAX} levels` };
  return undefined;
}

function enter(from: Visit, found: object, into: { open: Visit[]; problems: Problem[] }): void {
  const above = [...from.above, found];
  for (const key of Object.getOwnPropertyNames(found)) {
    if (Array.isArray(found) && key === 'length') continue;
    const path = from.path === '' ? key : `${from.path}.${key}`;
    if (BANNED.includes(key)) into.problems.push({ path, message: 'this name is not allowed', expected: 'any other name' });
    else into.open.push({ value: (found as Record<string, unknown>)[key], path, above });
  }
}
