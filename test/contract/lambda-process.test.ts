import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  DeleteProvisionedConcurrencyConfigCommand,
  GetProvisionedConcurrencyConfigCommand,
  PutProvisionedConcurrencyConfigCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, describe, expect, it } from 'vitest';
import { cpuShare } from '../../simulator/worlds/live/platforms/lambda/cpu-share.ts';
import type { Parameters } from '../../simulator/worlds/live/platforms/lambda/parameters.ts';
import { type Backend, backendOf, startBackend, until } from './lambda-backend.ts';

const PROGRAM = fileURLToPath(new URL('../../simulator/worlds/live/programs/lambda.ts', import.meta.url));
const NO_SQS = 'http://127.0.0.1:1';

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

/** The program as a run starts it: told by an argument, its input held open, one line of JSON back. */
async function startProgram(folder: string) {
  const argument = JSON.stringify({ sqs: NO_SQS, folder, cpu: 'stretch' });
  const child = spawn(process.execPath, ['--import', 'tsx', PROGRAM, argument], { stdio: ['pipe', 'pipe', 'inherit'] });
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
  const url = `http://127.0.0.1:${(JSON.parse(line) as { port: number }).port}`;
  const stop = async () => void child.kill('SIGKILL');
  return { child, backend: backendOf({ name: 'program', isOwn: true, lambdaUrl: url, sqsUrl: NO_SQS, stop }) };
}

describe('the program that serves functions', () => {
  const folder = mkdtempSync(join(tmpdir(), 'placement-lambda-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('leaves no process when it is killed, not even one that never looks up from its work', async () => {
    const { child, backend } = await startProgram(folder);
    const idle = await backend.deploy();
    const stubborn = await backend.deploy(
      {},
      'exports.handler = async (event) => { for (;event.forever;); return { pid: process.pid }; };',
    );
    const pids = [(await backend.call(idle)).told.pid, (await backend.call(stubborn)).told.pid];
    const forever = backend.call(stubborn, { forever: true }).catch(() => undefined);
    await until(
      () => backend.metrics(stubborn),
      ({ concurrent }) => concurrent === 1,
    );
    await backend.stop();
    await once(child, 'exit');
    await forever;
    await until(
      async () => (process.platform === 'linux' ? pids : pids.slice(0, 1)).filter(isAlive),
      (left) => left.length === 0,
    );
  });

  it('ends with its input, and leaves neither processes nor files', async () => {
    const before = readdirSync(folder);
    const { child, backend } = await startProgram(folder);
    const { pid } = (await backend.call(await backend.deploy())).told;
    expect(readdirSync(folder)).toHaveLength(before.length + 1);
    child.stdin.end();
    const [code] = await once(child, 'exit');
    expect(code).toBe(0);
    expect(isAlive(pid)).toBe(false);
    expect(readdirSync(folder)).toEqual(before);
  });
});

