import { describe, expect, it } from 'vitest';
import { ArrivalsSchema } from '../../simulator/domain/workload.ts';
import { baseRateAt, rateAt } from '../../workloads/arrivals/index.ts';
import { ONCE, rowsOf } from './schedules.ts';

const CROWD = {
  kind: 'flash-crowd',
  at_s: 100,
  factor: 4,
  rise_s: 10,
  hold_s: 20,
  fall_s: 10,
  object: 0,
  operations: { buy: 1 },
};

describe('rates on paper', () => {
  it.each([
    [
      { kind: 'constant', rate: 7 },
      [
        [0, 7],
        [999, 7],
      ],
    ],
    [
      {
        kind: 'ramp',
        points: [
          [0, 10],
          [100, 30],
          [200, 0],
        ],
      },
      [
        [0, 10],
        [50, 20],
        [100, 30],
        [150, 15],
        [500, 0],
      ],
    ],
    [
      {
        kind: 'step',
        steps: [
          [10, 5],
          [20, 8],
        ],
      },
      [
        [0, 0],
        [10, 5],
        [19.9, 5],
        [20, 8],
        [1000, 8],
      ],
    ],
    [
      { kind: 'on-off', on: 9, off: 1, on_s: 10, off_s: 30 },
      [
        [0, 9],
        [9.9, 9],
        [10, 1],
        [39.9, 1],
        [40, 9],
      ],
    ],
    [
      { kind: 'daily', low: 10, high: 50, period_s: 86_400, peak_at_s: 72_000 },
      [
        [72_000, 50],
        [28_800, 10],
        [50_400, 30],
      ],
    ],
    [
      {
        kind: 'trace',
        points: [
          [0, 1],
          [60, 3],
        ],
        scale: 10,
      },
      [
        [0, 10],
        [30, 20],
        [60, 30],
      ],
    ],
    [
      { ...CROWD, base: { kind: 'constant', rate: 5 } },
      [
        [99, 5],
        [105, 12.5],
        [110, 20],
        [129, 20],
        [135, 12.5],
        [141, 5],
      ],
    ],
  ])('%j', (arrivals, expected) => {
    const shape = ArrivalsSchema.parse(arrivals);
    for (const [at, rate] of expected as [number, number][]) expect(rateAt(shape, at), `at ${at} s`).toBeCloseTo(rate, 9);
  });

  it('of a crowd are left out of the base', () => {
    expect(baseRateAt(ArrivalsSchema.parse({ ...CROWD, base: { kind: 'constant', rate: 5 } }), 120)).toBe(5);
  });
});

describe('arrivals', () => {
  const gapsOf = (process: unknown) => {
    const rows = rowsOf({ arrivals: { kind: 'constant', rate: 100 }, process, sessions: ONCE, duration_s: 2000 });
    return rows.slice(1).map((row, i) => row.at_ms - (rows[i]?.at_ms as number));
  };
  const cv2 = (gaps: readonly number[]) => {
    const mean = gaps.reduce((s, g) => s + g, 0) / gaps.length;
    return gaps.reduce((s, g) => s + (g - mean) ** 2, 0) / gaps.length / mean ** 2;
  };

  it.each([
    [{ kind: 'regular' }, 0, 1e-9],
    [{ kind: 'poisson' }, 1, 0.03],
    [{ kind: 'bursty', cv2: 4 }, 4, 0.25],
  ])('of %j have the squared coefficient of variation that they are named for', (process, wanted, tolerance) => {
    const gaps = gapsOf(process);
    expect(Math.abs(cv2(gaps) - (wanted as number))).toBeLessThan(tolerance as number);
    expect(gaps.length).toBeGreaterThan(198_000);
    expect(gaps.length).toBeLessThan(202_000);
  });

  it('follow the shape: each minute has as many as the rate says, within four standard deviations', () => {
    const points: [number, number][] = [
      [0, 20],
      [300, 200],
      [600, 20],
    ];
    const rows = rowsOf({ arrivals: { kind: 'ramp', points }, sessions: ONCE });
    const shape = ArrivalsSchema.parse({ kind: 'ramp', points });
    for (let minute = 0; minute < 10; minute++) {
      const wanted = 60 * rateAt(shape, 60 * minute + 30);
      const seen = rows.filter((row) => Math.floor(row.at_ms / 60_000) === minute).length;
      expect(Math.abs(seen - wanted), `minute ${minute}`).toBeLessThan(4 * Math.sqrt(wanted) + 10);
    }
  });

  it('keep to a burst of a second', () => {
    const steps = [
      [0, 0],
      [100, 500],
      [101, 0],
    ];
    const rows = rowsOf({ arrivals: { kind: 'step', steps }, sessions: ONCE });
    expect(rows.length).toBeGreaterThan(400);
    for (const { at_ms } of rows) expect(Math.floor(at_ms / 1000)).toBe(100);
  });

  it('of sessions that last make operations follow the wanted rate without trailing it', () => {
    const rows = rowsOf({ arrivals: { kind: 'constant', rate: 50 }, duration_s: 1200 });
    expect(rows.length / 1200).toBeGreaterThan(47);
    expect(rows.length / 1200).toBeLessThan(53);
    const early = rows.filter((row) => row.at_ms < 60_000).length / 60;
    expect(early, 'sessions that began before the run are there when it starts').toBeGreaterThan(42);
  });
});
