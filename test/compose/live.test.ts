import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { prepare } from '../../simulator/cli/scenario.ts';
import type { Cell, CellResult } from '../../simulator/domain/cell.ts';
import type { Part } from '../../simulator/domain/plan.ts';
import type { Report } from '../../simulator/domain/report.ts';
import { cellsOf } from '../../simulator/run/rows.ts';
import { roundsPerMs } from '../../simulator/worlds/live/burn.ts';
import type { RunSheet } from '../../simulator/worlds/live/contract.ts';
import { Deployment } from '../../simulator/worlds/live/deployment.ts';
import type { Fleet } from '../../simulator/worlds/live/fleet.ts';
import { nameOf } from '../../simulator/worlds/live/names.ts';
import { openStack } from '../../simulator/worlds/live/stacks/index.ts';
import type { Stack } from '../../simulator/worlds/live/stacks/stack.ts';
import { runCell } from '../../simulator/worlds/live/world.ts';
import { runCli } from '../cli/run-cli.ts';
import { galleryOf } from '../live/gallery.ts';
import { installed } from '../models/installed.ts';
import { CONTAINER_ENV, HAS_CONTAINERS } from './containers.ts';

if (!HAS_CONTAINERS)
  writeSync(2, 'skipped: the stack in containers is run with PLACEMENT_STACK=compose, which needs Docker and the images\n');

const PROJECT = 'placement-lab-test';
const ENV = { ...CONTAINER_ENV, COMPOSE_PROJECT_NAME: PROJECT };
/** At most as long as one run of two minutes may drain, beside what Docker takes. */
const PATIENCE_MS = 400_000;

function docker(...words: string[]): string {
  return execFileSync('docker', words, { encoding: 'utf8' }).trim();
}

const models = HAS_CONTAINERS ? await installed() : undefined;

const looking = { cpu_ms: 100, memory_mb: 512 };
const GALLERY = {
  name: 'gallery',
  description: 'People post pictures.',
  application: {
    name: 'gallery',
    description: 'Pictures that are looked at when they are posted, and again later.',
    users: { count: 10 },
    objects: { count: 10 },
    ...galleryOf(looking, { ...looking, gpu_ms: 20 }),
  },
  workload: {
    duration_s: 20,
    arrivals: { kind: 'constant', rate: 1 },
    sessions: { think_ms: 0, start: { work: 1 }, next: { work: { leave: 1 } } },
  },
  strategies: ['all-functions', 'all-servers', 'hybrid-gpu'],
  objectives: ['lost == 0'],
  checks: ['lost'],
};

/** What of the project exists: containers, networks, volumes. */
function leftover(project = PROJECT): string[] {
  const label = `label=com.docker.compose.project=${project}`;
  const lists = [
    docker('ps', '--all', '--filter', label, '--format', '{{.Names}}'),
    docker('network', 'ls', '--filter', label, '--format', '{{.Name}}'),
    docker('volume', 'ls', '--filter', label, '--format', '{{.Name}}'),
  ];
  return lists.flatMap((list) => list.split('\n')).filter((name) => name !== '');
}

