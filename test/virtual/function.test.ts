import { describe, expect, it } from 'vitest';
import { heldBackOver } from '../../simulator/domain/cpu-quota.ts';
import { FUNCTION, maxMs, meanMs, metered, outcomes, play, work } from './small.ts';

const WAITS = { station: { description: 'waits for 950 ms', io_ms: 950 } };
const place = (more: Record<string, number>) => ({ components: { station: { ...FUNCTION.station, ...more } } });

describe('a function, on paper', () => {
  it('is cold once and warm after: INIT is paid by the first', () => {
    const result = play({ overrides: place({}), parameters: { 'function.init_ms': 100 }, duration_s: 10 });
    expect(outcomes(result)).toEqual({ sent: 9, served: 9, refused: 0, timed_out: 0, failed: 0, pending: 0 });
    expect(maxMs(result)).toBeCloseTo(110, 6);
    expect(meanMs(result)).toBeCloseTo((110 + 8 * 10) / 9, 6);
    expect(result.pools[0]?.colds).toBe(1);
  });

  it('has as many instances as requests overlap: ten a second of 950 ms need ten', () => {
    const result = play({ components: WAITS, overrides: place({}), rate: 10 });
    expect(result.pools[0]?.colds).toBe(10);
    expect(result.pools[0]?.littles.busy_s).toBeCloseTo(599 * 0.95, 6);
  });

  it.each([
    ['account concurrency', { parameters: { 'account.concurrency': 5 }, overrides: place({}) }],
    ['reserved concurrency', { overrides: place({ reserved: 5 }) }],
  ])('runs no more than its %s of five, and answers 429 to the other half', (_name, o) => {
    const result = play({ components: WAITS, rate: 10, duration_s: 10, ...o });
    expect(outcomes(result)).toEqual({ sent: 99, served: 50, refused: 49, timed_out: 0, failed: 0, pending: 0 });
    for (const sample of result.pools[0]?.timeline ?? []) expect(sample.busy).toBeLessThanOrEqual(5);
    expect(metered(result, 'function-requests')).toBe(50);
  });

  it('makes new environments no faster than its token bucket: three at once and one a second', () => {
    const parameters = { 'function.scaling_burst': 3, 'function.scaling_per_s': 1 };
    const long = { station: { description: 'waits', io_ms: 29_000 } };
    // Twenty a second for two seconds: three, and two more in the second that follows the third.
    const result = play({ components: long, overrides: place({}), parameters, rate: 20, duration_s: 2 });
    expect(outcomes(result)).toMatchObject({ sent: 39, served: 4, refused: 35 });
  });

  it('that runs into its timeout is cut there, billed until there, and cold the next time', () => {
    const slow = { station: { description: 'waits', io_ms: 5_000 } };
    const result = play({
      components: slow,
      overrides: place({}),
      parameters: { 'function.timeout_s': 1 },
      duration_s: 20,
      rate: 0.5,
    });
    expect(outcomes(result)).toMatchObject({ sent: 9, served: 0, timed_out: 9 });
    expect(result.pools[0]?.colds).toBe(9);
    expect(metered(result, 'function-gb-s:arm64')).toBeCloseTo((9 * 1 * 1769) / 1024, 9);
  });

  it('has its share of a vCPU by memory: pauses of a quota whenever it begins, or evenly four times as long', () => {
    const overrides = { components: { station: { ...FUNCTION.station, memory_mb: 443 } } };
    const share = 443 / 1769;
    const paused = meanMs(play({ overrides, rate: 10, duration_s: 120 }));
    const expected = heldBackOver(10, { share, period_ms: 20, overrun_ms: 2 });
    expect((paused * expected.length) / expected.reduce((sum, ms) => sum + ms, 0)).toBeCloseTo(1, 1.3);
    expect(meanMs(play({ overrides, parameters: { 'function.cpu_period_ms': 0 } }))).toBeCloseTo(10 / share, 3);
  });

  it('with provisioned concurrency is never cold, and is billed for keeping it, five minutes at least', () => {
    const result = play({ overrides: place({ provisioned: 1 }), parameters: { 'function.init_ms': 5_000 } });
    expect([result.pools[0]?.colds, maxMs(result)]).toEqual([0, 10]);
    expect(metered(result, 'function-provisioned-gb-s:arm64')).toBeCloseTo((300 * 1769) / 1024, 9);
    expect(metered(result, 'function-provisioned-duration-gb-s:arm64')).toBeCloseTo((59 * 0.01 * 1769) / 1024, 9);
    expect(metered(result, 'function-gb-s:arm64')).toBe(0);
  });

  it('is cold again when it was idle for longer than its expiry', () => {
    const at = (idle_expiry_s: number) =>
      play({ overrides: place({}), parameters: { 'function.idle_expiry_s': idle_expiry_s }, rate: 0.1, duration_s: 100 });
    expect([at(9).pools[0]?.colds, at(11).pools[0]?.colds]).toEqual([9, 1]);
  });

  it('whose user has gone works on to its end and is paid for', () => {
    const operations = { work: { description: 'impatient', attempts: 1, timeout_ms: 100, steps: [{ call: 'station' }] } };
    const result = play({ components: WAITS, operations, overrides: place({}), duration_s: 10 });
    expect(work(result).timed_out).toBe(9);
    expect(metered(result, 'function-gb-s:arm64')).toBeCloseTo((9 * 0.95 * 1769) / 1024, 9);
  });
});
