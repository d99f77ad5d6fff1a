import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bucketRange, Histogram, meanMs, merged, quantileAmongMs, quantileMs } from '../../simulator/measure/histogram.ts';

const SEED = 20261124;
const latency = fc.oneof(
  fc.integer({ min: 0, max: 300 }),
  fc.integer({ min: 0, max: 10_000_000 }),
  fc.integer({ min: 0, max: 2 ** 32 + 10 }),
  fc.maxSafeInteger().map((x) => Math.abs(x) % 2 ** 47),
);
const check = <T>(of: fc.Arbitrary<T>, holds: (value: T) => void): void => fc.assert(fc.property(of, holds), { seed: SEED });

function histogramOf(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram;
}

describe('histogram', () => {
  test('values below 256 us have a bucket of their own, and quantiles there are exact', () => {
    const values = Array.from({ length: 256 }, (_, i) => i);
    expect(histogramOf(values).data().buckets).toEqual(values.map((i) => [i, 1]));
    for (const value of [0, 1, 127, 128, 255]) expect(histogramOf([value]).quantile(0.5)).toBe(value);
  });

  test('known buckets: 256 and 257 share one, 258 begins the next; 2^32 follows 2^32 - 1', () => {
    const only = (value: number): number => (histogramOf([value]).data().buckets[0] as [number, number])[0];
    expect([255, 256, 257, 258].map(only)).toEqual([255, 256, 256, 257]);
    expect([2 ** 32 - 1, 2 ** 32].map(only)).toEqual([3327, 3328]);
    expect([2 ** 47 - 1, 2 ** 47, 2 ** 52].map(only)).toEqual([5247, 5247, 5247]);
  });

  test('every value lies in the bucket it is counted in, and no bucket is wider than .8 % of its values', () => {
    check(latency, (value) => {
      const { low, width } = bucketRange((histogramOf([value]).data().buckets[0] as [number, number])[0]);
      expect(value).toBeGreaterThanOrEqual(low);
      expect(value).toBeLessThan(low + width);
      expect(width === 1 || width / low <= 0.008).toBe(true);
    });
  });

  test('a quantile is within .8 % of the same sample in sorted order', () => {
    check(
      fc.tuple(fc.array(latency, { minLength: 1, maxLength: 300 }), fc.constantFrom(0.01, 0.5, 0.95, 0.99, 1)),
      ([values, q]) => {
        const sorted = values.toSorted((a, b) => a - b);
        const truth = sorted[Math.max(0, Math.ceil(q * values.length - 1e-9) - 1)] as number;
        const histogram = histogramOf(values);
        expect(Math.abs(histogram.quantile(q) - truth)).toBeLessThanOrEqual(0.008 * truth);
        expect(histogram.quantile(q)).toBeLessThanOrEqual(histogram.max);
        expect(quantileAmongMs(histogram.data(), 0.5, values.length)).toBe(
          values.length < 20 ? null : histogram.quantile(0.5) / 1000,
        );
      },
    );
  });

  test('merging in any grouping gives what one histogram of all values gives', () => {
    const small = fc.array(fc.integer({ min: 0, max: 5_000_000 }), { maxLength: 50 });
    check(fc.tuple(small, small, small), ([a, b, c]) => {
      const [x, y, z] = [a, b, c].map((values) => histogramOf(values).data());
      if (x === undefined || y === undefined || z === undefined) throw new Error('three in, three out');
      const whole = histogramOf([...a, ...b, ...c]).data();
      expect(merged([merged([x, y]), z])).toEqual(whole);
      expect(merged([x, merged([y, z])])).toEqual(whole);
      expect(merged([z, y, x])).toEqual(whole);
      expect(Histogram.from(whole).data()).toEqual(whole);
    });
  });

  test('count, sum and maximum are exact however long the values', () => {
    const histogram = histogramOf([1_000_003, 7, 123_456_789_012]);
    expect(histogram.data()).toMatchObject({ count: 3, sum_us: 123_457_789_022, max_us: 123_456_789_012 });
    expect(meanMs(histogram.data())).toBe(123_457_789_022 / 3 / 1000);
    expect(meanMs(new Histogram().data())).toBeNull();
  });

  test('recording many at once is recording one many times', () => {
    const many = new Histogram();
    many.recordMany(12_345, 40);
    many.recordMany(9, 0);
    expect(many.data()).toEqual(histogramOf(Array.from({ length: 40 }, () => 12_345)).data());
  });

  test('counts what lies above a limit', () => {
    const histogram = histogramOf([10, 20, 30, 250_000, 500_000, 1_000_000]);
    expect([0, 10, 29, 30, 240_000, 250_000, 2_000_000].map((us) => histogram.countAbove(us))).toEqual([6, 5, 4, 3, 3, 2, 0]);
  });

  test.each([[-1], [1.5], [Number.NaN]])('a value that is no whole number from 0 (%d) is found out', (value) => {
    const histogram = new Histogram();
    histogram.record(value);
    expect(() => histogram.data()).toThrow(/histogram/);
  });
});

describe('quantiles that are no guess', () => {
  const uniform = (n: number): Histogram => histogramOf(Array.from({ length: n }, (_, i) => i + 1));

  test.each([
    [0.5, 19, 20],
    [0.95, 199, 200],
    [0.99, 999, 1000],
    [0.999, 9999, 10_000],
  ])('p%d is null with %d samples and known with %d', (q, few, enough) => {
    expect(quantileMs(uniform(few).data(), q)).toBeNull();
    expect(quantileMs(uniform(enough).data(), q)).not.toBeNull();
  });

  test('the quantiles of 1 .. 200 us are their rank', () => {
    expect(quantileMs(uniform(200).data(), 0.5)).toBe(0.1);
    expect(quantileMs(uniform(200).data(), 0.95)).toBe(0.19);
  });

  test('what was not served is slower than any limit: with 6 % of it the p95 is infinite, with 4 % it is not', () => {
    expect(quantileAmongMs(uniform(188).data(), 0.95, 200)).toBe(Number.POSITIVE_INFINITY);
    expect(quantileAmongMs(uniform(192).data(), 0.95, 200)).toBe(0.19);
  });

  test('an empty histogram has no quantile', () => {
    expect(new Histogram().quantile(0.5)).toBeNaN();
    expect(quantileMs(new Histogram().data(), 0.5)).toBeNull();
  });
});
