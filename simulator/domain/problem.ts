/**
 * One thing that is wrong with an input, in the words of the person who wrote it.
 *
 * `path` leads to the value (`application.components.auth.cpu_ms`); `suggestion` is the nearest valid name.
 */
export interface Problem {
  readonly path: string;
  readonly message: string;
  readonly expected?: string;
  readonly suggestion?: string;
}

/** A bad input: every problem at once. The command line prints them and exits with 2. */
export class InputError extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super(problems.map((p) => `${p.path}: ${p.message}`).join('\n'));
    this.name = 'InputError';
    this.problems = problems;
  }
}

/** A needed part of the machine is not there (a program, a disk, a permission): exit code 3. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
}
