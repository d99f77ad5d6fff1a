import { describe, expect, it } from 'vitest';
import { Edge } from '../../simulator/worlds/virtual/platforms/edge.ts';
import { count, FUNCTION, meanMs, metered, play, type Small } from './small.ts';

type Operation = NonNullable<Small['operations']>[string];
const operation = (more: Partial<Operation>) => ({
  work: { description: 'asks', attempts: 1, steps: [{ call: 'station' }], ...more },
});

describe('the edge, on paper', () => {
  const cached = (ttl_s: number, more: Operation['steps'] = []) =>
    play({
      components: { cache: { description: 'cache', cache: true }, station: { description: 'origin', cpu_ms: 10 } },
      operations: operation({ steps: [{ cached: 'cache', ttl_s, otherwise: [{ call: 'station' }] }, ...more] }),
      datasets: { rows: { description: 'rows', shape: 'key-value' } },
      overrides: { components: { ...FUNCTION, cache: { platform: 'edge' } } },
    });

  it('asks the origin once in every time to live: with one view a second and ten seconds, at 1, 12, 23, 34, 45 and 56 s', () => {
    const result = cached(10);
    expect(result.pools.find((p) => p.name === 'function/station')?.calls).toBe(6);
    expect(meanMs(result)).toBeCloseTo((6 * (2 + 10) + 53 * 1) / 59, 3);
  });

  it('hides the front door behind it: only what misses passes it and is paid there', () => {
    expect(metered(cached(10), 'gateway-requests')).toBe(6);
    expect(metered(cached(10), 'edge-requests')).toBe(59);
    expect(metered(cached(0), 'gateway-requests')).toBe(59);
  });

  it('shows what was before the last write, until its copy is renewed', () => {
    const write = { write: 'rows', effect: 'changed' };
    // Every view is followed by a change: all 53 hits are old.
    expect([count(cached(10, [write]), 'stale_read'), count(cached(0, [write]), 'stale_read')]).toEqual([53, 0]);
  });

  it('keeps no more rows than fit, and lets go of the first', () => {
    const values = { capacity_rows: 2, hit_ms: 1, miss_ms: 2 };
    const edge = new Edge({ path: 'edge/x', kind: 'edge', owner: 'x', values, words: {} }, { seed: 1, objects: 10 });
    for (const row of [1, 2, 3]) edge.filled(0, row);
    const hits = [1, 2, 3].map((row) => {
      edge.lookup(1, row, 1000, 0.5);
      return edge.isHit;
    });
    expect(hits).toEqual([false, true, true]);
  });
});