const folder = mkdtempSync(join(tmpdir(), 'placement-lab-compose-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** One cell of a scenario, made as the command line does. */
async function cellOf(
  name: string,
  o: { strategy: string; rate?: string; minutes?: string; set: string[]; fault: string[] },
): Promise<Cell> {
  const { scenario, rows, axes } = await prepare(name, { world: 'live', ...o });
  return cellsOf(scenario, rows, axes)[0] as Cell;
}

/** Checks of the scenario that do not hold, and what contradicts itself. */
function wrongIn({ checks, broken }: CellResult, listed: readonly string[]): string[] {
  const found = checks.filter(({ name, count }) => count > 0 && listed.includes(name));
  return [...found.map(({ name, examples }) => `${name}: ${examples.join('; ')}`), ...broken];
}

describe.skipIf(!HAS_CONTAINERS)('the stack in containers', () => {
  beforeAll(async () => {
    const { code, stdout, stderr } = await runCli(['stack', 'up'], { env: ENV, isFromSource: true });
    expect(code, stderr).toBe(0);
    writeSync(2, stdout);
  }, PATIENCE_MS);

  afterAll(async () => {
    const { code, stderr } = await runCli(['stack', 'down'], { env: ENV, isFromSource: true });
    expect(code, stderr).toBe(0);
    expect(leftover()).toEqual([]);
  }, PATIENCE_MS);

  it('tells what is up, each healthy and on loopback', async () => {
    const { stdout } = await runCli(['stack', 'status'], { env: ENV, isFromSource: true });
    for (const service of ['postgres', 'rabbitmq', 'ministack', 'functions', 'gateway', 'worker'])
      expect(stdout).toMatch(new RegExp(`${service} .*running, healthy .*127\\.0\\.0\\.1:\\d+`));
  });

  it('runs without rights', () => {
    const names = docker('ps', '--filter', `label=com.docker.compose.project=${PROJECT}`, '--format', '{{.Names}}').split('\n');
    for (const name of names) {
      expect(docker('exec', name, 'grep', '-h', 'CapEff', '/proc/1/status'), name).toMatch(/CapEff:\s0+$/);
      expect(docker('exec', name, 'id', '-u'), name).not.toBe('0');
      expect(docker('inspect', '--format', '{{.HostConfig.ReadonlyRootfs}}', name), name).toBe('true');
    }
  });

  it('plays hello, functions and all, and every check holds', { timeout: PATIENCE_MS }, async () => {
    await plays('hello', ['--strategy', 'hybrid', '--duration', '30s', '--rate', 'x0.2']);
  });

  it('plays it with functions in the emulator, and says that they were unlimited', { timeout: PATIENCE_MS }, async () => {
    const words = ['--functions', 'emulator', '--strategy', 'all-functions', '--duration', '20s', '--rate', 'x0.05'];
    const report = await plays('hello', words);
    if (report === undefined) return;
    expect(report.live?.aws).toEqual({ backend: 'ministack', functions: 'emulator' });
    expect(report.live?.notes.join()).toContain('ran unlimited in the emulator');
  });

  it.skipIf(models === undefined)(
    'moderates images in functions, servers and GPU workers of which none has a GPU',
    { timeout: PATIENCE_MS },
    async () => {
      const file = join(folder, 'gallery.json');
      writeFileSync(file, JSON.stringify(GALLERY));
      const report = await plays(file, ['--strategy', 'all-functions,all-servers,hybrid-gpu', '--duration', '10s']);
      if (report === undefined) return;
      for (const { name, operations } of report.strategies) {
        expect(operations[0]?.served, name).toBe(operations[0]?.sent);
        expect(report.live?.notes).toContainEqual(expect.stringMatching(`^${name}: review moderates images on `));
      }
    },
  );

  // What stands for a GPU is slow: at a tenth of the sale its queue is not empty a minute and a half after the load.
  it.each([
    ['shop-sale', 'x0.04', '2', 'order-placed', 'fulfil', 60],
    ['social-peak', 'x0.1', '1', 'post-created', 'moderation', 30],
  ])(
    '%s loses nothing when a worker is killed and the broker restarts half-way',
    { timeout: PATIENCE_MS },
    async (name, rate, minutes, event, component, half_s) => {
      const set = [`overrides.events.${event}.channel=rabbitmq`];
      const fault = [`kill ${component} by 1 at ${half_s}s`, `stop rabbitmq at ${half_s}s for 5s`];
      const cell = await cellOf(name, { strategy: 'all-servers', rate, minutes, set, fault });
      const { result } = await onStack([cell], (stack) => runCell(cell, { stack, namespace: name, burn_per_ms: roundsPerMs() }));
      expect(wrongIn(result, ['lost', 'twice', 'oversold', 'charged_twice', 'charged_without_order'])).toEqual([]);
      expect(result.served_total).toBeGreaterThan(100);
    },
  );

  it('scales from one worker to four, and the broker sees four consumers', { timeout: PATIENCE_MS }, async () => {
    const set = ['overrides.events.entry-signed.channel=rabbitmq'];
    const cell = await cellOf('hello', { strategy: 'all-servers', set, fault: [] });
    const pool = cell.plan.parts.findIndex(({ path }) => path === 'server/thank');
    Object.assign(cell.plan.parts[pool]?.sizing as object, { initial: 1, minimum: 1, maximum: 4 });
    await onStack([cell], (stack) => scaled(cell, { stack, pool }));
  });
});

/** A live run of the command line in the containers that are up, every binding check of which must hold; its report. */
async function plays(scenario: string, words: readonly string[]): Promise<Report | undefined> {
  const out = mkdtempSync(join(folder, 'run-'));
  const all = ['live', scenario, '--stack', 'compose', ...words, '--out', out];
  const { code, stderr } = await runCli(all, { env: ENV, isFromSource: true });
  // A driver that this machine kept from its times has measured itself, and says so; everything before that has worked.
  if (code === 3 && stderr.includes('measured itself')) return void writeSync(2, stderr.slice(stderr.lastIndexOf(': ')));
  expect([0, 1, 4], stderr).toContain(code);
  const report = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Report;
  for (const { checks } of report.strategies) expect(checks.filter(({ binds, holds }) => binds && !holds)).toEqual([]);
  return report;
}

/** Does something with the stack that is up, as a run does. */
async function onStack<T>(cells: readonly Cell[], act: (stack: Stack) => Promise<T>): Promise<T> {
  for (const [name, value] of Object.entries(ENV)) vi.stubEnv(name, value);
  const stack = await openStack({
    choice: { name: 'compose', aws: 'ministack', functions: 'own', confirmed: [] },
    plans: cells.map(({ plan }) => plan),
    say: () => undefined,
  });
  try {
    return await act(stack);
  } finally {
    await stack.end();
    vi.unstubAllEnvs();
  }
}

/** Asks for four instances of a pool, and then for one, until the broker sees so many consumers. */
async function scaled({ plan }: Cell, { stack, pool }: { stack: Stack; pool: number }): Promise<void> {
  const sheet: RunSheet = {
    schema: 'run-sheet@1',
    plan,
    seed: 1,
    rate: 1,
    namespace: 'scale',
    folder: join(stack.folder, 'runs', 'scale'),
    epoch_ms: Date.now(),
    burn_per_ms: 1,
    addresses: stack.addresses,
  };
  const deployment = new Deployment(stack, sheet);
  const queue = plan.parts.find(({ path }) => path.endsWith('entry-signed/thank')) as Part;
  const broker = await connect(stack.addresses.rabbitmq?.url as string);
  const consumers = async () => {
    const channel = await broker.createChannel();
    const { consumerCount } = await channel.checkQueue(nameOf('scale', queue.path));
    await channel.close();
    return consumerCount;
  };
  try {
    await deployment.open({ actions: [], achieved: [], taken: new Map(), first_session: 0 });
    const fleet = deployment.fleets.get(pool) as Fleet;
    expect(await consumers()).toBe(1);
    const began = performance.now();
    const resized = fleet.resize(4);
    while ((await consumers()) < 4) await sleep(100);
    writeSync(2, `from 1 to 4 workers in the broker's eyes: ${((performance.now() - began) / 1000).toFixed(1)} s\n`);
    await resized;
    await fleet.resize(1);
    while ((await consumers()) > 1) await sleep(100);
  } finally {
    await broker.close();
    await deployment.takeAway();
  }
}

describe.skipIf(!HAS_CONTAINERS)('a run that brings up a stack of its own', () => {
  it('takes it away when the command line is killed', { timeout: PATIENCE_MS }, async () => {
    const project = 'placement-lab-killed';
    const env = { ...CONTAINER_ENV, COMPOSE_PROJECT_NAME: project };
    const killed = { isIt: false };
    const { code } = await runCli(['live', 'hello', '--stack', 'compose', '--duration', '30s', '--out', join(folder, project)], {
      env,
      isFromSource: true,
      after: (child) => {
        // Half of the containers are there, the others are on their way.
        if (killed.isIt || leftover(project).length < 4) return;
        killed.isIt = true;
        child.kill('SIGKILL');
      },
    });
    expect(code).toBeNull();
    while (leftover(project).length > 0) await sleep(500);
  });
});
