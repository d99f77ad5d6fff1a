import { describe, expect, it } from 'vitest';
import { maxMs, meanMs, outcomes, play } from './small.ts';

function card(o: { batch_max?: number; batch_wait_ms?: number; cards?: number } = {}) {
  const { batch_max = 16, batch_wait_ms = 20, cards = 1 } = o;
  const fixed = { minimum: cards, maximum: cards, controller: { name: 'static' } };
  return { components: { station: { platform: 'gpu' as const, instance: 'g4dn.xlarge', batch_max, batch_wait_ms, ...fixed } } };
}
const MODEL = { station: { description: 'ten milliseconds alone', gpu_ms: 10 } };
const one = { call: 'station' };
const TEN = {
  work: { description: 'ten at once', attempts: 1, steps: [{ parallel: [one, one, one, one, one, one, one, one, one, one] }] },
};

describe('a pool of GPU workers, on paper', () => {
  it('lets a lonely request wait for others as long as it may: 20 ms and 10 of work', () => {
    expect(meanMs(play({ components: MODEL, overrides: card() }))).toBeCloseTo(30, 6);
  });

  it('computes a batch as soon as it is full', () => {
    // Pairs that come 10 ms apart: the first waits 10 and works 10, the second works 10.
    const result = play({
      components: MODEL,
      overrides: card({ batch_max: 2, batch_wait_ms: 1000 }),
      rate: 100,
      duration_s: 1.01,
    });
    expect(meanMs(result)).toBeCloseTo(15, 6);
  });

  it.each([
    [15, 10],
    [5, 20],
    [2, 50],
  ])('with a saturation of %i takes %i ms for ten', (saturation, ms) => {
    const o = { components: MODEL, operations: TEN, overrides: card({ batch_max: 10 }) };
    expect(meanMs(play({ ...o, parameters: { 'gpu.saturation_batch': saturation } }))).toBeCloseTo(ms, 6);
  });

  it('fills the open batch while every card is busy, so that load makes batches larger and not queues longer', () => {
    // 400 a second in windows of 5 ms are batches of two: 200 a second, were they not filled up. Ten milliseconds hold four.
    const result = play({ components: MODEL, overrides: card({ batch_wait_ms: 5 }), rate: 400, duration_s: 10 });
    expect(outcomes(result)).toMatchObject({ sent: 3999, served: 3999 });
    expect(maxMs(result)).toBeLessThanOrEqual(20);
  });

  it('serves no more than its cards can: batches of ten in 20 ms are 500 a second', () => {
    const parameters = { 'gpu.saturation_batch': 5, 'gpu.queue_limit': 100 };
    const result = play({ components: MODEL, overrides: card({ batch_max: 10 }), parameters, rate: 1000, duration_s: 10 });
    const { served, sent, refused } = outcomes(result);
    expect(served).toBeGreaterThan(500 * 10);
    expect(served).toBeLessThanOrEqual(500 * 10 + 120);
    expect(served + refused).toBe(sent);
    expect(maxMs(result)).toBeLessThanOrEqual(20 + 20 * 11);
  });

  it('shares the work among its cards', () => {
    const parameters = { 'gpu.saturation_batch': 5 };
    const result = play({
      components: MODEL,
      overrides: card({ batch_max: 10, cards: 3 }),
      parameters,
      rate: 1000,
      duration_s: 10,
    });
    expect(outcomes(result)).toMatchObject({ sent: 9999, served: 9999 });
  });

  it('needs as much time as a CPU gives it where there is no card: 12 CPU ms for one of GPU', () => {
    const overrides = { components: { station: { platform: 'function' as const, memory_mb: 1769 } } };
    expect(meanMs(play({ components: MODEL, overrides }))).toBeCloseTo(120, 6);
  });
});
