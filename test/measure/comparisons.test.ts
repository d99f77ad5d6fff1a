import { describe, expect, test } from 'vitest';
import { compare, type Series, seriesOf } from '../../simulator/measure/comparisons.ts';
import { cell, operationResult, times } from './cells.ts';

function series(label: string, values: Record<string, (number | null)[]>, rate = 1): Series {
  return { label, rate, values: new Map(Object.entries(values)) };
}

describe('comparing rows', () => {
  test('differences are paired by seed, so that a hard seed is hard for both', () => {
    const a = series('a', { 'view-feed p95': [110, 210, 310, 410.5] });
    const b = series('b', { 'view-feed p95': [100, 200, 300, 400] });
    const [only] = compare([a], [b]);
    // Differences 10, 10, 10, 10.5: mean 10.125, standard error .125, t(3) 3.1824.
    expect(only).toMatchObject({ a: 'a', b: 'b', measure: 'view-feed p95', difference: 10.125, significant: true });
    expect(only?.ci95?.[0]).toBeCloseTo(10.125 - 3.182446 * 0.125, 5);
    expect(only?.ci95?.[1]).toBeCloseTo(10.125 + 3.182446 * 0.125, 5);
  });

  test('a difference within 1 % is not called one, however certain', () => {
    const a = series('a', { cost_per_million: [10.05, 10.05, 10.05], error_rate: [0.0009, 0.0009, 0.0009] });
    const b = series('b', { cost_per_million: [10, 10, 10], error_rate: [0, 0, 0] });
    expect(compare([a], [b]).map((c) => c.significant)).toEqual([false, false]);
    const dearer = series('a', { cost_per_million: [10.15, 10.15, 10.15], error_rate: [0.002, 0.002, 0.002] });
    expect(compare([dearer], [b]).map((c) => c.significant)).toEqual([true, true]);
  });

  test('what would be a difference alone is none among many: Holm over the whole report', () => {
    const lucky = { m: [11, 12, 13] }; // differences 1, 2, 3: t 3.46, p .074; with 1.5, 2, 2.5: t 6.93, p .0202
    const clear = { m: [11.5, 12, 12.5] };
    const base = { m: [10, 10, 10] };
    expect(compare([series('a', clear)], [series('b', base)])[0]?.significant).toBe(true);
    expect(compare([series('a', lucky)], [series('b', base)])[0]?.significant).toBe(false);
    const three = ['b', 'c', 'd'].map((label) => series(label, base));
    expect(compare([series('a', clear)], three).map((c) => c.significant)).toEqual([false, false, false]);
  });

  test('one seed has a difference but no interval and no significance', () => {
    expect(compare([series('a', { m: [5] })], [series('b', { m: [1] })])).toEqual([
      { a: 'a', b: 'b', measure: 'm', difference: 4, ci95: null, significant: false },
    ]);
  });

  test('rows of another rate, and values that some seed does not know, are not compared', () => {
    const a = [series('a x1', { m: [1, 2] }, 1), series('a x2', { m: [3, 4], n: [1, null] }, 2)];
    const b = [series('b x1', { m: [1, 1] }, 1), series('b x2', { m: [1, 1], n: [1, 1] }, 2)];
    expect(compare(a, b).map((c) => [c.a, c.b, c.measure])).toEqual([
      ['a x1', 'b x1', 'm'],
      ['a x2', 'b x2', 'm'],
    ]);
  });

  test('a row brings p95 and p99 of each operation and overall, its error rate and its cost per million', () => {
    const usage = [{ component: 'feed', item: 'gateway-requests', quantity: 1000 }];
    const operations = [operationResult('fast', times(1500, 0.1), { refused: 500 }), operationResult('slow', times(500, 0.2))];
    const { values } = seriesOf('x', [cell('x', 1, { operations, usage }), cell('x', 2, { operations, usage })]);
    expect([...values.keys()]).toEqual([
      'fast p95',
      'fast p99',
      'slow p95',
      'slow p99',
      'overall p95',
      'overall p99',
      'error_rate',
      'cost_per_million',
    ]);
    expect(values.get('fast p95')).toEqual([0.1, 0.1]);
    expect(values.get('slow p99')).toEqual([null, null]);
    expect(values.get('overall p95')).toEqual([0.2, 0.2]);
    expect(values.get('error_rate')).toEqual([0.2, 0.2]);
    const [first] = values.get('cost_per_million') ?? [];
    expect(first).toBeCloseTo(0.5, 9); // 1,000 requests at $1.00 a million, 2,000 served: $0.50 a million
  });
});
