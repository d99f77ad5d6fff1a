import { type CheckDefinition, EXAMPLES_MAX, seconds, triedFor } from './check.ts';
import { Dense } from './dense.ts';
import { Sparse } from './sparse.ts';

/**
 * Every message that an accepted entity promised is worked off once, or still under way at the end.
 *
 * Nothing is owed any more for an entity whose acceptance was taken back.
 */
export const lost: CheckDefinition = {
  name: 'lost',
  description: 'accepted, but something promised with it was never done and is not under way any more',
  create({ words, effects }) {
    const undoing = new Set(effects.flatMap(({ undoes = -1 }, i) => (effects[undoes]?.role === 'accepted' ? [i] : [])));
    const seen = new Set(effects.flatMap(({ role }, i) => (role !== 'applied' || undoing.has(i) ? [i] : [])));
    const undone = new Sparse(0);
    const promised = new Sparse(0);
    const published = new Sparse(0);
    const acceptedAt = new Sparse(-1);
    const done = new Dense(0, Uint8Array);
    const entityOf = new Dense(-1, Int32Array);
    const dead = new Map<number, string[]>();
    return {
      roles: ['accepted', 'published', 'worked-off', 'dead-lettered', 'applied'],
      effects: seen,
      take(line) {
        if (line.role === 'applied') undone.set(line.entity, 1);
        else if (line.role === 'accepted') {
          if (acceptedAt.get(line.entity) >= 0) return;
          acceptedAt.set(line.entity, line.at_ms);
          promised.set(line.entity, line.count);
        } else if (line.role === 'published') {
          entityOf.set(line.cause, line.entity);
          published.add(line.entity, line.count);
        } else if (line.role === 'worked-off') {
          done.set(line.cause, 1);
        } else if (dead.size < EXAMPLES_MAX || dead.has(line.entity)) {
          const told = dead.get(line.entity) ?? [];
          if (told.length < 3)
            told.push(`${words.part(line.part)} gave up at ${seconds(line.at_ms)} after receive ${line.attempt}`);
          dead.set(line.entity, told);
        }
      },
      finish({ isPending, isUnderWay }) {
        const gone = new Sparse(0);
        entityOf.forEach((cause, entity) => {
          if (done.get(cause) === 0 && !isPending(cause)) gone.add(entity, 1);
        });
        let count = 0;
        const examples: string[] = [];
        acceptedAt.forEach((entity, at) => {
          if (undone.get(entity) > 0) return;
          const unsent = isUnderWay(entity) ? 0 : Math.max(0, promised.get(entity) - published.get(entity));
          const missing = unsent + gone.get(entity);
          if (missing === 0) return;
          count += missing;
          if (examples.length >= EXAMPLES_MAX) return;
          const why = [
            ...(dead.get(entity) ?? []),
            ...(unsent > 0 ? [`${unsent} of ${promised.get(entity)} messages never published`] : []),
          ];
          if (why.length === 0) why.push('no queue holds it any more');
          examples.push(
            `entity ${entity} accepted at ${seconds(at)}: ${missing} of ${promised.get(entity)} lost; ${why.join('; ')}${triedFor(entity, words)}`,
          );
        });
        return { name: lost.name, description: lost.description, count, examples };
      },
    };
  },
};
