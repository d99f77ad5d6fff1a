import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeSync } from 'node:fs';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { findProgram } from '../../simulator/worlds/live/stacks/find-program.ts';
import { openKeeper } from '../../simulator/worlds/live/stacks/keeper.ts';
import { linesOf } from '../../simulator/worlds/live/stacks/keeper-lines.ts';
import { findPostgres } from '../../simulator/worlds/live/stacks/postgres-binaries.ts';
import { nodeOrder, serverOrder } from './orders.ts';

interface Up {
  folder: string;
  pids: number[];
  ports: number[];
}

/** Whether a process runs; one that is over and that nobody has fetched yet does not. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return process.platform !== 'linux' || !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}

function isOpen(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  return new Promise((resolve) => {
    socket.on('connect', () => resolve(true));
    socket.on('error', () => resolve(false));
  }).finally(() => socket.destroy()) as Promise<boolean>;
}

async function leftOf({ folder, pids, ports }: Up): Promise<(string | number)[]> {
  const open = await Promise.all(ports.map(isOpen));
  return [...pids.filter(isAlive), ...ports.filter((_, i) => open[i]), ...(existsSync(folder) ? [folder] : [])];
}

/** What is left of a run once nothing changes any more: looked at until all is gone, or for half a minute. */
async function leftAfter(up: Up): Promise<(string | number)[]> {
  for (let i = 0; i < 300; i++) {
    if ((await leftOf(up)).length === 0) return [];
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return leftOf(up);
}

/** A command line of its own, in a process group of its own, as a shell would start it. */
async function startParent(size: 'small' | 'whole'): Promise<{ parent: ChildProcess; up: Up; said: string[] }> {
  const program = fileURLToPath(new URL('./parent.ts', import.meta.url));
  const args = ['--import', import.meta.resolve('tsx'), program, size];
  const parent = spawn(process.execPath, args, { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  const said: string[] = [];
  const first = new Promise<string>((resolve, reject) => {
    linesOf(parent.stdout as NodeJS.ReadableStream, (line) => {
      said.push(line);
      resolve(line);
    });
    parent.on('exit', () => reject(new Error('the parent ended before its parts were up')));
  });
  return { parent, up: JSON.parse(await first) as Up, said };
}

describe('the keeper', async () => {
  const died: string[] = [];
  const keeper = await openKeeper({ died: (_, message) => void died.push(message) });
  afterAll(() => keeper.end());

  it('hands out what a program says first, and stops it with all that it had started', async () => {
    const part = await keeper.start<{ port: number; child: number }>(serverOrder('server', keeper.folder));
    const up = { folder: '', pids: [...part.pids, part.address.child], ports: [part.address.port] };
    expect(await leftOf(up)).toHaveLength(3);
    await part.stop();
    await part.stop();
    expect(await leftAfter(up)).toEqual([]);
  });

  it('names a part that dies while it starts, and repeats the last that it said', async () => {
    const code = 'console.log("reading"); console.error("no space left on device"); process.exitCode = 3';
    await expect(keeper.start(nodeOrder('broken', code))).rejects.toThrow(
      /^broken ended with 3 while starting\. The last lines[\s\S]*no space left on device/,
    );
    const missing = { ...nodeOrder('missing', ''), command: '/nowhere/at-all' };
    await expect(keeper.start(missing)).rejects.toThrow(/^missing (?:could not be started|ended with)[\s\S]*\/nowhere\/at-all/);
  });

  it('says that a port is taken, in the words of the part that wanted it', async () => {
    const first = await keeper.start<{ port: number }>(serverOrder('first', keeper.folder));
    const second = serverOrder('second', keeper.folder, { port: first.address.port });
    await expect(keeper.start(second)).rejects.toThrow(new RegExp(`^second [\\s\\S]*EADDRINUSE[\\s\\S]*: ${first.address.port}`));
    await first.stop();
  });

  it('gives up on a part that never gets ready, and leaves nothing of it', async () => {
    const order = nodeOrder('slow', 'console.log(process.pid); setInterval(() => 0, 1000)', { ready_ms: 3000 });
    const message = await keeper.start(order).catch((error: Error) => error.message);
    expect(message).toMatch(/^slow was not ready after 3 s while starting\. The last lines of what it said:\n\d+$/);
    expect(isAlive(Number((message as string).split('\n').at(-1)))).toBe(false);
  });

  it('kills what does not hear when it is asked to end', async () => {
    const order = serverOrder('deaf', keeper.folder, { isDeaf: true, grace_ms: 300 });
    const part = await keeper.start<{ port: number; child: number }>(order);
    await part.stop();
    expect(part.log()).toContain('not now');
    expect(await leftAfter({ folder: '', pids: [...part.pids, part.address.child], ports: [part.address.port] })).toEqual([]);
  });

  it('tells when a part ends by itself, and only then', async () => {
    const part = await keeper.start<{ port: number }>(serverOrder('victim', keeper.folder));
    process.kill(part.pids[0] as number, 'SIGKILL');
    while (died.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(died).toEqual([expect.stringMatching(/^victim was ended by SIGKILL\. The last lines/)]);
  });

  it('leaves no process, port or folder when the command line is killed', async () => {
    const hasPostgres = findPostgres() !== undefined;
    if (!hasPostgres) writeSync(2, 'killed with a small program only: PostgreSQL is not installed\n');
    const { parent, up } = await startParent(hasPostgres ? 'whole' : 'small');
    expect((await leftOf(up)).length).toBe(up.pids.length + up.ports.length + 1);
    parent.kill('SIGKILL');
    expect(await leftAfter(up)).toEqual([]);
  });

  it('stays when Ctrl-C ends the command line, until its parts are stopped in order', async () => {
    const { parent, up } = await startParent('small');
    process.kill(-(parent.pid as number), 'SIGINT');
    await once(parent, 'exit');
    expect(await leftAfter(up)).toEqual([]);
  });

  const setpriv = findProgram('setpriv');
  if (!setpriv) writeSync(2, 'skipped: without setpriv (Linux, util-linux) parts outlive a keeper that is killed\n');
  it.skipIf(!setpriv)('takes its parts along when it is killed itself, and the command line removes the folder', async () => {
    const { parent, up, said } = await startParent('small');
    const keeperPid = Number(readFileSync(`/proc/${up.pids[0]}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]);
    process.kill(keeperPid, 'SIGKILL');
    await once(parent, 'exit');
    expect(said.slice(1)).toEqual([JSON.stringify({ died: 'keeper' })]);
    // What a part had started itself goes only where the part sees to it: this one does not.
    process.kill(up.pids.pop() as number, 'SIGKILL');
    expect(await leftAfter(up)).toEqual([]);
  });
});
