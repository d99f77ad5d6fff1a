import type { Problem } from '../../domain/problem.ts';

const DEPTH_MAX = 100;
const VALUES_MAX = 3_000_000;
const NAMES_MAX = 10_000;
const PROBLEMS_MAX = 50;
const BANNED = ['__proto__', 'constructor', 'prototype'];

/** A copy of a value, without what no scenario may contain, and what that was. `isWhole`: nothing more is hidden behind the problems. */
export interface PlainData {
  value: unknown;
  problems: Problem[];
  isWhole: boolean;
}

class Copier {
  readonly problems: Problem[] = [];
  isWhole = true;
  private count = 0;
  private readonly above = new Set<object>();

  copy(value: unknown, path: string): unknown {
    if (!this.isWhole) return undefined;
    if (++this.count > VALUES_MAX) return this.stop('scenario', 'is too large', 'at most 3,000,000 values');
    if (typeof value === 'number' && !Number.isFinite(value)) this.note(path, `is ${value}`, 'a finite number');
    else if (['function', 'symbol', 'bigint'].includes(typeof value))
      return this.note(path, `is a ${typeof value}`, 'plain data');
    if (typeof value !== 'object' || value === null) return value;
    if (this.above.has(value)) return this.stop(path, 'contains itself', 'plain data without circles');
    if (this.above.size >= DEPTH_MAX) return this.stop(path, 'is nested too deeply', `at most ${DEPTH_MAX} levels`);
    this.above.add(value);
    const copied = Array.isArray(value) ? this.list(value, path) : this.table(value, path);
    this.above.delete(value);
    return copied;
  }

  private list(value: readonly unknown[], path: string): unknown[] {
    return Array.from(value, (item, i) => this.copy(item, `${path}.${i}`));
  }

  private table(value: object, path: string): unknown {
    const keys = Object.keys(value);
    const prototype: unknown = Object.getPrototypeOf(value);
    const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
    if (!isPlain) this.note(path, `is a ${value.constructor.name || 'class'}`, 'plain data');
    if (keys.length > NAMES_MAX) return this.stop(path, `has ${keys.length} names`, 'at most 10,000');
    const table: Record<string, unknown> = {};
    for (const key of keys) {
      const below = path === '' ? key : `${path}.${key}`;
      if (BANNED.includes(key)) this.note(below, 'this name is not allowed', 'any other name');
      else table[key] = this.copy((value as Record<string, unknown>)[key], below);
    }
    return table;
  }

  private note(path: string, message: string, expected: string): undefined {
    if (this.problems.length < PROBLEMS_MAX) this.problems.push({ path: path || 'scenario', message, expected });
  }

  private stop(path: string, message: string, expected: string): undefined {
    this.note(path, message, expected);
    this.isWhole = false;
  }
}

/**
 * Copies what a stranger gave, and says what is hostile in it: prototype keys, circles, endless nesting, numbers that are none, code.
 *
 * Later code can then walk the copy without care. `undefined` stays, as zod reads it as absent.
 */
export function plainData(value: unknown): PlainData {
  const copier = new Copier();
  const copy = copier.copy(value, '');
  return { value: copy, problems: copier.problems, isWhole: copier.isWhole };
}
