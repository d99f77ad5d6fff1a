import { setTimeout as sleep } from 'node:timers/promises';
import type { Container } from '../../../../domain/container.ts';
import type { ComposeProject } from './project.ts';

const LOOK_MS = 1_000;

/**
 * Builds what is not built, starts everything and waits until it is healthy; says what it waits for whenever that changes.
 *
 * Returns seconds from the first container to all of them being healthy.
 * Throws: UnavailableError with Docker's words, or with the last lines of the container that did not become healthy.
 */
export async function bringUp(project: ComposeProject, say: (text: string) => void): Promise<number> {
  const { backend } = project;
  say(`${project.name}: building the image of the programs`);
  await project.build();
  say(`${project.name}: starting containers, with ${backend} as the AWS endpoint`);
  if (backend === 'localstack')
    say(
      'warning: LocalStack runs functions in containers of its own and is given the socket of the engine: who gets into it has this machine',
    );
  const began = performance.now();
  const over = new AbortController();
  const told = tellWaiting(project, { say, over: over.signal });
  try {
    await project.up(() => undefined);
    return (performance.now() - began) / 1000;
  } catch (error) {
    const ill = (await project.containers().catch(() => [])).filter(isIll);
    const logs = ill.length === 0 ? '' : await project.logs(ill.map(({ service }) => service)).catch(() => '');
    (error as Error).message += logs === '' ? '' : `\nThe last lines of what they said:\n${logs}`;
    throw error;
  } finally {
    over.abort();
    await told;
  }
}

/** Says who is not healthy yet, until it is over. */
async function tellWaiting(
  project: ComposeProject,
  { say, over }: { say(text: string): void; over: AbortSignal },
): Promise<void> {
  let before = '';
  for (;;) {
    await sleep(LOOK_MS, undefined, { signal: over }).catch(() => undefined);
    if (over.aborted) return;
    const containers = await project.containers().catch(() => []);
    const waiting = waitingFor(containers);
    if (waiting !== '' && waiting !== before && !over.aborted) say(`waiting for ${waiting}`);
    before = waiting;
  }
}

function isIll({ state, health }: Container): boolean {
  return state !== 'running' || health === 'starting' || health === 'unhealthy';
}

function waitingFor(containers: readonly Container[]): string {
  return containers
    .filter(isIll)
    .map(({ service, state, health }) => `${service} (${state === 'running' ? health : state})`)
    .join(', ');
}
