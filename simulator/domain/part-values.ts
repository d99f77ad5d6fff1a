import type { PoolResult } from './cell.ts';
import { mean, scaled } from './distribution.ts';
import type { Part } from './plan.ts';
import { Sampler } from './sampler.ts';

/**
 * A resolved number of a part; a law counts as its mean.
 *
 * Throws: RangeError when the plan lacks it, which is a fault of the plan, not of the user.
 */
export function numberOf(part: Part, name: string): number {
  return mean(lawOf(part, name));
}

/** A resolved law of a part, `factor` times as long, ready to draw from. */
export function samplerOf(part: Part, name: string, factor = 1): Sampler {
  const law = lawOf(part, name);
  return new Sampler(factor === 1 ? law : scaled(law, factor));
}

function lawOf(part: Part, name: string) {
  const law = part.values[name];
  if (law === undefined)
    throw new RangeError(`part ${part.path} has no value for ${name}: plan/parameters/${part.kind}.ts should have it`);
  return law;
}

/** What a part that is a pool is called and was planned as, as results of either world tell it; nothing of other parts. */
export function plannedPool(part: Part): Pick<PoolResult, 'name' | 'kind' | 'controller' | 'slots' | 'holding_s'> | undefined {
  const { kind, path, sizing } = part;
  if (kind !== 'function' && kind !== 'server' && kind !== 'gpu') return undefined;
  return {
    name: path,
    kind,
    controller: sizing?.controller.name ?? 'platform',
    slots: sizing?.slots ?? 1,
    holding_s: (sizing?.holding_ms ?? 0) / 1000,
  };
}
