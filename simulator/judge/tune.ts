import type { FluidDefinition, FluidPolicy } from '../domain/fluid.ts';
import { costs, type Field, play, settling, sumOf } from './fluid.ts';

/** Tries every candidate on the history alone and hands back the policy that was cheapest there, with what it is; the first of equals. */
export function tuned<O>(definition: FluidDefinition<O>, history: Field, initial: number): { policy: FluidPolicy; options?: O } {
  const setting = { ...settingOf(history), initial };
  const candidates = definition.grid?.(history.step_s) ?? [];
  let best: O | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const unlearnt = { ...setting, history: new Float64Array(0), initial: history.demand[0] ?? 1 };
    const supply = play(definition.create(unlearnt, candidate), history);
    const cost = sumOf(costs(supply, history, settling(history.lag)));
    if (cost >= least) continue;
    least = cost;
    best = candidate;
  }
  if (best === undefined) return { policy: definition.create(setting) };
  return { policy: definition.create(setting, best), options: best };
}

function settingOf({ capacity, lag, kappa, step_s, load }: Field) {
  return { capacity, lag, kappa, step_s, history: load };
}
