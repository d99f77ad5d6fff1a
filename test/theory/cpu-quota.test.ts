import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heldBack, heldBackOver } from '../../simulator/domain/cpu-quota.ts';

const quota = fc.record({
  share: fc.double({ min: 0.05, max: 1, noNaN: true }),
  period_ms: fc.constantFrom(0, 20, 100),
  overrun_ms: fc.constantFrom(0, 2, 4),
});
const work = fc.double({ min: 0, max: 10_000, noNaN: true });
/** Of a period that is left when work begins. */
const rest = fc.double({ min: 0, max: 1, noNaN: true });

/** Step by step, a hundredth of a millisecond each: what the kernel does. */
function stepped(cpu_ms: number, o: { share: number; period_ms: number; overrun_ms: number }, first_ms: number): number {
  const STEP = 0.01;
  const each = o.share * o.period_ms;
  let [had, at, left, boundary, isPaused] = [0, 0, each, first_ms, false];
  while (had < cpu_ms - STEP / 2) {
    if (at >= boundary - STEP / 2) {
      left = each + Math.min(0, left);
      boundary += o.period_ms;
      isPaused = false;
    }
    if (!isPaused) {
      had += STEP;
      left -= STEP;
      if (left <= -o.overrun_ms + STEP / 2) isPaused = true;
    }
    at += STEP;
  }
  return at;
}

describe('a quota of CPU time', () => {
  it('lets through what fits into a period, and pauses what does not until the next one', () => {
    const quarter = { share: 0.25, period_ms: 20, overrun_ms: 0 };
    expect([0, 4, 5, 6, 10, 12].map((ms) => heldBack(ms, quarter, 20))).toEqual([0, 4, 5, 21, 25, 42]);
    // Three milliseconds before the next period: 3 and 5 without a pause.
    expect([3, 8, 9, 13, 14].map((ms) => heldBack(ms, quarter, 3))).toEqual([3, 8, 24, 28, 44]);
    // It is seen 2 ms late, and the next quota is less by them.
    expect([7, 8, 12, 13].map((ms) => heldBack(ms, { ...quarter, overrun_ms: 2 }, 20))).toEqual([7, 21, 25, 41]);
    expect(heldBack(12, { share: 0.25, period_ms: 0, overrun_ms: 2 }, 0)).toBe(48);
    for (const share of [1, 1.7]) expect(heldBack(12, { ...quarter, share }, 5)).toBe(12);
  });

  it.each([
    [0.579, 2],
    [0.29, 2],
    [0.9, 4],
    [0.07, 0],
  ])('of %f with an overrun of %i ms is what the kernel does, step by step', (share, overrun_ms) => {
    const q = { share, period_ms: 20, overrun_ms };
    for (const first_ms of [0.5, 3, 10, 13, 19.5])
      for (const cpu_ms of [1, 6, 12, 17, 25, 60])
        expect(Math.abs(heldBack(cpu_ms, q, first_ms) - stepped(cpu_ms, q, first_ms))).toBeLessThan(0.2);
  });

  it('is what bursts took in a control group of Linux 6.18 with a quota of 11.58 ms in 20, in the median, 2026-11-30', () => {
    const q = { share: 0.579, period_ms: 20, overrun_ms: 2 };
    for (const [cpu_ms, seen_ms] of [
      [8, 8.5],
      [12, 12.2],
      [16, 17.5],
      [20, 20.7],
      [24, 29.5],
      [28, 34.1],
      [32, 41.6],
      [40, 55.4],
      [60, 93.7],
    ] as const) {
      const taken = heldBackOver(cpu_ms, q).sort((a, b) => a - b);
      const median_ms = taken[Math.floor(taken.length / 2)] as number;
      expect(Math.abs(median_ms / seen_ms - 1), `${cpu_ms} ms`).toBeLessThan(0.12);
    }
  });

  it('never takes less than the work nor more than its even share', () => {
    fc.assert(
      fc.property(work, quota, rest, (cpu_ms, q, left) => {
        const taken = heldBack(cpu_ms, q, left * q.period_ms);
        expect(taken).toBeGreaterThanOrEqual(cpu_ms - 1e-6);
        expect(taken).toBeLessThanOrEqual(cpu_ms / q.share + 1e-6);
        // Its first period, which may be over at once, the quota of the next, and the overrun are all that it may have for nothing.
        expect(taken).toBeGreaterThanOrEqual((cpu_ms - 2 * q.share * q.period_ms - q.overrun_ms) / q.share - 1e-6);
      }),
    );
  });

  it('takes longer for more work, whenever it begins', () => {
    fc.assert(
      fc.property(work, work, quota, rest, (a, b, q, left) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        const at = left * q.period_ms;
        expect(heldBack(more, q, at)).toBeGreaterThanOrEqual(heldBack(less, q, at) - 1e-6);
      }),
    );
  });
});
