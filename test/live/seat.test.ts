import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { linesOf } from '../../simulator/worlds/live/stacks/keeper-lines.ts';

const PROGRAM = fileURLToPath(new URL('../../simulator/worlds/live/programs/seat.ts', import.meta.url));
const running: ChildProcess[] = [];
afterEach(() => running.splice(0).forEach((child) => void child.kill('SIGKILL')));

/** A seat as a container has it, but on loopback: where it listens, and what it said on standard error. */
async function seat(): Promise<{ url: string; child: ChildProcess; said: string[] }> {
  const env = { PATH: process.env.PATH ?? '', PLACEMENT_LISTEN: '127.0.0.1:0' };
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), PROGRAM], { env });
  running.push(child);
  const said: string[] = [];
  linesOf(child.stderr, (line) => void said.push(line));
  const first = await new Promise<string>((resolve) => linesOf(child.stdout, resolve));
  return { url: `http://127.0.0.1:${(JSON.parse(first) as { port: number }).port}`, child, said };
}

const order = (body: unknown) => ({ method: 'PUT', body: JSON.stringify(body) });

describe('a seat', () => {
  it('is there for a health check, and refuses what it cannot become', async () => {
    const { url } = await seat();
    expect(await (await fetch(url)).json()).toEqual({ seat: 'free' });
    for (const wrong of [{ program: 'driver', env: {} }, { program: 'worker' }, 7]) {
      expect((await fetch(`${url}/control/seat`, order(wrong))).status).toBe(400);
    }
    expect(await (await fetch(url)).json()).toEqual({ seat: 'free' });
  });

  it('becomes the program that it is told, with its variables, and ends as that does', async () => {
    const { url, child, said } = await seat();
    const folder = '/no-run-has-this-folder';
    const taken = await fetch(`${url}/control/seat`, order({ program: 'worker', env: { PLACEMENT_RUN_FOLDER: folder } }));
    expect(taken.status).toBe(200);
    const [code] = await once(child, 'close');
    expect(said.join('\n')).toContain(`${folder}/run.json`);
    expect(code).toBe(1);
  });

  it('ends when it is told to while it waits', async () => {
    const { child } = await seat();
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });
});
