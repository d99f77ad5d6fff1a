import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { heldBack, usedIn } from '../../simulator/domain/cpu-quota.ts';

const quota = fc.record({ share: fc.double({ min: 0.05, max: 1, noNaN: true }), period_ms: fc.constantFrom(0, 20, 100) });
const work = fc.double({ min: 0, max: 10_000, noNaN: true });

describe('a quota of CPU time', () => {
  it('lets through what fits into a period, and pauses what does not until the next one', () => {
    const quarter = { share: 0.25, period_ms: 20 };
    expect([0, 4, 5, 6, 10, 12].map((ms) => heldBack(ms, quarter))).toEqual([0, 4, 5, 21, 25, 42]);
    expect([4, 5, 13, 20, 21, 25].map((ms) => usedIn(ms, quarter))).toEqual([4, 5, 5, 5, 6, 10]);
  });

  it('never takes less than the work nor more than its even share, of which it saves at most one pause', () => {
    fc.assert(
      fc.property(work, quota, (cpu_ms, q) => {
        const taken = heldBack(cpu_ms, q);
        expect(taken).toBeGreaterThanOrEqual(cpu_ms - 1e-6);
        expect(taken).toBeLessThanOrEqual(cpu_ms / q.share + 1e-6);
        expect(taken).toBeGreaterThanOrEqual(cpu_ms / q.share - q.period_ms * (1 - q.share) - 1e-6);
      }),
    );
  });

  it('takes longer for more work, and gives back how much it was', () => {
    fc.assert(
      fc.property(work, work, quota, (a, b, q) => {
        const [less, more] = [Math.min(a, b), Math.max(a, b)];
        expect(heldBack(more, q)).toBeGreaterThanOrEqual(heldBack(less, q) - 1e-6);
        expect(usedIn(heldBack(a, q), q)).toBeCloseTo(a, 6);
      }),
    );
  });
});
