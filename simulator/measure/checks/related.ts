import type { PlannedEntity } from '../../domain/plan.ts';
import { type CheckDefinition, EXAMPLES_MAX, type Words } from './check.ts';
import { Chronicle } from './chronicle.ts';

/** How often `effect` happened to the entity in question. */
type Counts = (effect: number) => number;

/**
 * A check that looks at one entity at a time, when the run is over: how its effects stand to each other.
 *
 * It reads relations that the application states and no names, so that a parcel or a ticket is checked as an order is.
 */
export function related(
  name: string,
  o: {
    relation: 'reserved' | 'charged';
    description: string;
    /** How often the entity breaks it. */
    broken(counts: Counts, entity: PlannedEntity): number;
    ending(entity: PlannedEntity, words: Words): string;
  },
): CheckDefinition {
  const concerned = (entity: PlannedEntity): boolean => entity[o.relation] >= 0;
  return {
    name,
    description: o.description,
    needs: ({ entities }) => entities.some(concerned),
    create({ words, entities }) {
      const meant = entities.filter(concerned);
      const chronicle = new Chronicle();
      return {
        roles: ['accepted', 'applied'],
        effects: new Set(meant.flatMap((e) => [e.accepted, e.reserved, e.charged].filter((effect) => effect >= 0))),
        take: (line) => chronicle.take(line),
        finish() {
          let count = 0;
          const examples: string[] = [];
          chronicle.forEach((entity) => {
            for (const of of meant) {
              const times = o.broken((effect) => chronicle.count(entity, effect), of);
              if (times === 0) continue;
              count += times;
              if (examples.length < EXAMPLES_MAX) examples.push(`${chronicle.story(entity, words)}${o.ending(of, words)}`);
            }
          });
          return { name, description: o.description, count, examples };
        },
      };
    },
  };
}
