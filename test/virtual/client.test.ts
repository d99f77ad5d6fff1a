import { describe, expect, it } from 'vitest';
import { FUNCTION, maxMs, metered, outcomes, play, type Small, work } from './small.ts';

const ON_FUNCTIONS = { overrides: { components: FUNCTION } };
type Operation = NonNullable<Small['operations']>[string];
const operation = (more: Partial<Operation>) => ({
  work: { description: 'asks', attempts: 1, steps: [{ call: 'station' }], ...more },
});

describe('users, on paper', () => {
  const broken = { station: { description: 'always fails', cpu_ms: 10, error_rate: 1 } };

  it('try as often as they may, and then have failed', () => {
    const result = play({ ...ON_FUNCTIONS, components: broken, operations: operation({ attempts: 4 }) });
    expect([work(result).attempts, work(result).failed]).toEqual([4 * 59, 59]);
  });

  it('wait longer each time, by chance, so that they do not come back together', () => {
    const half = { station: { description: 'fails every other time', cpu_ms: 10, error_rate: 0.5 } };
    const result = play({ ...ON_FUNCTIONS, components: half, operations: operation({ attempts: 3 }), duration_s: 600 });
    const { buckets, count: served } = work(result).latency;
    // At once, after up to 100 ms, after up to 100 + 200 ms more.
    expect(maxMs(result)).toBeLessThanOrEqual(3 * 10 + 300);
    expect(maxMs(result)).toBeGreaterThan(2 * 100 + 3 * 10);
    expect(buckets.length).toBeGreaterThan(100);
    expect(served / work(result).sent).toBeGreaterThan(0.83);
    expect(served / work(result).sent).toBeLessThan(0.92);
  });

  it('wait no longer than the cap', () => {
    const half = { station: { description: 'fails most of the time', cpu_ms: 10, error_rate: 0.8 } };
    const o = { ...ON_FUNCTIONS, components: half, operations: operation({ attempts: 10 }), duration_s: 600 };
    const result = play({ ...o, parameters: { 'gateway.retry_cap_ms': 120 } });
    expect(maxMs(result)).toBeLessThanOrEqual(10 * 10 + 100 + 8 * 120);
  });

  it('are turned away from what needs something that they have not done, however many operations there are', () => {
    const step = operation({}).work;
    const idle = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`idle-${i}`, step]));
    const needing = (requires: string) => ({ ...step, requires });
    // The last is the 33rd: a word of 32 bits would take it for the first.
    const operations = { first: step, 'after-first': needing('first'), ...idle, last: step, 'after-last': needing('last') };
    const outcome = (name: string) => {
      const result = play({ ...ON_FUNCTIONS, operations, doing: ['first', name] }).operations.find((o) => o.name === name);
      return [(result?.served ?? 0) > 0, (result?.failed ?? 0) > 0];
    };
    expect([outcome('after-first'), outcome('after-last')]).toEqual([
      [true, false],
      [false, true],
    ]);
  });

  it('leave at their timeout, and the answer that comes later is nobody\u2019s', () => {
    const slow = { station: { description: 'waits', io_ms: 2_000 } };
    const result = play({ ...ON_FUNCTIONS, components: slow, operations: operation({ timeout_ms: 1_999, attempts: 2 }) });
    expect([outcomes(result).timed_out, work(result).attempts]).toEqual([59, 118]);
    expect(metered(result, 'transfer-out-gb')).toBe(0);
  });
});
