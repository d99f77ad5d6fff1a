import { afterAll, describe, expect, it } from 'vitest';
import { cellOf } from '../virtual/small.ts';
import { openLiveWorld } from './live-world.ts';

const MEMORY_MB = 1769;
const cell = cellOf({
  components: { page: { description: 'a page', cpu_ms: 2 } },
  operations: { work: { description: 'looks at it', steps: [{ call: 'page' }] } },
  overrides: { components: { page: { platform: 'function', memory_mb: MEMORY_MB, provisioned: 2 } } },
  rate: 5,
  duration_s: 3,
});
const live = await openLiveWorld([cell]);
afterAll(() => live?.end());

describe.skipIf(live === undefined)('provisioned environments over real parts', () => {
  it('are there before the first call, and paid as such', { timeout: 60_000 }, async () => {
    const { pools, usage, served_total } = await live!.play(cell);
    expect(served_total).toBeGreaterThan(10);
    expect(pools.map(({ colds }) => colds)).toEqual([0]);
    const used = new Map(usage.map(({ item, quantity }) => [item, quantity]));
    // Five minutes are the least that keeping them costs.
    expect(used.get('function-provisioned-gb-s:arm64')).toBeCloseTo((2 * 300 * MEMORY_MB) / 1024, 6);
    expect(used.get('function-provisioned-duration-gb-s:arm64')).toBeGreaterThan(0);
    expect(used.has('function-gb-s:arm64')).toBe(false);
  });
});
