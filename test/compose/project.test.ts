import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { collectorOf, insideOf, outsideOf } from '../../simulator/worlds/live/stacks/compose/addresses.ts';
import { ComposeProject } from '../../simulator/worlds/live/stacks/compose/project.ts';
import { bringUp } from '../../simulator/worlds/live/stacks/compose/up.ts';

const folder = mkdtempSync(join(tmpdir(), 'placement-lab-project-'));
const calls = join(folder, 'calls');
afterAll(() => rmSync(folder, { recursive: true }));

const LINES = [
  { ID: '0123456789abcdef', Name: 'p-worker-1', Service: 'worker', State: 'running', Health: 'healthy' },
  { ID: 'fedcba9876543210', Name: 'p-postgres-1', Service: 'postgres', State: 'exited', Health: '' },
];
const PUBLISHED = { URL: '127.0.0.1', TargetPort: 8080, PublishedPort: 32_768, Protocol: 'tcp' };

/** A docker that writes down what it is told, lists two containers, and fails at `failing` with `words`. */
function fakeDocker(o: { failing?: string; words?: string } = {}): void {
  const listed = LINES.map((line, i) => JSON.stringify({ ...line, Publishers: i === 0 ? [PUBLISHED] : null })).join('\n');
  const script = `#!/bin/sh
echo "$@" >>'${calls}'
case " $* " in
  *" ${o.failing ?? 'nothing'} "*) echo '${o.words ?? ''}' >&2; exit 1 ;;
  *" ps "*) cat <<'LIST'
${listed}
LIST
  ;;
  *" logs "*) echo 'database files are incompatible with server' ;;
esac
`;
  writeFileSync(join(folder, 'docker'), script);
  chmodSync(join(folder, 'docker'), 0o755);
}

describe('a compose project', () => {
  beforeEach(() => {
    writeFileSync(calls, '');
    vi.stubEnv('PATH', `${folder}:/usr/bin:/bin`);
    vi.stubEnv('COMPOSE_PROFILES', 'ministack');
    vi.stubEnv('COMPOSE_PROJECT_NAME', 'p');
  });
  afterEach(() => void vi.unstubAllEnvs());
  const told = () => readFileSync(calls, 'utf8').trim().split('\n');

  it('lists its containers with their ports on loopback', async () => {
    fakeDocker();
    expect(await new ComposeProject({ runs: '/r' }).containers()).toEqual([
      { id: '0123456789ab', name: 'p-worker-1', service: 'worker', state: 'running', health: 'healthy', ports: { 8080: 32_768 } },
      { id: 'fedcba987654', name: 'p-postgres-1', service: 'postgres', state: 'exited', health: '', ports: {} },
    ]);
  });

  it('scales without touching what runs, and goes down with every profile', async () => {
    fakeDocker();
    const project = new ComposeProject({ runs: '/r' });
    await project.scale({ worker: 4, gateway: 1 });
    await project.down();
    const [scaled, down] = told();
    expect(scaled).toMatch(
      /--project-name p .*up --no-recreate --no-deps .*--scale worker=4 --scale gateway=1 .*worker gateway$/,
    );
    expect(down).toMatch(/--project-name p .*--profile \* down --volumes --remove-orphans/);
  });

  it('never puts a password on a command line, and makes others for each stack', async () => {
    fakeDocker();
    const [one, other] = await Promise.all(['/a', '/b'].map((runs) => ComposeProject.fresh(runs)));
    await one?.down();
    const passwords = [one, other].map((project) => project?.env.POSTGRES_PASSWORD as string);
    expect(passwords[0]).toMatch(/^[0-9a-f]{36}$/);
    expect(passwords[0]).not.toBe(passwords[1]);
    expect(told().join('\n')).not.toContain(passwords[0] as string);
    expect(one?.env.RABBITMQ_PORT).not.toBe(other?.env.RABBITMQ_PORT);
  });

  it.each([
    ['pull access denied for nobody/nothing, repository does not exist', /an image cannot be had: .*compose\/\.env/],
    ['could not select device driver "nvidia" with capabilities: [[gpu]]', /no GPU that Docker may use.*cpu\.yaml/],
    ['Range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available', /more cores than this machine has/],
    ['permission denied while trying to connect to the Docker daemon socket', /this user may not reach/],
    ['no space left on device', /Docker said last:\nno space left on device/],
  ])('says what to do about "%s", with the last lines of what is not healthy', async (words, hint) => {
    fakeDocker({ failing: 'up', words });
    const said = await bringUp(new ComposeProject({ runs: '/r' }), () => undefined).catch((error: Error) => error.message);
    expect(said).toMatch(/^the stack does not come up \(project p\): /);
    expect(said).toMatch(hint);
    expect(said).toContain(words);
    expect(said).toMatch(/what they said:\ndatabase files are incompatible/);
    expect(told().some((line) => / logs .*postgres$/.test(line))).toBe(true);
  });

  it('warns of what LocalStack is given', async () => {
    fakeDocker();
    vi.stubEnv('COMPOSE_PROFILES', 'localstack');
    const said: string[] = [];
    await bringUp(new ComposeProject({ runs: '/r' }), (text) => void said.push(text));
    expect(said.join('\n')).toMatch(/warning: LocalStack .* socket of the engine/);
  });

  it('is reached by names inside and by loopback outside, and names a service without a port', () => {
    const project = new ComposeProject({ runs: '/r' });
    const inside = insideOf(project, 'own');
    expect(inside.rabbitmq?.url).toBe(`amqp://placement:${project.env.RABBITMQ_PASSWORD}@rabbitmq:5672`);
    expect(inside.aws?.endpoints).toEqual({
      lambda: 'http://functions:8080',
      sqs: 'http://aws:4566',
      dynamodb: 'http://aws:4566',
      s3: 'http://aws:4566',
    });
    expect(() => outsideOf(project, 'own', [])).toThrow(/the service postgres of project p has no port on loopback/);
  });

  it('knows where the collector takes traces, while it runs', () => {
    const collector = {
      id: 'c',
      name: 'p-collector-1',
      service: 'collector',
      state: 'running',
      health: '',
      ports: { 4318: 49_000 },
    };
    expect(collectorOf([collector])).toBe('http://127.0.0.1:49000');
    expect(collectorOf([{ ...collector, state: 'exited' }])).toBeUndefined();
    expect(collectorOf([])).toBeUndefined();
  });
});
