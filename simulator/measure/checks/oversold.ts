import type { PlannedEffect } from '../../domain/plan.ts';
import { type CheckDefinition, EXAMPLES_MAX, seconds, triedFor } from './check.ts';
import { Sparse } from './sparse.ts';

/** No more units of a stock are taken than there were; units that went back can be taken again. */
export const oversold: CheckDefinition = {
  name: 'oversold',
  description: 'units taken from a stock beyond what there was at the start',
  needs: ({ effects }) => effects.some((effect) => effect.takes !== undefined),
  create({ words, effects, datasets }) {
    const taken = datasets.map(() => new Sparse(0));
    const takenAt = datasets.map(() => new Sparse(-1));
    let count = 0;
    const examples: { entity: number; text: string }[] = [];
    return {
      roles: ['accepted', 'applied'],
      effects: new Set(effects.flatMap((effect, i) => (takesOf(effect, effects) < 0 ? [] : [i]))),
      take(line) {
        const dataset = takesOf(effects[line.effect], effects);
        const stock = datasets[dataset]?.stock;
        const sums = taken[dataset];
        if (stock === undefined || sums === undefined) return;
        const there = line.row < stock.hot_rows ? stock.hot : stock.each;
        const before = sums.get(line.row);
        if (effects[line.effect]?.undoes !== undefined) {
          sums.set(line.row, before - line.count);
          return;
        }
        sums.set(line.row, before + line.count);
        const beyond = Math.min(line.count, before + line.count - there);
        const last = takenAt[dataset]?.get(line.row) ?? -1;
        takenAt[dataset]?.set(line.row, line.at_ms);
        if (beyond <= 0) return;
        count += beyond;
        if (examples.length >= EXAMPLES_MAX) return;
        const who = `entity ${line.entity}: ${words.effect(line.effect)} at ${seconds(line.at_ms)} by ${words.part(line.part)}`;
        const what = `unit ${before + line.count} of the ${there} that object ${line.row} had in ${datasets[dataset]?.name}`;
        const after = last < 0 ? '' : `; the one before went at ${seconds(last)}`;
        examples.push({ entity: line.entity, text: `${who}, attempt ${line.attempt}, ${what}${after}` });
      },
      finish() {
        const told = examples.map(({ entity, text }) => `${text}${triedFor(entity, words)}`);
        return { name: oversold.name, description: oversold.description, count, examples: told };
      },
    };
  },
};

/** The dataset whose stock an effect takes from, or puts back; else -1. */
function takesOf(effect: PlannedEffect | undefined, effects: readonly PlannedEffect[]): number {
  return effect?.takes ?? effects[effect?.undoes ?? -1]?.takes ?? -1;
}
