import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Dense } from '../../simulator/measure/checks/dense.ts';
import { Sparse } from '../../simulator/measure/checks/sparse.ts';

/** The obvious table, for the clever ones to be held against. */
function entries(table: Dense | Sparse): [number, number][] {
  const all: [number, number][] = [];
  table.forEach((key, value) => void all.push([key, value]));
  return all;
}

describe.each([
  ['Sparse', () => new Sparse(-1)],
  ['Dense', () => new Dense(-1)],
] as const)('%s', (_, create) => {
  it('answers as a Map does, and lists keys in rising order', () => {
    const writes = fc.array(fc.tuple(fc.integer({ min: 0, max: 400_000 }), fc.integer({ min: 0, max: 1e9 })), { maxLength: 200 });
    fc.assert(
      fc.property(writes, (pairs) => {
        const table = create();
        const map = new Map<number, number>();
        for (const [key, value] of pairs) {
          table.set(key, value);
          map.set(key, value);
        }
        expect(entries(table)).toEqual([...map].sort(([a], [b]) => a - b));
        for (const key of [0, 1, 399_999]) expect(table.get(key)).toBe(map.get(key) ?? -1);
      }),
      { numRuns: 50, seed: 1 },
    );
  });

  it('stays quick and right with half a million keys in steps of twelve', () => {
    const table = create();
    for (let k = 0; k < 500_000; k++) table.set(12 * k, k);
    for (let k = 0; k < 500_000; k += 997) expect(table.get(12 * k)).toBe(k);
    expect(table.get(13)).toBe(-1);
  });
});
