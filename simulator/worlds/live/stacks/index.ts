import { InputError } from '../../../domain/problem.ts';
import type { StackWanted } from './embedded.ts';
import type { Stack } from './stack.ts';

const STACKS: Readonly<Record<string, (o: StackWanted) => Promise<Stack>>> = {
  embedded: async (o) => (await import('./embedded.ts')).openEmbedded(o),
  compose: async (o) => (await import('./compose.ts')).openCompose(o),
};

/** Brings up the stack of this name. Throws: InputError when there is none, UnavailableError when a part of it does not come up. */
export function openStack(name: string, o: StackWanted): Promise<Stack> {
  const open = STACKS[name];
  if (open === undefined)
    throw new InputError([{ path: '--stack', message: `no stack is called ${name}`, expected: Object.keys(STACKS).join(', ') }]);
  return open(o);
}
