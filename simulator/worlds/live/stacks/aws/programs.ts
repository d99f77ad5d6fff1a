import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { UnavailableError } from '../../../../domain/problem.ts';
import type { RunningPart } from '../../contract.ts';
import { signalGroup } from '../process-group.ts';
import type { Listening } from '../stack.ts';

const LOG_LINES = 20;
const START_MS = 15_000;
/** How long a part may take to end by itself. */
const GRACE_MS = 3_000;

export interface StartedProgram {
  pid: number;
  /** The last lines that it said. */
  log(): string;
  stop(): Promise<void>;
  /** Rejects when it ends before it was told to; its handler is there already. */
  died: Promise<never>;
}

export interface Command {
  name: string;
  file: string;
  args: readonly string[];
  env: NodeJS.ProcessEnv;
}

/**
 * Starts a part in a process group of its own, so that Ctrl-C reaches the run first, which then ends its parts in order.
 *
 * It is told to end by the end of its standard input and by SIGTERM, and killed with all of its group if it does not.
 */
export function startCommand(command: Command): StartedProgram & { child: ChildProcess } {
  const { name, file, args, env } = command;
  const child = spawn(file, [...args], { env, stdio: ['pipe', 'pipe', 'pipe'], detached: true });
  const lines: string[] = [];
  const keep = (chunk: Buffer) => lines.splice(0, lines.push(...chunk.toString().trimEnd().split('\n')) - LOG_LINES);
  child.stderr.on('data', keep);
  child.stdout.on('data', keep);
  child.stdin.on('error', () => {});
  const log = () => lines.join('\n');
  const died = once(child, 'exit').then(
    ([code, signal]) => {
      throw new UnavailableError(`${name} ended (${signal ?? `exit ${code}`}); the last it said:\n${log() || '(nothing)'}`);
    },
    (error: Error) => {
      throw new UnavailableError(`${name} cannot be started: ${error.message}`);
    },
  );
  died.catch(() => {});
  const ended: { it?: Promise<void> } = {};
  const stop = () => {
    ended.it ??= end(child);
    return ended.it;
  };
  return { child, pid: child.pid ?? -1, log, stop, died };
}

/** Starts one of this project's programs, and waits until it says on which port it listens. */
export async function startProgram(name: string): Promise<RunningPart<Listening>> {
  const program = startCommand({ name, file: process.execPath, args: entryOf(name), env: process.env });
  try {
    const { port } = JSON.parse(await firstLine(program, name)) as { port: number };
    return { name, address: { port }, pids: [program.pid], log: program.log, stop: program.stop };
  } catch (error) {
    await program.stop();
    throw error;
  }
}

/** From source with tsx, from a bundle as it is. */
function entryOf(name: string): string[] {
  if (!import.meta.url.endsWith('.ts')) return [fileURLToPath(new URL(`./${name}.js`, import.meta.url))];
  return ['--import', 'tsx', fileURLToPath(new URL(`../../programs/${name}.ts`, import.meta.url))];
}

async function firstLine({ child, died, log }: ReturnType<typeof startCommand>, name: string): Promise<string> {
  const patience = new AbortController();
  const late = setTimeout(() => patience.abort(), START_MS);
  const said = (async () => {
    let text = '';
    while (!text.includes('\n'))
      text += (await once(child.stdout as NodeJS.ReadableStream, 'data', { signal: patience.signal }))[0];
    return text.slice(0, text.indexOf('\n'));
  })();
  try {
    return await Promise.race([said, died]);
  } catch (error) {
    if (!patience.signal.aborted) throw error;
    throw new UnavailableError(`${name} did not start within ${START_MS / 1000} s; the last it said:\n${log() || '(nothing)'}`);
  } finally {
    clearTimeout(late);
    said.catch(() => {});
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  const hard = setTimeout(() => signalGroup(child.pid, 'SIGKILL'), GRACE_MS);
  child.stdin?.end();
  signalGroup(child.pid, 'SIGTERM');
  await gone;
  clearTimeout(hard);
  signalGroup(child.pid, 'SIGKILL');
}
