import { InputError, type Problem, UnavailableError } from '../domain/problem.ts';
import { EXIT } from './exit-codes.ts';

const SHOWN_MAX = 50;
/** What a full disk is called by Node, and by PostgreSQL (`disk_full`). */
const DISK_FULL = ['ENOSPC', '53100'];

/** Says on standard error what went wrong and what to do, and gives the exit code for it. */
export function reportError(error: unknown): number {
  if (error instanceof InputError) {
    const { problems } = error;
    const more = problems.length > SHOWN_MAX ? [`... and ${problems.length - SHOWN_MAX} more`] : [];
    const head = problems.length === 1 ? 'The input has a problem:' : `The input has ${problems.length} problems:`;
    console.error([head, ...problems.slice(0, SHOWN_MAX).map((p) => `  ${lineOf(p)}`), ...more].join('\n'));
    return EXIT.input;
  }
  if (error instanceof UnavailableError) {
    console.error(error.message);
    return EXIT.unavailable;
  }
  if (error instanceof Error && DISK_FULL.includes((error as { code?: string }).code ?? '')) {
    console.error(`The disk is full: ${error.message}. Make room, or name another place: TMPDIR=FOLDER for what a run keeps.`);
    return EXIT.unavailable;
  }
  console.error('This is a fault of placement-lab, not of your input. Please report it with what follows:');
  console.error(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return EXIT.bug;
}

/** One problem in one line: where, what, what was expected, what was perhaps meant. */
export function lineOf(problem: Problem): string {
  const hints = [
    ...(problem.expected ? [`expected ${problem.expected}`] : []),
    ...(problem.suggestion ? [`did you mean ${problem.suggestion}?`] : []),
  ];
  return `${problem.path}: ${problem.message}${hints.length > 0 ? ` (${hints.join('; ')})` : ''}`;
}
