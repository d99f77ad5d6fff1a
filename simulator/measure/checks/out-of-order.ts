import { type CheckDefinition, EXAMPLES_MAX, seconds, triedFor } from './check.ts';
import { Dense } from './dense.ts';

/**
 * Messages whose order is promised take effect in the order in which they were published.
 *
 * Lines come in the order of the mechanics, which may run ahead of one another, so that times are compared at the end. A message that is
 * applied again long after a later one has put the old state back: its last effect counts, and the first one of those that follow it.
 */
export const outOfOrder: CheckDefinition = {
  name: 'out_of_order',
  description: 'took effect before an earlier message of its group had, where order was promised',
  create({ promisesOrder, words }) {
    const groupOf = new Dense(-1);
    const entityOf = new Dense(-1, Int32Array);
    const firstAt = new Dense(-1);
    const lastAt = new Dense(-1);
    return {
      roles: promisesOrder ? ['published', 'applied', 'worked-off'] : [],
      take(line) {
        if (line.role === 'published') {
          if (line.group < 0) return;
          groupOf.set(line.cause, line.group);
          entityOf.set(line.cause, line.entity);
          return;
        }
        if (line.cause < 0 || groupOf.get(line.cause) < 0) return;
        const first = firstAt.get(line.cause);
        if (first < 0 || line.at_ms < first) firstAt.set(line.cause, line.at_ms);
        if (line.at_ms > lastAt.get(line.cause)) lastAt.set(line.cause, line.at_ms);
      },
      finish() {
        let count = 0;
        const examples: string[] = [];
        /** By group: the earlier message that took effect last. */
        const latest = new Map<number, number>();
        groupOf.forEach((cause, group) => {
          const at = firstAt.get(cause);
          if (at < 0) return;
          const before = latest.get(group);
          const until = before === undefined ? -1 : lastAt.get(before);
          if (at < until) {
            count++;
            if (examples.length < EXAMPLES_MAX) {
              const late = `message ${before}, published before it, took effect until ${seconds(until)}`;
              examples.push(`message ${cause} at ${seconds(at)}; ${late}${triedFor(entityOf.get(cause), words)}`);
            }
          }
          if (before === undefined || lastAt.get(cause) > until) latest.set(group, cause);
        });
        return { name: outOfOrder.name, description: outOfOrder.description, count, examples };
      },
    };
  },
};
