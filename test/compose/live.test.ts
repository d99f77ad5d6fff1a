import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'amqplib';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { prepare } from '../../simulator/cli/scenario.ts';
import type { Part } from '../../simulator/domain/plan.ts';
import type { Report } from '../../simulator/domain/report.ts';
import type { RunSheet } from '../../simulator/worlds/live/contract.ts';
import { Deployment } from '../../simulator/worlds/live/deployment.ts';
import type { Fleet } from '../../simulator/worlds/live/fleet.ts';
import { nameOf } from '../../simulator/worlds/live/names.ts';
import { openStack } from '../../simulator/worlds/live/stacks/index.ts';
import { runCli } from '../cli/run-cli.ts';
import { CONTAINER_ENV, HAS_CONTAINERS } from './containers.ts';

type Row = Report['strategies'][number];

if (!HAS_CONTAINERS)
  writeSync(2, 'skipped: the stack in containers is run with PLACEMENT_STACK=compose, which needs Docker and the images\n');

const PROJECT = 'placement-lab-test';
const ENV = { ...CONTAINER_ENV, COMPOSE_PROJECT_NAME: PROJECT };
/** At most as long as one run of two minutes may drain, beside what Docker takes. */
const PATIENCE_MS = 400_000;

function docker(...words: string[]): string {
  return execFileSync('docker', words, { encoding: 'utf8' }).trim();
}

/** What of the project exists: containers, networks, volumes. */
function leftover(): string[] {
  const label = `label=com.docker.compose.project=${PROJECT}`;
  const lists = [
    docker('ps', '--all', '--filter', label, '--format', '{{.Names}}'),
    docker('network', 'ls', '--filter', label, '--format', '{{.Name}}'),
    docker('volume', 'ls', '--filter', label, '--format', '{{.Name}}'),
  ];
  return lists.flatMap((list) => list.split('\n')).filter((name) => name !== '');
}

const folder = mkdtempSync(join(tmpdir(), 'placement-lab-compose-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A live run on the stack that is up; at a lower rate where this machine was too busy to send in time. */
async function live(name: string, strategy: string, words: readonly string[]): Promise<Row> {
  const out = join(folder, `${name}-${strategy}`);
  for (const rate of ['x0.1', 'x0.05', 'x0.02']) {
    const command = ['live', name, '--stack', 'compose', '--strategy', strategy, '--rate', rate, '--out', out, ...words];
    const { code, stderr } = await runCli(command, { env: ENV });
    if (code === 3 && stderr.includes('measured itself')) continue;
    expect([0, 1, 4], stderr).toContain(code);
    const { strategies } = JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Report;
    return strategies[0] as Row;
  }
  throw new Error('this machine is too busy even for a fiftieth of the load');
}

/** Checks that do not hold, with what they found; whether it was fast enough is not asked of a machine that does other work. */
function broken({ checks }: Row): string[] {
  return checks.filter(({ binds, holds }) => binds && !holds).map(({ name, examples }) => `${name}: ${examples.join('; ')}`);
}

/** How many operations were served. */
function served({ operations }: Row): number {
  return operations.reduce((sum, operation) => sum + operation.served, 0);
}

describe.skipIf(!HAS_CONTAINERS)('the stack in containers', () => {
  beforeAll(async () => {
    const { code, stdout, stderr } = await runCli(['stack', 'up'], { env: ENV });
    expect(code, stderr).toBe(0);
    writeSync(2, stdout);
  }, PATIENCE_MS);

  afterAll(async () => {
    const { code, stderr } = await runCli(['stack', 'down'], { env: ENV });
    expect(code, stderr).toBe(0);
    expect(leftover()).toEqual([]);
  }, PATIENCE_MS);

  it('tells what is up, each healthy and on loopback', async () => {
    const { stdout } = await runCli(['stack', 'status'], { env: ENV });
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

  it('plays hello, and every check holds', { timeout: PATIENCE_MS }, async () => {
    const row = await live('hello', 'hybrid', ['--duration', '30s']);
    expect(broken(row)).toEqual([]);
    expect(served(row)).toBeGreaterThan(0);
  });

  it.each([
    ['shop-sale', '2', 'order-placed', 'fulfil', '1m'],
    ['social-peak', '1', 'post-created', 'moderation', '30s'],
  ])(
    '%s loses nothing when a worker is killed and the broker restarts half-way',
    { timeout: 2 * PATIENCE_MS },
    async (name, minutes, event, component, half) => {
      const row = await live(name, 'all-servers', [
        ...['--minutes', minutes, '--set', `overrides.events.${event}.channel=rabbitmq`],
        ...['--fault', `kill ${component} by 1 at ${half}`, '--fault', `stop rabbitmq at ${half} for 5s`],
      ]);
      expect(broken(row)).toEqual([]);
      expect(served(row)).toBeGreaterThan(0);
    },
  );

  it('scales from one worker to four, and the broker sees four consumers', { timeout: PATIENCE_MS }, async () => {
    for (const [name, value] of Object.entries(ENV)) vi.stubEnv(name, value);
    const set = ['overrides.events.entry-signed.channel=rabbitmq'];
    const { rows } = await prepare('hello', { world: 'live', strategy: 'all-servers', set, fault: [] });
    const { plan } = rows.rows[0] as (typeof rows.rows)[number];
    const pool = plan.parts.findIndex(({ path }) => path === 'server/thank');
    Object.assign(plan.parts[pool]?.sizing as object, { initial: 1, minimum: 1, maximum: 4 });
    const stack = await openStack('compose', { plans: [plan], without: [], say: () => undefined });
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
      await deployment.open({ actions: [], achieved: [], taken: new Map() });
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
      await stack.end();
      vi.unstubAllEnvs();
    }
  });
});
