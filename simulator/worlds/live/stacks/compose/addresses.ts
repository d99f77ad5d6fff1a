import type { Container } from '../../../../domain/container.ts';
import { UnavailableError } from '../../../../domain/problem.ts';
import type { Addresses, AwsAddress } from '../../contract.ts';
import { everyService, REGION, TEST_CREDENTIALS } from '../aws/address.ts';
import type { ComposeProject } from './project.ts';

/** Ports of the services in their containers. */
const PORTS = { postgres: 5432, rabbitmq: 5672, aws: 4566, functions: 8080 } as const;

const OTLP_PORT = 4318;

type Places = Record<keyof typeof PORTS, string>;

/** The parts as this machine reaches them, on loopback. Throws: UnavailableError that names the service without a port. */
export function outsideOf(
  project: ComposeProject,
  functions: AwsAddress['functions'],
  containers: readonly Container[],
): Addresses & { aws: AwsAddress } {
  const at = (service: string, port: number) => {
    const found = containers.find((c) => c.service === service)?.ports[port];
    if (found === undefined)
      throw new UnavailableError(
        `the service ${service} of project ${project.name} has no port on loopback: npm run stack status`,
      );
    return `127.0.0.1:${found}`;
  };
  return addressesOf(project, functions, {
    postgres: at('postgres', PORTS.postgres),
    rabbitmq: at('rabbitmq', PORTS.rabbitmq),
    aws: at(project.backend, PORTS.aws),
    functions: at('functions', PORTS.functions),
  });
}

/** Where the collector of the profile `observe` takes traces, if it runs. */
export function collectorOf(containers: readonly Container[]): string | undefined {
  const port = containers.find(({ service, state }) => service === 'collector' && state === 'running')?.ports[OTLP_PORT];
  return port === undefined ? undefined : `http://127.0.0.1:${port}`;
}

/** The parts as containers reach them, by the names of the network. */
export function insideOf(project: ComposeProject, functions: AwsAddress['functions']): Addresses {
  const places = Object.entries(PORTS).map(([service, port]) => [service, `${service}:${port}`]);
  return addressesOf(project, functions, Object.fromEntries(places) as Places);
}

/** Functions run in this project's own runtime, which alone counts what they do and holds them to memory and CPU, or in the emulator. */
function addressesOf(
  { env, backend }: ComposeProject,
  functions: AwsAddress['functions'],
  at: Places,
): Addresses & { aws: AwsAddress } {
  return {
    postgres: { url: `postgres://placement_lab:${env.POSTGRES_PASSWORD}@${at.postgres}/placement_lab` },
    rabbitmq: { url: `amqp://placement:${env.RABBITMQ_PASSWORD}@${at.rabbitmq}` },
    aws: {
      backend: backend === 'ministack' ? 'ministack' : 'url',
      functions,
      // Control groups cannot be written in a container without rights.
      ...(functions === 'own' ? { cpu_share: 'stretch' as const } : {}),
      region: REGION,
      ...TEST_CREDENTIALS,
      endpoints: { ...everyService(`http://${at.aws}`), lambda: `http://${functions === 'own' ? at.functions : at.aws}` },
    },
  };
}
