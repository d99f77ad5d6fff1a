import type { Container } from '../../../../domain/container.ts';
import { UnavailableError } from '../../../../domain/problem.ts';
import { docker } from './engine.ts';
import { ComposeProject } from './project.ts';

interface Inspected {
  Config: { Env: string[] };
  Mounts: { Source: string; Destination: string; RW: boolean }[];
}

/** Services without which nothing runs, and whose containers know what a project was started with. */
const NEEDED = ['postgres', 'rabbitmq', 'functions'] as const;

/**
 * The project that is up, with its passwords and folder as its containers know them; undefined where there is none.
 *
 * So nothing has to be kept beside the containers, and nothing can disagree with them.
 * Throws: UnavailableError where only some of it is up.
 */
export async function runningProject(): Promise<ComposeProject | undefined> {
  const project = new ComposeProject({ runs: '/' });
  const containers = await project.containers();
  if (containers.length === 0) return undefined;
  const found = NEEDED.map((name) => containers.find(({ service, state }) => service === name && state === 'running'));
  const missing = NEEDED.filter((_, i) => found[i] === undefined);
  if (missing.length > 0)
    throw new UnavailableError(
      `the stack ${project.name} is half up, without ${missing.join(', ')}: npm run stack logs says why; npm run stack down, then start again`,
    );
  const [postgres, rabbitmq, functions] = found as [Container, Container, Container];
  const [{ Config: database }, { Config: broker }, { Mounts }] = (await Promise.all(
    [postgres, rabbitmq, functions].map(inspected),
  )) as [Inspected, Inspected, Inspected];
  return new ComposeProject({
    runs: Mounts.find((mount) => mount.RW && mount.Source === mount.Destination)?.Source ?? '/',
    known: {
      POSTGRES_PASSWORD: variable(database.Env, 'POSTGRES_PASSWORD'),
      RABBITMQ_PASSWORD: variable(broker.Env, 'RABBITMQ_DEFAULT_PASS'),
      COMPOSE_PROFILES: profilesOf(containers).join(','),
    },
  });
}

/** The profiles whose services are there. */
function profilesOf(containers: readonly Container[]): string[] {
  const of: Readonly<Record<string, string>> = { localstack: 'localstack', ministack: 'ministack', 'gpu-worker': 'gpu' };
  return [...new Set(containers.flatMap(({ service }) => of[service] ?? []))];
}

async function inspected({ id }: Container): Promise<Inspected> {
  const [found] = JSON.parse(await docker(['inspect', id])) as [Inspected];
  return found;
}

function variable(env: readonly string[], name: string): string {
  return env.find((line) => line.startsWith(`${name}=`))?.slice(name.length + 1) ?? '';
}
