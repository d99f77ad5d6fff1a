import type { Subject } from './check.ts';
import { counted } from './counted.ts';

/** What was paid back: how often the way out was needed. */
export const refunded = counted('refunded', {
  role: 'applied',
  description: 'charges that were paid back, because what they were for could not be done',
  needs: (subject) => undoing(subject).size > 0,
  effects: undoing,
  story: (line, words) =>
    `entity ${line.entity}: ${words.effect(line.effect)} by ${words.part(line.part)}, attempt ${line.attempt}`,
});

/** Effects that take back what an entity was charged. */
function undoing({ effects, entities }: Subject): ReadonlySet<number> {
  const charged = new Set(entities.map((entity) => entity.charged));
  return new Set(effects.flatMap(({ undoes = -1 }, i) => (undoes >= 0 && charged.has(undoes) ? [i] : [])));
}
