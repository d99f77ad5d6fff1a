import { describe, expect, it } from 'vitest';
import { elasticityOf, normalisedOf, regretOf } from '../../simulator/measure/elasticity.ts';

/** The vector of BUNGEE's own unit tests (NikolasHerbst/BUNGEE @ 7adf3ab): time -> amount, until 20. */
const DEMAND = new Map([[0, 1], [7, 5], [16, 3], [17, 2], [19, 4]]); // biome-ignore format: as published
const SUPPLY = new Map([[0, 1], [2, 2], [3, 1], [5, 3], [9, 7], [11, 6], [12, 8], [14, 2]]); // biome-ignore format: as published

function samples(demand: Map<number, number>, supply: Map<number, number>, end: number) {
  let d = 0;
  let s = 0;
  return Array.from({ length: end }, (_, at_s) => {
    d = demand.get(at_s) ?? d;
    s = supply.get(at_s) ?? s;
    return { at_s, demand: d, supply: s };
  });
}

const BUNGEE = samples(DEMAND, SUPPLY, 20);
const steady = (demand: number, supply: number) => [{ at_s: 0, demand, supply }];

describe('elasticity', () => {
  it("gives what BUNGEE's own tests expect of its vector", () => {
    const e = elasticityOf(BUNGEE, 20);
    expect(e.accuracy_under).toBeCloseTo(13 / 20, 12);
    expect(e.accuracy_over).toBeCloseTo(16 / 20, 12);
    expect(e.timeshare_under).toBeCloseTo(6 / 20, 12);
    expect(e.timeshare_over).toBeCloseTo(8 / 20, 12);
    expect(e.jitter_per_min / 60).toBeCloseTo((17 - 9) / 20, 12);
  });

  it('is nothing at all when supply is demand, and one too many when it is one more', () => {
    const same = samples(DEMAND, DEMAND, 20);
    expect(Object.values({ ...elasticityOf(same, 20), ...normalisedOf(same, 20) })).toEqual(Array.from({ length: 9 }, () => 0));
    const more = same.map((sample) => ({ ...sample, supply: sample.demand + 1 }));
    expect(elasticityOf(more, 20)).toMatchObject({ accuracy_over: 1, accuracy_under: 0, timeshare_over: 1, jitter_per_min: 0 });
  });
});

describe('elasticity relative to demand', () => {
  it('divides each moment by its own demand, of the same vector', () => {
    const n = normalisedOf(BUNGEE, 20);
    // Short: 4 of 5 from 7 to 9 (2 of 5 there), 3 of 5 from 14 to 16, 1 of 3 at 16, 2 of 4 at 19.
    expect(n.theta_under_pct).toBeCloseTo((100 * (2 * (2 / 5) + 2 * (3 / 5) + 1 / 3 + 2 / 4)) / 20, 9);
    // Idle: 1 of 1 at 2, 2 of 1 from 5 to 7, 2 of 5 from 9 to 11, 1 of 5 at 11, 3 of 5 from 12 to 14.
    expect(n.theta_over_pct).toBeCloseTo((100 * (1 + 4 + 4 / 5 + 1 / 5 + 6 / 5)) / 20, 9);
  });

  it('is unstable for as long as one moves and the other does not, or the other way', () => {
    const moves = [
      { at_s: 0, demand: 1, supply: 1 },
      { at_s: 1, demand: 2, supply: 2 },
      { at_s: 2, demand: 3, supply: 2 },
      { at_s: 4, demand: 2, supply: 3 },
    ];
    // From 1 to 5: together from 1 to 2, then not.
    expect(normalisedOf(moves, 5).instability_pct).toBe(75);
  });

  it('deviates by the fifth root of the sum of fifth powers of all five, in per cent', () => {
    const { deviation } = normalisedOf(steady(4, 2), 10);
    expect(deviation).toBeCloseTo((50 ** 5 + 100 ** 5) ** (1 / 5), 9);
  });

  it('divides by one where nothing is needed', () => expect(normalisedOf(steady(0, 3), 10).theta_over_pct).toBe(300));
});

describe('regret', () => {
  it('counts instances and twenty for each that is missing, over the demand', () => {
    expect(regretOf(steady(4, 4), 10)).toEqual({ demand_mean: 4, cost_ratio: 1, unserved_pct: 0 });
    expect(regretOf(steady(4, 6), 10)).toMatchObject({ cost_ratio: 1.5, unserved_pct: 0 });
    expect(regretOf(steady(4, 3), 10)).toMatchObject({ cost_ratio: (3 + 20) / 4, unserved_pct: 25 });
  });

  it('is unknown where nothing was needed', () =>
    expect(regretOf(steady(0, 2), 10)).toEqual({ demand_mean: 0, cost_ratio: null, unserved_pct: null }));
});
