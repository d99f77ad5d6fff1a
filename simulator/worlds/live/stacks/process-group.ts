import { existsSync, writeFileSync } from 'node:fs';
import { getPriority, setPriority } from 'node:os';
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

const FIRST = -10;
const BEHIND = 10;

/**
 * Lets the load driver run before the parts it measures: it needs little, and it must not wait for whatever they start.
 *
 * Where we may raise a process (root), the driver is raised; elsewhere everything else is lowered. Linux shares the CPU between sessions
 * first (autogroups) and looks at nice values only within one, and every part leads a session: so that group is told, too.
 *
 * Source: measured for this project, 2026-11-30, hello under all-functions on two cores: lateness p99 51 ms without it, 4.4 ms with it.
 */
export function prioritise(pid: number | undefined, isFirst: boolean): void {
  const nice = mayRaise() ? (isFirst ? FIRST : 0) : isFirst ? 0 : BEHIND;
  if (pid === undefined || nice === 0) return;
  try {
    setPriority(pid, nice);
    if (process.platform === 'linux') writeFileSync(`/proc/${pid}/autogroup`, String(nice), { flag: 'r+' });
  } catch {
    // It is gone already, or this kernel has no autogroups: then the order is as it was.
  }
}

const raise: { isAllowed?: boolean } = {};

/** Tries it on this process, since being root is not enough in a container. */
function mayRaise(): boolean {
  raise.isAllowed ??= attempt(() => {
    const before = getPriority();
    setPriority(before - 1);
    setPriority(before);
  });
  return raise.isAllowed;
}

function attempt(act: () => void): boolean {
  try {
    act();
    return true;
  } catch {
    return false;
  }
}