describe.skipIf(process.env.PLACEMENT_TEST_AWS_URL !== undefined)('a platform with other parameters (own runtime only)', () => {
  let b: Backend | undefined;
  afterAll(() => b?.stop());
  async function having(parameters: Partial<Parameters>): Promise<Backend> {
    await b?.stop();
    b = await startBackend(parameters);
    return b;
  }

  it('lets idle environments expire, and the next call is cold', async () => {
    const own = await having({ idle_expiry_s: 0.3 });
    const name = await own.deploy();
    const { told } = await own.call(name);
    expect((await own.call(name)).told.id).toBe(told.id);
    await until(
      () => own.metrics(name),
      ({ environments }) => environments.length === 0,
    );
    await until(
      async () => isAlive(told.pid),
      (alive) => !alive,
    );
    const next = (await own.call(name)).told;
    expect(next.calls).toBe(1);
    expect((await own.metrics(name)).alive_ms).toBeGreaterThanOrEqual(300);
  });

  it('starts no more environments than its scaling rate lets it', async () => {
    const own = await having({ scaling_burst: 2, scaling_per_s: 0 });
    const name = await own.deploy();
    const all = await Promise.allSettled([1, 2, 3].map(() => own.call(name, { wait: 300 })));
    expect(all.filter(({ status }) => status === 'rejected')).toHaveLength(1);
    expect(await own.metrics(name)).toMatchObject({ colds: 2, throttles: { Scaling: 1 } });
    expect((await own.call(name)).told.calls).toBe(2);
  });

  it('runs no more at once than the account has, less what others have reserved', async () => {
    const own = await having({ account_concurrency: 2 });
    const [one, two] = [await own.deploy(), await own.deploy()];
    const calls = [own.call(one, { wait: 500 }), own.call(two, { wait: 500 }), own.call(two, { wait: 500 })];
    const refused = (await Promise.allSettled(calls)).filter(({ status }) => status === 'rejected') as PromiseRejectedResult[];
    expect(refused.map(({ reason }) => reason.Reason)).toEqual(['ConcurrentInvocationLimitExceeded']);
  });

  it('refuses requests beyond the rate that comes with the concurrency', async () => {
    const own = await having({ account_concurrency: 1, rate_per_concurrency: 2 });
    const name = await own.deploy();
    const reasons: string[] = [];
    for (let i = 0; i < 5; i++) await own.call(name).catch(({ Reason }: { Reason: string }) => reasons.push(Reason));
    expect(reasons.length).toBeGreaterThan(0);
    expect(new Set(reasons)).toEqual(new Set(['FunctionInvocationRateLimitExceeded']));
  });

  it('lets through the share of calls that a fault leaves, evenly', async () => {
    const own = await having({});
    const name = await own.deploy();
    const tune = (share: number) =>
      fetch(`${own.url}/placement/functions/${name}/parameters`, {
        method: 'PUT',
        body: JSON.stringify({ admitted_share: share }),
      });
    expect((await tune(0.25)).status).toBe(200);
    const passed = [];
    for (let i = 1; i <= 8; i++)
      if (
        await own.call(name).then(
          () => true,
          () => false,
        )
      )
        passed.push(i);
    expect(passed).toEqual([4, 8]);
    await tune(1);
    expect((await own.call(name)).error).toBeUndefined();
    expect((await tune(7)).status).toBe(400);
  });

  it('keeps provisioned environments started, uses them first, replaces one that is lost, and lets none expire', async () => {
    const own = await having({ idle_expiry_s: 0.1 });
    const name = await own.deploy();
    const which = { FunctionName: name, Qualifier: 'live' };
    await own.lambda.send(new PutProvisionedConcurrencyConfigCommand({ ...which, ProvisionedConcurrentExecutions: 2 }));
    const ready = () => own.lambda.send(new GetProvisionedConcurrencyConfigCommand(which));
    await until(ready, ({ Status }) => Status === 'READY');
    await Promise.all([own.call(name, { wait: 200 }), own.call(name, { wait: 200 })]);
    expect(await own.metrics(name)).toMatchObject({ invocations: 2, colds: 0 });
    const { pid } = (await own.call(name)).told;
    process.kill(pid, 'SIGKILL');
    await until(
      () => own.metrics(name),
      ({ environments }) => environments.length === 2 && environments.every((one) => one.pid !== pid && one.state === 'idle'),
    );
    await own.lambda.send(new DeleteProvisionedConcurrencyConfigCommand(which));
    await until(
      () => own.metrics(name),
      ({ environments }) => environments.length === 0,
    );
  });

  it('gives up on a start that takes too long', async () => {
    const own = await having({ init_timeout_s: 0.5 });
    const name = await own.deploy(
      {},
      'const end = Date.now() + 5000; while (Date.now() < end); exports.handler = async () => 1;',
    );
    expect((await own.call(name)).told.errorType).toBe('Sandbox.Timedout');
    await until(
      () => own.metrics(name),
      ({ environments }) => environments.length === 0,
    );
  });
});

/** Burns 200 ms or so when it is told to, and prints the wall and the CPU time that it took. */
const BURN = `process.stdin.once('data', () => {
  const cpu = process.cpuUsage();
  const since = process.hrtime.bigint();
  for (let i = 0, x = 0; i < 3e8; i++) x += i;
  const { user, system } = process.cpuUsage(cpu);
  process.stdout.write(JSON.stringify({ wall: Number(process.hrtime.bigint() - since) / 1e3, cpu: user + system }) + '\\n');
  process.exit();
})`;

describe('the share of a CPU', () => {
  it('is kept by control groups where they can be written: at a tenth, work takes many times its CPU time', async (context) => {
    const cpu = cpuShare();
    if (cpu.by === 'stretch') context.skip('no control group can be made here: functions stretch their burn instead');
    const child = spawn(process.execPath, ['-e', BURN]);
    cpu.limit('burn', child.pid as number, 0.1);
    child.stdin.write('go');
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    await once(child, 'exit');
    cpu.release('burn');
    const took = JSON.parse(line) as { wall: number; cpu: number };
    expect(took.wall / took.cpu).toBeGreaterThan(5);
  });
});
