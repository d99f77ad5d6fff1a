import { UnavailableError } from '../../../domain/problem.ts';
import type { StackWanted } from './embedded.ts';
import type { Stack } from './stack.ts';

const embedded = async (o: StackWanted) => (await import('./embedded.ts')).openEmbedded(o);
/** The endpoint stack is the embedded one with the AWS endpoint that runs already. */
const STACKS: Readonly<Record<Stack['name'], (o: StackWanted) => Promise<Stack>>> = {
  embedded,
  compose: () => notYet('compose', 'containers'),
  endpoint: embedded,
};

export const STACK_NAMES = Object.keys(STACKS) as Stack['name'][];
export const AWS_BACKENDS = ['embedded', 'ministack'] as const;

/** Brings up the stack of this name. Throws: UnavailableError when a part of it does not come up, or there is no such stack yet. */
export async function openStack(o: StackWanted): Promise<Stack> {
  return STACKS[o.choice.name](o);
}

function notYet(name: string, what: string): Promise<never> {
  throw new UnavailableError(
    `The stack ${name} (${what}) is not there yet. There is --stack embedded: PostgreSQL, RabbitMQ and an AWS endpoint as processes on loopback, and --stack endpoint, where the AWS endpoint is one that runs already; npm run doctor says what it finds of them here.`,
  );
}
