import type { Problem } from '../../domain/problem.ts';

/** Writes down one thing that is wrong. */
export type Complain = (path: string, message: string, expected: string) => void;

/** Everything that `check` complains about. */
export function complaints(check: (complain: Complain) => void): Problem[] {
  const problems: Problem[] = [];
  check((path, message, expected) => problems.push({ path, message, expected }));
  return problems;
}
