import { mean } from '../../domain/distribution.ts';
import type { Part } from '../../domain/plan.ts';
import { Sampler } from '../../domain/sampler.ts';

/**
 * A resolved number of a part; a law counts as its mean.
 *
 * Throws: RangeError when the plan lacks it, which is a fault of the plan, not of the user.
 */
export function numberOf(part: Part, name: string): number {
  return mean(lawOf(part, name));
}

/** A resolved law of a part, ready to draw from. */
export function samplerOf(part: Part, name: string): Sampler {
  return new Sampler(lawOf(part, name));
}

function lawOf(part: Part, name: string) {
  const law = part.values[name];
  if (law === undefined)
    throw new RangeError(`part ${part.path} has no value for ${name}: plan/parameters/${part.kind}.ts should have it`);
  return law;
}
