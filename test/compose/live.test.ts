import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Report } from '../../simulator/domain/report.ts';
import { runCli } from '../cli/run-cli.ts';

/** The stack takes minutes and needs images, so it is asked for: the gate does where an engine runs. */
const isOn = process.env.PLACEMENT_STACK === 'compose';
if (!isOn)
  writeSync(2, 'skipped: the stack in containers is run with PLACEMENT_STACK=compose, which needs Docker and the images\n');

const PROJECT = 'placement-lab-test';
const ENV = {
  ...Object.fromEntries(['DOCKER_CONFIG', 'DOCKER_HOST'].flatMap((name) => pair(name))),
  COMPOSE_PROFILES: 'ministack',
  COMPOSE_PROJECT_NAME: PROJECT,
};
/** At most as long as one run of two minutes may drain, beside what Docker takes. */
const PATIENCE_MS = 400_000;

function pair(name: string): [string, string][] {
  const value = process.env[name];
  return value === undefined ? [] : [[name, value]];
}

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

/** A live run on the stack that is up; at half the rate where this machine was too busy to send in time. */
async function live(name: string, words: readonly string[]): Promise<Report['strategies'][number]> {
  const out = join(folder, name);
  for (const rate of ['x0.1', 'x0.05', 'x0.02']) {
    const command = ['live', name, '--stack', 'compose', '--strategy', 'hybrid', '--rate', rate, '--out', out, ...words];
    const { code, stderr } = await runCli(command, { env: ENV });
    if (code === 3 && stderr.includes('measured itself')) continue;
    expect([0, 1, 4], stderr).toContain(code);
    const [row] = (JSON.parse(readFileSync(join(out, 'report.json'), 'utf8')) as Report).strategies;
    return row as Report['strategies'][number];
  }
  throw new Error('this machine is too busy even for a fiftieth of the load');
}

/** Checks that do not hold, with what they found; whether it was fast enough is not asked of a machine that does other work. */
function broken(row: Report['strategies'][number]): string[] {
  return row.checks.filter(({ binds, holds }) => binds && !holds).map(({ name, examples }) => `${name}: ${examples.join('; ')}`);
}

describe.skipIf(!isOn)('the stack in containers', () => {
  beforeAll(async () => {
    const { code, stderr } = await runCli(['stack', 'up'], { env: ENV });
    expect(code, stderr).toBe(0);
    writeSync(2, stderr.slice(stderr.lastIndexOf(`${PROJECT} is up`)));
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
    expect(broken(await live('hello', ['--duration', '30s']))).toEqual([]);
  });

  it.each([
    ['hello', '1', 'events.entry-signed', 'thank'],
    ['social-peak', '1', 'events.post-created', 'moderation'],
  ])(
    'loses nothing in %s over a broker that restarts while a worker is killed',
    { timeout: PATIENCE_MS },
    async (name, minutes, event, component) => {
      const row = await live(name, [
        '--minutes',
        minutes,
        ...['--set', `overrides.${event}.channel=rabbitmq`, '--set', `overrides.components.${component}.platform=server`],
        ...['--fault', `kill ${component} by 1 at 25s`, '--fault', 'stop rabbitmq at 30s for 5s'],
      ]);
      expect(broken(row)).toEqual([]);
    },
  );
});
