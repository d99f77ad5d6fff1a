import { type SpawnOptions, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts the command line as `npm run` does, with a clean environment; `after` gets the running child. */
export function runCli(
  words: readonly string[],
  o: { env?: Record<string, string>; cwd?: string; after?: (child: ReturnType<typeof spawn>) => void } = {},
): Promise<Ended> {
  const env: Record<string, string> = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '/tmp', ...o.env };
  const options: SpawnOptions = { cwd: o.cwd ?? ROOT, env, stdio: ['ignore', 'pipe', 'pipe'] };
  const tsx = fileURLToPath(import.meta.resolve('tsx'));
  const child = spawn(process.execPath, ['--import', tsx, `${ROOT}/simulator/cli.ts`, ...words], options);
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
