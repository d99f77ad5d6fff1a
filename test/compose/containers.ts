/** The stack takes minutes and needs images, so it is asked for: the gate does where an engine runs. */
export const HAS_CONTAINERS = process.env.PLACEMENT_STACK === 'compose';

/** What a command needs to reach this machine's engine, and the one AWS endpoint that can be proven here. */
export const CONTAINER_ENV: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['DOCKER_CONFIG', 'DOCKER_HOST'].flatMap((name) => pair(name, process.env[name]))),
  COMPOSE_PROFILES: 'ministack',
};

function pair(name: string, value: string | undefined): [string, string][] {
  return value === undefined ? [] : [[name, value]];
}
