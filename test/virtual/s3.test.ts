import { describe, expect, it } from 'vitest';
import { count, meanMs, metered, work } from './small.ts';
import { READ, store, WRITE } from './stores.ts';

describe('s3, on paper', () => {
  it('takes 25 ms to get and 40 to put, and every item is a request', () => {
    const result = store('s3', { steps: [{ ...READ, items: 5 }, WRITE] });
    expect(meanMs(result)).toBeCloseTo(65, 6);
    expect([metered(result, 's3-gets'), metered(result, 's3-puts')]).toEqual([59 * 5, 59]);
    expect(metered(result, 's3-gb-months')).toBeCloseTo((10 * 60) / 3600 / 730, 12);
  });

  it.each([
    ['gets', 1, 10],
    ['gets', 5, 50],
  ])('slows down above its %s a second, items counted: %i an access', (_kind, items, limit) => {
    const parameters = { 's3.gets_per_s': limit, 's3.retries': 0 };
    const result = store('s3', { steps: [{ ...READ, items }], parameters, rate: 20 });
    expect(Math.abs(work(result).served - 10 * 61)).toBeLessThanOrEqual(2);
    expect(work(result).refused).toBe(work(result).sent - work(result).served);
  });

  it('is never stale', () => expect(count(store('s3', { steps: [WRITE, READ] }), 'stale_read')).toBe(0));
});
