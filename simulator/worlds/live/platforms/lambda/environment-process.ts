import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { leashed, prioritise } from '../../stacks/process-group.ts';

/** Share of a function's memory that Node may fill with old objects, and with new ones, as the service starts it. */
const OLD_SPACE = 0.9;
const NEW_SPACE = 0.05;

/** What a process is started with. */
export interface Start {
  /** The program that loads the handler and speaks the Runtime API. */
  program: string;
  folder: string;
  memoryMb: number;
  variables: Readonly<Record<string, string>>;
}

/**
 * Starts the Node of this machine as an execution environment, whatever the function's runtime is called.
 *
 * It lives in a process group of its own, ends when its standard input does, and on Linux, where setpriv is, the kernel ends it with this
 * process even if it never looks at its input again.
 */
export function startProcess({ program, folder, memoryMb, variables }: Start): ChildProcess {
  const spaces = [
    `--max-old-space-size=${Math.ceil(memoryMb * OLD_SPACE)}`,
    `--max-semi-space-size=${Math.max(1, Math.ceil(memoryMb * NEW_SPACE))}`,
  ];
  const [command, words] = leashed(process.execPath, [...spaces, program]);
  const env = { PATH: process.env.PATH ?? '', TZ: ':UTC', LANG: 'en_US.UTF-8', ...variables };
  const child = spawn(command, words, { cwd: folder, env, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  prioritise(child.pid, false);
  return child;
}

/** Only Linux tells it; elsewhere memory is not enforced, and the runtime says so. */
export const IS_MEMORY_ENFORCED = process.platform === 'linux';

/** The most memory that a process has held, MB; 0 where that is not known, or it is gone. */
export function peakMemoryMb(pid: number | undefined): number {
  if (!IS_MEMORY_ENFORCED || pid === undefined) return 0;
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
