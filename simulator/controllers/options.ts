import type { ControllerOptions } from '../domain/controller.ts';
import { nearest } from '../domain/nearest.ts';
import { InputError, type Problem } from '../domain/problem.ts';

/** What a numeric option may be. */
export interface Range {
  default: number;
  minimum: number;
  maximum: number;
}

/**
 * Numbers of a controller's options, defaults filled in.
 *
 * Throws: InputError with every unknown name, wrong type and value out of range.
 */
export function numbersOf<K extends string>(name: string, given: ControllerOptions, known: Record<K, Range>): Record<K, number> {
  const problems: Problem[] = [];
  const names = Object.keys(known) as K[];
  for (const key of Object.keys(given)) {
    if (names.includes(key as K)) continue;
    const suggestion = nearest(key, names);
    const expected = names.length > 0 ? `one of ${names.join(', ')}` : 'no options';
    problems.push({
      path: `controller.${name}.${key}`,
      message: 'unknown option',
      expected,
      ...(suggestion ? { suggestion } : {}),
    });
  }
  const values = Object.fromEntries(
    names.map((key) => {
      const range = known[key];
      const value = given[key] ?? range.default;
      const isGood = typeof value === 'number' && value >= range.minimum && value <= range.maximum;
      const expected = `a number from ${range.minimum} to ${range.maximum}`;
      if (!isGood) problems.push({ path: `controller.${name}.${key}`, message: `is ${JSON.stringify(value)}`, expected });
      return [key, value];
    }),
  );
  if (problems.length > 0) throw new InputError(problems);
  return values as Record<K, number>;
}

/** The defaults of a set of ranges, for the registry. */
export function defaultsOf(known: Readonly<Record<string, Range>>): ControllerOptions {
  return Object.fromEntries(Object.entries(known).map(([key, range]) => [key, range.default]));
}

/** `value` kept within the limits of the pool. */
export function within(o: { minimum: number; maximum: number }, value: number): number {
  return Math.max(o.minimum, Math.min(o.maximum, value));
}
