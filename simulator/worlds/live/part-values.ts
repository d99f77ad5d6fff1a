import { mean } from '../../domain/distribution.ts';
import type { Part } from '../../domain/plan.ts';

/**
 * A resolved number of a part; a law counts as its mean.
 *
 * Throws: RangeError when the plan lacks it, which is a fault of the plan, not of the user.
 */
export function numberOf(part: Part, name: string): number {
  const law = part.values[name];
  if (law === undefined)
    throw new RangeError(`part ${part.path} has no value for ${name}: plan/parameters/${part.kind}.ts should have it`);
  return mean(law);
}
