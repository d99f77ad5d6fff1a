import { type CheckDefinition, EXAMPLES_MAX, seconds, triedFor } from './check.ts';
import { Dense } from './dense.ts';

/** Messages that were published, are not worked off, and still lie in a queue when the drain is over. */
export const pending: CheckDefinition = {
  name: 'pending',
  description: 'messages that were still under way when the run ended',
  create({ words }) {
    const open = new Dense(-1);
    const entityOf = new Dense(-1, Int32Array);
    const done = new Dense(0, Uint8Array);
    return {
      roles: ['published', 'worked-off'],
      take(line) {
        if (line.role === 'published') {
          open.set(line.cause, line.at_ms);
          entityOf.set(line.cause, line.entity);
        } else done.set(line.cause, 1);
      },
      finish({ isPending }) {
        let count = 0;
        const examples: string[] = [];
        open.forEach((cause, at) => {
          if (done.get(cause) === 1 || !isPending(cause)) return;
          count++;
          if (examples.length >= EXAMPLES_MAX) return;
          examples.push(`message ${cause} published at ${seconds(at)}${triedFor(entityOf.get(cause), words)}`);
        });
        return { name: pending.name, description: pending.description, count, examples };
      },
    };
  },
};
