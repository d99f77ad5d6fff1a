import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { findProgram } from './find-program.ts';

const SETPRIV = process.platform === 'linux' ? findProgram('setpriv') : undefined;

/**
 * How to start a program so that, on Linux where setpriv is, the kernel ends it with this process, however that went.
 *
 * A path where nothing is stays as it is, so that the message is about it and not about setpriv.
 */
export function leashed(command: string, args: readonly string[], signal: 'KILL' | 'QUIT' = 'KILL'): [string, string[]] {
  const isMissing = isAbsolute(command) && !existsSync(command);
  return SETPRIV === undefined || isMissing ? [command, [...args]] : [SETPRIV, ['--pdeathsig', signal, '--', command, ...args]];
}

/** Signals a process that leads its group, and all that it has started; what is gone already needs none. */
export function signalGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
