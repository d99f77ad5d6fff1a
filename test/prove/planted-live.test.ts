import { afterAll, describe, expect, it } from 'vitest';
import { openLiveWorld } from '../live/live-world.ts';
import { PLANTED_SMALL } from '../planted/planted.ts';
import { cellOf, count } from '../virtual/small.ts';

const live = await openLiveWorld(PLANTED_SMALL.flatMap(({ correct, defect }) => [cellOf(correct), cellOf(defect)]));
afterAll(() => live?.end());

describe.skipIf(live === undefined)('a planted defect over real parts', () => {
  const table: Record<string, string | number>[] = [];
  afterAll(() => console.table(table));

  it.each(PLANTED_SMALL)('$name is caught by $caught under $fault, and its correct variant passes there', async (planted) => {
    const { name, fault, caught, correct, defect } = planted;
    const right = await live!.play(cellOf(correct));
    const wrong = await live!.play(cellOf(defect));
    table.push({ defect: name, fault, 'caught by': caught, correct: count(right, caught), defective: count(wrong, caught) });
    expect(count(right, caught)).toBe(0);
    expect(count(wrong, caught)).toBeGreaterThan(0);
    for (const check of ['lost', 'twice']) expect([check, count(right, check)]).toEqual([check, 0]);
  });
});
