import { spawnSync } from 'node:child_process';
import { writeSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT, text } from '../tidy/tree.ts';

interface Service {
  image: string;
  profiles?: string[];
  read_only?: boolean;
  user?: string;
  cap_drop?: string[];
  security_opt?: string[];
  ports?: string[];
  environment?: Record<string, string>;
  healthcheck?: object;
  networks?: unknown;
  volumes?: (string | { source: string; read_only?: boolean })[];
  deploy?: { resources: { limits: { cpus: string; memory: string; pids: number } } };
}

const FILE = text('compose/compose.yaml');
const COMPOSE = parse(FILE, { merge: true }) as Record<string, unknown> & { services: Record<string, Service> };
const SERVICES = Object.entries(COMPOSE.services);
const DEFAULTS = new Map(
  text('compose/.env')
    .split('\n')
    .filter((line) => /^\w+=/.test(line))
    .map((line) => line.split(/=(.*)/s).slice(0, 2) as [string, string]),
);

/** Made for each stack, and nowhere written down. */
const PASSWORDS = ['POSTGRES_PASSWORD', 'RABBITMQ_PASSWORD'];

/** What the rules do not hold for, and why. */
const ROOTLY: Readonly<Record<string, string>> = {
  localstack: 'its image starts as root, writes everywhere, and starts containers',
};
const UNWATCHED: Readonly<Record<string, string>> = { collector: 'there is no program in its image but itself' };

describe('compose.yaml', () => {
  it('has no version, which is obsolete, and a name', () => {
    expect(Object.keys(COMPOSE)).not.toContain('version');
    expect(COMPOSE.name).toBe('placement-lab');
  });

  it('names every image by a variable with a default', () => {
    for (const [name, { image }] of SERVICES) {
      const variable = /^\$\{(\w+_IMAGE)\}$/.exec(image)?.[1] ?? '';
      expect(DEFAULTS.get(variable), name).toMatch(/^[\w./-]+:[\w.-]+$/);
    }
  });

  it('uses only variables that have a default, or that are made for each stack', () => {
    const used = new Set([...FILE.matchAll(/\$\{(\w+)/g)].map((match) => match[1] as string));
    expect([...used].filter((name) => !DEFAULTS.has(name)).sort()).toEqual(PASSWORDS);
  });

  it('holds no secret: what sounds like one is a variable without a default', () => {
    for (const [name, { environment }] of SERVICES) {
      for (const [variable, value] of Object.entries(environment ?? {})) {
        if (/PASS|SECRET|TOKEN|KEY/.test(variable)) expect(value, `${name} ${variable}`).toMatch(/^\$\{\w+:\?/);
      }
    }
    for (const name of DEFAULTS.keys()) expect(name).not.toMatch(/PASS|SECRET|TOKEN|KEY/);
  });

  it.each(SERVICES)('%s is reached over loopback only, and over the named network', (_, { ports, networks }) => {
    for (const port of ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:(\$\{\w+_PORT\})?:\d+$/);
    expect(JSON.stringify(networks)).toContain('parts');
  });

  it.each(SERVICES)('%s has limits', (_, { deploy }) => {
    const { cpus, memory, pids } = (deploy as NonNullable<Service['deploy']>).resources.limits;
    expect(cpus).toMatch(/^(\$\{\w+_CPUS\}|0\.5)$/);
    expect(memory).toMatch(/^\d+[mg]$/);
    expect(pids).toBeGreaterThan(0);
  });

  it.each(SERVICES.filter(([name]) => !(name in UNWATCHED)))('%s has a health check', (_, { healthcheck }) => {
    expect(healthcheck).toBeDefined();
  });

  it.each(SERVICES.filter(([name]) => !(name in ROOTLY)))('%s has no rights', (_, service) => {
    expect(service.read_only).toBe(true);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toEqual(['no-new-privileges:true']);
    expect(service.user).toMatch(/^(\$\{PLACEMENT_USER\}|'?[1-9]\d*:\d+'?)$/);
  });

  it('gives the socket of the engine to LocalStack alone, in its own profile', () => {
    const holders = SERVICES.filter(([, service]) => JSON.stringify(service.volumes ?? []).includes('docker.sock'));
    expect(holders.map(([name, { profiles }]) => [name, profiles])).toEqual([['localstack', ['localstack']]]);
  });

  it('mounts what belongs to the repository so that nobody can write to it', () => {
    for (const [name, { volumes }] of SERVICES) {
      for (const volume of volumes ?? []) {
        if (typeof volume !== 'string' && volume.source.startsWith('./')) expect(volume.read_only, name).toBe(true);
      }
    }
  });
});

describe('the Dockerfile', () => {
  const lines = text('compose/Dockerfile').split('\n');
  const stages = lines.filter((line) => line.startsWith('FROM '));

  it('starts from images that are arguments, so that each can be given with its digest', () => {
    for (const stage of stages) expect(stage).toMatch(/^FROM (\$\{(NODE|CUDA)_IMAGE\}|packages) AS \w/);
  });

  it('installs by the lockfile and without scripts, and nothing in what runs in the end', () => {
    const last = lines.slice(lines.findIndex((line) => / AS programs$/.test(line)));
    const programs = last.slice(
      0,
      last.findIndex((line, i) => i > 0 && line.startsWith('FROM ')),
    );
    expect(programs.filter((line) => line.startsWith('RUN'))).toEqual([]);
    expect(lines.join('\n')).toContain('npm ci --omit=dev --ignore-scripts');
    expect(programs).toContain('USER 1000:1000');
  });
});

/** `docker compose config` on this machine, or why not. */
const plugin = spawnSync('docker', ['compose', 'version', '--short'], { encoding: 'utf8' });
const hasCompose = plugin.status === 0 && /^v?2\.(2[4-9]|[3-9]\d)/.test(plugin.stdout);
if (!hasCompose) writeSync(2, 'skipped: docker compose 2.24 or later is not here, so it does not judge compose.yaml\n');

describe.skipIf(!hasCompose)('docker compose config', () => {
  const known = { ...process.env, POSTGRES_PASSWORD: 'x', RABBITMQ_PASSWORD: 'y' };
  const config = (env: Record<string, string>, words: string[]) =>
    spawnSync('docker', ['compose', ...words], { cwd: `${ROOT}compose`, env: { ...known, ...env }, encoding: 'utf8' });

  it.each(['localstack', 'ministack', 'ministack,gpu,observe'])('takes the file with the profiles %s', (profiles) => {
    const { status, stderr, stdout } = config({ COMPOSE_PROFILES: profiles }, ['config', '--services']);
    expect(status, stderr).toBe(0);
    expect(stdout.split('\n')).toEqual(expect.arrayContaining(['gateway', 'worker', 'functions', profiles.split(',')[0]]));
  });

  it('takes cpu.yaml on top, which leaves no GPU reserved', () => {
    const env = { COMPOSE_PROFILES: 'ministack,gpu', COMPOSE_FILE: 'compose.yaml:cpu.yaml' };
    const { status, stderr, stdout } = config(env, ['config', '--format', 'json']);
    expect(status, stderr).toBe(0);
    expect(stdout).not.toContain('"devices"');
    expect((JSON.parse(stdout) as typeof COMPOSE).services['gpu-worker']?.image).toBe('placement-lab/programs:local');
  });

  it('asks for the passwords', () => {
    const { status, stderr } = config({ POSTGRES_PASSWORD: '' }, ['config', '--quiet']);
    expect(status).not.toBe(0);
    expect(stderr).toContain('npm run stack up');
  });
});
