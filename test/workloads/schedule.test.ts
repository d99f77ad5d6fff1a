import { describe, expect, it } from 'vitest';
import { operationShares } from '../../workloads/mix.ts';
import { Zipf } from '../../workloads/popularity.ts';
import { ONCE, type Row, rowsOf, workloadOf } from './schedules.ts';

const STEADY = { kind: 'constant', rate: 30 };
const CROWDED = {
  kind: 'flash-crowd',
  base: STEADY,
  at_s: 200,
  factor: 4,
  rise_s: 10,
  hold_s: 60,
  fall_s: 10,
  object: 3,
  operations: { buy: 1 },
};

const told = ({ at_ms, user, operation, object, key }: Row) => `${at_ms} ${user} ${operation} ${object} ${key}`;

describe('a schedule', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(rowsOf({ arrivals: STEADY })).toEqual(rowsOf({ arrivals: STEADY }));
    expect(rowsOf({ arrivals: STEADY, seed: 2 }).map(told)).not.toEqual(rowsOf({ arrivals: STEADY }).map(told));
  });

  it('never goes back in time, and every session acts in its own order', () => {
    const rows = rowsOf({ arrivals: CROWDED });
    for (let i = 1; i < rows.length; i++) expect(rows[i]!.at_ms).toBeGreaterThanOrEqual(rows[i - 1]!.at_ms);
    const users = new Map<number, number>();
    for (const { session, user } of rows) {
      expect(users.get(session) ?? user).toBe(user);
      users.set(session, user);
    }
  });

  it('has a crowd on top, which leaves every other action as it was', () => {
    const calm = rowsOf({ arrivals: STEADY }).map(told);
    const crowded = rowsOf({ arrivals: CROWDED });
    const all = new Set(crowded.map(told));
    expect(calm.filter((row) => !all.has(row))).toEqual([]);
    const before = new Set(calm);
    const extra = crowded.filter((row) => !before.has(told(row)));
    expect(extra.length).toBeGreaterThan(5000);
    for (const row of extra) {
      expect(row.object).toBe(3);
      expect(row.operation).toBe('buy');
      expect(row.at_ms).toBeGreaterThan(200_000);
      expect(row.at_ms).toBeLessThan(281_000);
    }
  });

  it('has twice as many sessions at twice the rate, who do the same kind of things', () => {
    const shareOfBuying = (rows: readonly Row[]) => rows.filter((row) => row.operation === 'buy').length / rows.length;
    const [once, twice] = [rowsOf({ arrivals: STEADY }), rowsOf({ arrivals: STEADY, rate: 2 })];
    expect(twice.length / once.length).toBeGreaterThan(1.9);
    expect(twice.length / once.length).toBeLessThan(2.1);
    expect(Math.abs(shareOfBuying(twice) - shareOfBuying(once))).toBeLessThan(0.02);
  });

  it('settles to the mix that its Markov chain says', () => {
    const shares = operationShares(workloadOf({ arrivals: STEADY }));
    const rows = rowsOf({ arrivals: STEADY, duration_s: 2000 });
    for (const [name, share] of shares) {
      const seen = rows.filter((row) => row.operation === name).length / rows.length;
      expect(Math.abs(seen - share), name).toBeLessThan(0.01);
    }
    // On paper: of each look three in ten lead to a buy, and half of those back to a look.
    expect((shares.get('buy') as number) / (shares.get('look') as number)).toBeCloseTo(0.3, 9);
  });

  it('asks for the most popular object as often as Zipf says', () => {
    const rows = rowsOf({ arrivals: { kind: 'constant', rate: 200 }, sessions: ONCE });
    const weights = Array.from({ length: 500 }, (_, k) => (k + 1) ** -0.9);
    const sum = weights.reduce((s, w) => s + w, 0);
    for (const rank of [0, 1, 9]) {
      const wanted = ((weights[rank] as number) / sum) * rows.length;
      const seen = rows.filter((row) => row.object === rank).length;
      expect(Math.abs(seen - wanted), `rank ${rank}`).toBeLessThan(4 * Math.sqrt(wanted));
    }
  });
});

describe('Zipf', () => {
  it.each([0, 0.5, 1, 2])('with exponent %d stays within its ranks at both ends of the uniform', (exponent) => {
    const law = new Zipf(10, exponent);
    for (const u of [0, 1e-12, 0.5, 1 - 1e-12]) {
      const rank = law.rank((attempt) => (u + attempt * 0.37) % 1);
      expect(rank).toBeGreaterThanOrEqual(0);
      expect(rank).toBeLessThan(10);
    }
  });
});
