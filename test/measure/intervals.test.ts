import { describe, expect, test } from 'vitest';
import { holm, pairedDifference, pValueOf, tInterval, welchDifference } from '../../simulator/measure/intervals.ts';
import { tQuantile, tTails } from '../../simulator/measure/student.ts';

describe('Student t', () => {
  // Closed forms: df 1 is tan(pi (p - 1/2)), df 2 is (2p - 1) sqrt(2 / (4p(1 - p))); the others are the printed tables.
  test.each([
    [0.975, 1, 12.706204736],
    [0.975, 2, 4.30265273],
    [0.975, 3, 3.182446305],
    [0.975, 4, 2.776445105],
    [0.975, 5, 2.570581836],
    [0.975, 9, 2.262157163],
    [0.975, 19, 2.093024054],
    [0.975, 30, 2.042272456],
    [0.975, 120, 1.979930405],
    [0.995, 4, 4.604094871],
    [0.9995, 4, 8.610301581],
    [0.95, 10, 1.812461123],
    [0.025, 4, -2.776445105],
    [0.5, 7, 0],
  ])('the %d quantile with %d degrees of freedom is the one in the table', (p, freedom, value) => {
    expect(tQuantile(p, freedom)).toBeCloseTo(value, 8);
  });

  test('agrees with the closed forms for one and two degrees of freedom far into the tail', () => {
    for (const p of [0.6, 0.9, 0.99, 0.9999, 1 - 1e-7]) {
      const one = Math.tan(Math.PI * (p - 0.5));
      const two = (2 * p - 1) * Math.sqrt(2 / (4 * p * (1 - p)));
      expect(tQuantile(p, 1) / one).toBeCloseTo(1, 8);
      expect(tQuantile(p, 2) / two).toBeCloseTo(1, 8);
    }
  });

  test('tends to the normal distribution', () => {
    expect(tQuantile(0.975, 1e6)).toBeCloseTo(1.959964 + 2.4e-6, 5);
  });

  test('the tail beyond a quantile is what was asked for', () => {
    for (const freedom of [1, 2.5, 4, 49, 400]) {
      for (const p of [0.6, 0.975, 0.99999]) expect(tTails(tQuantile(p, freedom), freedom)).toBeCloseTo(2 * (1 - p), 11);
    }
  });

  test('refuses what has no quantile', () => {
    expect(() => tQuantile(1, 4)).toThrow(RangeError);
    expect(() => tQuantile(0.9, 0)).toThrow(RangeError);
  });
});

describe('intervals', () => {
  test('the interval of 1, 2, 3, 4, 5 is 3 +- 2.776 x sqrt(2.5 / 5)', () => {
    const [low, high] = tInterval([1, 2, 3, 4, 5]) as [number, number];
    expect(low).toBeCloseTo(3 - 2.776445105 * Math.SQRT1_2, 8);
    expect(high).toBeCloseTo(3 + 2.776445105 * Math.SQRT1_2, 8);
  });

  test('one value, or one that is not finite, has no interval', () => {
    expect(tInterval([])).toBeNull();
    expect(tInterval([7])).toBeNull();
    expect(tInterval([7, Number.POSITIVE_INFINITY])).toBeNull();
  });

  test('pairing takes out what two strategies have in common', () => {
    const b = [100, 200, 300, 400];
    const a = [101, 201.2, 300.8, 401];
    const [low, high] = pairedDifference(a, b).ci95 as [number, number];
    expect(low).toBeGreaterThan(0.7);
    expect(high).toBeLessThan(1.3);
    expect(() => pairedDifference([1], [1, 2]).ci95).toThrow(RangeError);
  });

  test('covers the true mean 95 times of 100', () => {
    // Sums of 12 uniforms minus 6 are near normal with mean 0; a fixed congruential stream makes the count repeatable.
    let state = 12345;
    const uniform = (): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return state / 2 ** 32;
    };
    let covered = 0;
    for (let run = 0; run < 4000; run++) {
      const values = Array.from({ length: 5 }, () => Array.from({ length: 12 }, uniform).reduce((x, y) => x + y, -6));
      const [low, high] = tInterval(values) as [number, number];
      if (low <= 0 && high >= 0) covered++;
    }
    expect(covered / 4000).toBeGreaterThan(0.94); // standard error .0034
    expect(covered / 4000).toBeLessThan(0.96);
  });
});

describe('means of independent runs', () => {
  test('with equal counts and spreads are the pooled test: d 3, error sqrt(2/3), t(4) 2.776445', () => {
    const { difference, ci95, p } = welchDifference([4, 5, 6], [1, 2, 3]);
    expect(difference).toBe(3);
    expect(ci95?.[0]).toBeCloseTo(3 - 2.776445105 * Math.sqrt(2 / 3), 6);
    expect(p).toBeCloseTo(tTails(3 / Math.sqrt(2 / 3), 4), 12);
  });

  test('with other spreads are the textbook example: t -2.46, 25.0 degrees of freedom, p .021', () => {
    const a = [27.5, 21, 19, 23.6, 17, 17.9, 16.9, 20.1, 21.9, 22.6, 23.1, 19.6, 19, 21.7, 21.4];
    const b = [27.1, 22, 20.8, 23.4, 23.4, 23.5, 25.8, 22, 24.8, 20.2, 21.9, 22.1, 22.9, 20.5, 24.4];
    const { difference, ci95, p } = welchDifference(a, b);
    expect(p).toBeCloseTo(0.021, 3);
    // Half the interval is t(.975, 25.0) = 2.0595 errors, and the difference is -2.46 errors.
    expect((difference * 2.0595) / (((ci95?.[1] ?? 0) - (ci95?.[0] ?? 0)) / 2)).toBeCloseTo(-2.46, 2);
  });

  test('cannot be told of one value, and are certain without any spread', () => {
    expect(welchDifference([5], [1, 2])).toEqual({ difference: 3.5, ci95: null, p: 1 });
    expect(welchDifference([5, 5], [1, 1])).toEqual({ difference: 4, ci95: [4, 4], p: 0 });
    expect(welchDifference([5, 5], [5, 5, 5]).p).toBe(1);
  });
});

describe('Holm', () => {
  test("keeps the textbook example's two rejections of four", () => {
    // .005 <= .05/4, .01 <= .05/3, .03 > .05/2: stop, so .04 is not rejected although it is below .05.
    expect(holm([0.01, 0.04, 0.03, 0.005])).toEqual([true, false, false, true]);
  });

  test('rejects what a plain Bonferroni correction would not', () => {
    expect(holm([0.012, 0.016, 0.024, 0.049])).toEqual([true, true, true, true]);
    expect(holm([0.0126, 0.016])).toEqual([true, true]);
  });

  test('a p value is that of the t test, and certain when nothing varies', () => {
    expect(pValueOf([1, 2, 3, 4, 5])).toBeCloseTo(0.013236, 4); // t = 4.2426, df 4
    expect(pValueOf([0, 0, 0])).toBe(1);
    expect(pValueOf([2, 2, 2])).toBe(0);
    expect(pValueOf([2])).toBe(1);
  });
});
