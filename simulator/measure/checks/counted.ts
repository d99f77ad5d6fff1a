import type { EffectRole } from '../../domain/plan.ts';
import { type CheckDefinition, EXAMPLES_MAX, type Line, type Subject, seconds, type Words } from './check.ts';

/** A check that counts every line of one role, or of some of its effects. */
export function counted(
  name: string,
  o: {
    role: EffectRole;
    description: string;
    story(line: Line, words: Words): string;
    needs?(subject: Subject): boolean;
    /** Of the role's lines only those of these effects. */
    effects?(subject: Subject): ReadonlySet<number>;
  },
): CheckDefinition {
  return {
    name,
    description: o.description,
    ...(o.needs === undefined ? {} : { needs: o.needs }),
    create(context) {
      const { words } = context;
      let count = 0;
      const examples: string[] = [];
      return {
        roles: [o.role],
        ...(o.effects === undefined ? {} : { effects: o.effects(context) }),
        take(line) {
          count += line.count;
          if (examples.length < EXAMPLES_MAX) examples.push(`${o.story({ ...line }, words)} at ${seconds(line.at_ms)}`);
        },
        finish: () => ({ name, description: o.description, count, examples }),
      };
    },
  };
}
