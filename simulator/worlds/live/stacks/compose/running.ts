import type { Container } from '../../../../domain/container.ts';
import { docker } from './engine.ts';
import { ComposeProject } from './project.ts';

interface Inspected {
  Config: { Env: string[] };
  Mounts: { Type: string; Source: string; Destination: string }[];
}

/**
 * The project that is up, with its passwords and folder as its containers know them; undefined where there is none.
 *
 * So nothing has to be kept beside the containers, and nothing can disagree with them.
 */
export async function runningProject(): Promise<ComposeProject | undefined> {
  const containers = await new ComposeProject({ runs: '/' }).containers();
  const running = (service: string) => containers.find((c) => c.service === service && c.state === 'running');
  const [postgres, rabbitmq, functions] = ['postgres', 'rabbitmq', 'functions'].map(running);
  if (!postgres || !rabbitmq || !functions) return undefined;
  const [{ Config: database }, { Config: broker }, { Mounts }] = (await Promise.all(
    [postgres, rabbitmq, functions].map(inspected),
  )) as [Inspected, Inspected, Inspected];
  return new ComposeProject({
    runs: Mounts.find((mount) => mount.Type === 'bind' && mount.Source === mount.Destination)?.Source ?? '/',
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
