import type { StackWanted } from './embedded.ts';
import type { Stack } from './stack.ts';

const embedded = async (o: StackWanted) => (await import('./embedded.ts')).openEmbedded(o);
/** The endpoint stack is the embedded one with the AWS endpoint that runs already. */
const STACKS: Readonly<Record<Stack['name'], (o: StackWanted) => Promise<Stack>>> = {
  embedded,
  compose: async (o) => (await import('./compose.ts')).openCompose(o),
  endpoint: embedded,
};

export const STACK_NAMES = Object.keys(STACKS) as Stack['name'][];
export const AWS_BACKENDS = ['embedded', 'ministack'] as const;

/** Brings up the stack of this name. Throws: UnavailableError when a part of it does not come up, or there is no such stack yet. */
export async function openStack(o: StackWanted): Promise<Stack> {
  return STACKS[o.choice.name](o);
}
