import { describe, expect, it } from 'vitest';
import { Stream } from '../../simulator/domain/draws.ts';
import type { GateMeasure } from '../../simulator/domain/gate.ts';
import { compareTurns, LIVE_RULE } from '../../simulator/measure/gate/compare-live.ts';
import { permutationTest } from '../../simulator/measure/gate/permutation.ts';
import type { TurnRow } from '../../simulator/measure/gate/turn-statistics.ts';

const PAIRS = 18;
const EACH = 12;

interface Planted {
  factor?: number;
  /** Only of requests that are slow anyway. */
  tail?: number;
  fails?: number;
  noise?: number;
}

/** Two versions that served the same requests: each has a demand of its own, each pair a machine of its own, each answer some noise. */
function played(seed: number, planted: Planted = {}) {
  const stream = new Stream(seed, 'turns');
  const normal = () => Math.sqrt(-2 * Math.log(1 - stream.next())) * Math.cos(2 * Math.PI * stream.next());
  const { factor = 1, tail = 1, fails = 0, noise = 0.2 } = planted;
  const [before, now]: TurnRow[][] = [[], []];
  for (let pair = 0; pair < PAIRS; pair++) {
    const machine = Math.exp(0.3 * normal());
    for (let i = 0; i < EACH; i++) {
      const demand = 10 * Math.exp(0.6 * normal()) * machine;
      const slow = demand > 17 ? tail : 1;
      const action = pair * EACH + i;
      before?.push([pair, action, i % 2, demand * Math.exp(noise * normal())]);
      now?.push([pair, action, i % 2, stream.next() < fails ? null : demand * factor * slow * Math.exp(noise * normal())]);
    }
  }
  return { pairs: PAIRS, before: before as TurnRow[], now: now as TurnRow[] };
}

const compared = (turns: ReturnType<typeof played>) =>
  compareTurns(turns, { row: 'x', operations: ['read', 'sign'], turn_ms: 300 });
const standings = (measures: GateMeasure[], standing: GateMeasure['standing']) =>
  measures.filter((one) => one.standing === standing).map((one) => one.measure);

describe('two versions in turns', () => {
  it('cry wolf over all their measures together in about one of a hundred comparisons of the same', () => {
    const alarms = Array.from({ length: 150 }, (_, seed) => compared(played(seed))).filter(
      (found) => standings(found, 'worse').length > 0,
    );
    expect(alarms.length).toBeLessThanOrEqual(4);
  });

  it('find a slow-down of a fifth, and say that it is slower', () => {
    const found = Array.from({ length: 20 }, (_, seed) => compared(played(seed, { factor: 1.2, noise: 0.1 })));
    expect(found.filter((one) => standings(one, 'worse').includes('read latency')).length).toBeGreaterThanOrEqual(19);
    const [first] = found[0] ?? [];
    expect(first?.difference).toBeGreaterThan(0);
    expect(first?.detectable).toBeGreaterThan(0);
  });

  it('find what only the slow end of the distribution shows', () => {
    const found = standings(compared(played(3, { tail: 2.5, noise: 0.05 })), 'worse');
    expect(found).toContain('read tail');
  });

  it('find requests that are not answered, whatever the latency of the others', () => {
    const found = standings(compared(played(3, { fails: 0.5, factor: 0.7 })), 'worse');
    expect(found).toEqual(expect.arrayContaining(['read error_rate', 'sign error_rate', 'throughput']));
  });

  it('call faster better, not worse', () => {
    const found = compared(played(3, { factor: 0.6, noise: 0.1 }));
    expect(standings(found, 'better')).toContain('read latency');
    expect(standings(found, 'worse')).toEqual([]);
  });

  it('are unclear, and say from which size on they would see, where noise hides what matters', () => {
    const found = compared(played(3, { noise: 2 }));
    expect(standings(found, 'unclear').length).toBeGreaterThan(0);
    for (const one of found.filter((measure) => measure.standing === 'unclear'))
      expect((one.detectable as number) / (one.before as number)).toBeGreaterThan(LIVE_RULE.tolerance);
  });

  it('give the same verdict for the same rows', () => {
    expect(compared(played(5))).toEqual(compared(played(5)));
  });
});

describe('a test by swapping sides', () => {
  const mean = (values: readonly number[]) => (signs: Int8Array, weights?: Uint8Array) =>
    values.reduce((sum, value, k) => sum + value * (signs[k] as number) * (weights?.[k] ?? 1), 0) / values.length;

  it('gives the exact share of assignments that are as extreme, the plain one included', () => {
    const [one] = permutationTest([mean([1, 1, 1, 1, 1, 1])], 6, { alpha: 0.05, seed: 1 });
    expect(one?.p_worse).toBeCloseTo((1 + 1) / (64 + 1), 9);
    expect(one?.p_better).toBe(1);
  });

  it('asks more of one among many', () => {
    const values = [3, 2, 2, 1, 1, 2, 3, -1];
    const [alone] = permutationTest([mean(values)], 8, { alpha: 0.05, seed: 1 });
    const others = Array.from({ length: 9 }, (_, m) => mean(values.map((_, k) => Math.sin(7 * m + 3 * k))));
    const [among] = permutationTest([mean(values), ...others], 8, { alpha: 0.05, seed: 1 });
    expect(among?.p_worse).toBeGreaterThan(alone?.p_worse as number);
  });

  it('finds nothing where nothing ever differs', () => {
    expect(permutationTest([mean([0, 0, 0])], 3, { alpha: 0.05, seed: 1 })).toEqual([
      { estimate: 0, p_worse: 1, p_better: 1, error: 0, detectable: 0 },
    ]);
  });
});
