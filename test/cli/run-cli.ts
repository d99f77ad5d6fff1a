import { type SpawnOptions, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { inject, vi } from 'vitest';
import { runCommandLine } from '../../simulator/cli/command-line.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCE = ['--import', fileURLToPath(import.meta.resolve('tsx')), `${ROOT}/simulator/cli.ts`];

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

export interface RunOptions {
  env?: Record<string, string>;
  cwd?: string;
  /** A file to write standard output to. */
  stdout?: number;
  /** Nobody reads standard output. */
  isDeaf?: boolean;
  /** Runs the sources under tsx, as `npm run` does, and not the bundle: for what the published package has not. */
  isFromSource?: boolean;
  /** Gets the running child whenever it has said something on standard error. */
  after?: (child: ReturnType<typeof spawn>) => void;
}

/** Starts the command line with a clean environment. */
export function runCli(words: readonly string[], o: RunOptions = {}): Promise<Ended> {
  const env: Record<string, string> = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/tmp', ...o.env };
  const options: SpawnOptions = { cwd: o.cwd ?? ROOT, env, stdio: ['ignore', o.stdout ?? 'pipe', 'pipe'] };
  const child = spawn(process.execPath, [...(o.isFromSource ? SOURCE : [inject('cli')]), ...words], options);
  if (o.isDeaf) child.stdout?.destroy();
  return new Promise((resolve, reject) => {
    let stdout = '';
    let stderr = '';
    child.stdout?.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    child.stderr?.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      o.after?.(child);
    });
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** The same in this process, which is much faster: for everything that needs neither a pipe nor a signal. */
export async function runHere(words: readonly string[]): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).flatMap((name) => {
    const take = (text: unknown) => {
      said[name] += String(text);
      return true;
    };
    const method = name === 'stdout' ? 'log' : 'error';
    return [
      vi.spyOn(process[name], 'write').mockImplementation(take),
      vi.spyOn(console, method).mockImplementation((text: unknown) => void take(`${text}\n`)),
    ];
  });
  vi.stubEnv('npm_lifecycle_event', undefined);
  try {
    return { code: await runCommandLine(words, new AbortController().signal), ...said };
  } finally {
    vi.unstubAllEnvs();
    for (const spy of spies) spy.mockRestore();
  }
}
