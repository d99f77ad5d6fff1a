import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bucketOf, curveOf, mergedHistogram, quantileOf, tail } from '../../reports/histogram.ts';
import { bucketRange, Histogram, quantileMs } from '../../simulator/measure/histogram.ts';

function histogramOf(values: readonly number[]) {
  const histogram = new Histogram();
  for (const value of values) histogram.record(value);
  return histogram.data();
}

describe('histograms as reports read them', () => {
  test('buckets mean what they mean where they were counted', () => {
    for (let i = 0; i < 5000; i++) expect(bucketOf(i)).toEqual(bucketRange(i));
  });

  test('quantiles are those of the measurement, whatever was recorded', () => {
    const values = fc.array(fc.integer({ min: 0, max: 2 ** 40 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(values, fc.constantFrom(0.5, 0.95, 0.99), (us, q) => {
        const data = histogramOf(us);
        expect(quantileOf(data, q)).toBe(quantileMs(data, q));
      }),
      { seed: 20261124 },
    );
  });

  test('merging two is recording both', () => {
    const [a, b] = [
      [5, 900, 900, 77_000],
      [5, 12_345, 2 ** 35],
    ];
    expect(mergedHistogram([histogramOf(a), histogramOf(b)])).toEqual(histogramOf([...a, ...b]));
  });

  test('a curve rises, ends ten samples before the end, and stays below what was not served', () => {
    const data = histogramOf(Array.from({ length: 5000 }, (_, i) => 1000 + i * 17));
    const points = curveOf(data, 10_000);
    const shares = points.map((point) => point.share);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
    expect(shares.at(-1)).toBeCloseTo(0.5, 3);
    const served = curveOf(data, 5000);
    expect(served.at(-1)?.share).toBeLessThanOrEqual(1 - 10 / 5000);
    expect(served.at(-1)?.share).toBeGreaterThan(0.99);
    expect(served.length).toBeLessThan(130);
  });

  test('a curve passes through the quantiles', () => {
    const data = histogramOf(Array.from({ length: 20_000 }, (_, i) => Math.round(1000 * Math.exp(i / 5000))));
    const points = curveOf(data, 20_000);
    const at = (share: number) => {
      const i = points.findIndex((point) => point.share >= share);
      const [before, after] = points.slice(i - 1, i + 1) as [(typeof points)[0], (typeof points)[0]];
      const part = (tail(share) - tail(before.share)) / (tail(after.share) - tail(before.share));
      return before.ms * (after.ms / before.ms) ** part;
    };
    for (const q of [0.5, 0.9, 0.99]) expect(Math.abs(at(q) / (quantileOf(data, q) ?? 1) - 1)).toBeLessThan(0.01);
  });

  test('nothing served is no curve, no quantile', () => {
    const none = histogramOf([]);
    expect(quantileOf(none, 0.5)).toBeNull();
    expect(curveOf(none, 0)).toEqual([]);
  });

  test('nines are a distance', () => {
    expect([0, 0.9, 0.99, 1].map(tail)).toEqual([-0, 1, 2, 5].map((n) => expect.closeTo(n, 9)));
  });
});
