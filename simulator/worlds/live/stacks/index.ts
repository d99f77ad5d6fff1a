import { UnavailableError } from '../../../domain/problem.ts';
import type { StackWanted } from './embedded.ts';
import type { Stack } from './stack.ts';

const STACKS: Readonly<Record<Stack['name'], (o: StackWanted) => Promise<Stack>>> = {
  embedded: async (o) => (await import('./embedded.ts')).openEmbedded(o),
  compose: async (o) => (await import('./compose.ts')).openCompose(o),
  endpoint: () => notYet('endpoint', 'what is running already'),
};

export const STACK_NAMES = Object.keys(STACKS) as Stack['name'][];

/** Brings up the stack of this name. Throws: UnavailableError when a part of it does not come up, or there is no such stack yet. */
export function openStack(name: Stack['name'], o: StackWanted): Promise<Stack> {
  return STACKS[name](o);
}

function notYet(name: string, what: string): Promise<never> {
  throw new UnavailableError(
    `The stack ${name} (${what}) is not there yet. There is --stack embedded: PostgreSQL, RabbitMQ and an AWS endpoint as processes on loopback; npm run doctor says what it finds of them here.`,
  );
}
