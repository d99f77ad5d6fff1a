import { type CheckDefinition, EXAMPLES_MAX, seconds, triedFor } from './check.ts';
import { Dense } from './dense.ts';
import { Sparse } from './sparse.ts';

/** No effect takes place twice for the same message, and nothing is accepted twice. */
export const twice: CheckDefinition = {
  name: 'twice',
  description: 'the same effect applied again for the same message, or the same action accepted again',
  create({ words }) {
    const firstOf = new Map<number, Dense | Sparse>();
    let count = 0;
    const examples: string[] = [];
    return {
      roles: ['accepted', 'applied'],
      take(line) {
        // Effects of messages and of operations are counted apart: their integers are of different kinds.
        const table = line.effect * 2 + (line.cause < 0 ? 0 : 1);
        const key = line.cause < 0 ? line.entity : line.cause;
        let first = firstOf.get(table);
        if (first === undefined) {
          first = line.cause < 0 ? new Sparse(-1) : new Dense(-1);
          firstOf.set(table, first);
        }
        const before = first.get(key);
        if (before < 0) {
          first.set(key, line.at_ms);
          return;
        }
        count++;
        if (examples.length >= EXAMPLES_MAX) return;
        const again = `again at ${seconds(line.at_ms)} by ${words.part(line.part)}, attempt ${line.attempt}`;
        const what = line.cause < 0 ? `entity ${line.entity}` : `entity ${line.entity}, message ${line.cause}`;
        examples.push(`${what}: ${words.effect(line.effect)} at ${seconds(before)}, ${again}${triedFor(line.entity, words)}`);
      },
      finish: () => ({ name: twice.name, description: twice.description, count, examples }),
    };
  },
};
