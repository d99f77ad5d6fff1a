import type { PlannedEffect, PlannedEntity } from '../../domain/plan.ts';
import { type CheckDefinition, EXAMPLES_MAX, type Words } from './check.ts';
import { Chronicle } from './chronicle.ts';

/** How often `effect` happened to the entity in question, and how often that was taken back. */
interface Counts {
  times(effect: number): number;
  undone(effect: number): number;
  /** Happened and was not taken back. */
  stands(effect: number): boolean;
}

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
    /** Only where something undoes the relation. */
    isUndone?: true;
    /** What is still to be done for the entity may mend it, so that nobody can say yet. */
    isMendable?: true;
    ending(entity: PlannedEntity, words: Words, counts: Counts): string;
  },
): CheckDefinition {
  const concerned = (entity: PlannedEntity, effects: readonly PlannedEffect[]): boolean =>
    entity[o.relation] >= 0 && (o.isUndone !== true || effects.some(({ undoes }) => undoes === entity[o.relation]));
  return {
    name,
    description: o.description,
    needs: ({ entities, effects }) => entities.some((entity) => concerned(entity, effects)),
    create({ words, entities, effects }) {
      const meant = entities.filter((entity) => concerned(entity, effects));
      const chronicle = new Chronicle();
      const own = new Set(meant.flatMap((e) => [e.accepted, e.reserved, e.charged].filter((effect) => effect >= 0)));
      const undoing = effects.flatMap(({ undoes }, i) => (own.has(undoes ?? -1) ? [i] : []));
      const countsOf = (entity: number): Counts => {
        const times = (effect: number) => chronicle.count(entity, effect);
        const undone = (effect: number) =>
          undoing.filter((i) => effects[i]?.undoes === effect).reduce((sum, i) => sum + times(i), 0);
        return { times, undone, stands: (effect) => times(effect) > undone(effect) };
      };
      return {
        roles: ['accepted', 'applied'],
        effects: new Set([...own, ...undoing]),
        take: (line) => chronicle.take(line),
        finish({ isUnderWay }) {
          let count = 0;
          const examples: string[] = [];
          chronicle.forEach((entity) => {
            if (o.isMendable && isUnderWay(entity)) return;
            for (const of of meant) {
              const counts = countsOf(entity);
              const times = o.broken(counts, of);
              if (times === 0) continue;
              count += times;
              if (examples.length < EXAMPLES_MAX)
                examples.push(`${chronicle.story(entity, words)}${o.ending(of, words, counts)}`);
            }
          });
          return { name, description: o.description, count, examples };
        },
      };
    },
  };
}

/** Why `effect` does not stand. */
export function absent(effect: number, { times }: Counts, words: Words): string {
  return times(effect) === 0 ? `; never ${words.effect(effect)}` : `; ${words.effect(effect)} was taken back`;
}
