import { describe, expect, it } from 'vitest';
import { controller, seen, steady, trace } from './pool.ts';

const hpa = (options = {}) => controller('target-utilization', { target: 0.5, ...options });
const wanted = (of: Parameters<typeof seen>[0], options = {}) =>
  hpa(options).decide(hpa().initial, seen({ at_s: 15, ...of })).wanted;

describe('target-utilization, against the arithmetic of the Kubernetes autoscaler', () => {
  it('asks every 15 s', () => expect(hpa().interval_s).toBe(15));

  it.each([
    // current, utilisation, target .5: ceil(current x utilisation / target)
    [10, 0.6, 12],
    [10, 0.61, 13],
    [3, 0.9, 6],
    [7, 1, 14],
    // within a tenth of the target nothing happens, at its very edge neither
    [10, 0.55, 10],
    [10, 0.45, 10],
    [10, 0.551, 12],
  ])('%i instances at %d want %i', (ready, utilisation, answer) => expect(wanted({ ready, utilisation })).toBe(answer));

  it('takes the larger of CPU and slots', () => {
    expect(wanted({ ready: 10, utilisation: 0.1, cpu: 0.8 })).toBe(16);
    expect(wanted({ ready: 10, utilisation: 0.8, cpu: 0.1 })).toBe(16);
  });

  it('adds at most the larger of four instances and as many again in 15 s', () => {
    // ceil(1 x 1 / .05) = 20 from 1: five at once (1 + 4), then ten (5 x 2), then all twenty.
    expect(trace(hpa({ target: 0.05 }), steady({ utilisation: 1 }, 3), { from: 1 })).toEqual([5, 10, 20]);
  });

  it('counts what it added less than 15 s ago against the limit', () => {
    // Asked every 5 s, 8 instances may become 16 in the first 15 s, not 32.
    expect(trace(hpa({ target: 0.05 }), steady({ utilisation: 1 }, 4), { from: 8, every_s: 5 })).toEqual([16, 16, 16, 32]);
  });

  it('takes nothing away before the window is over, then goes to the highest that it wanted in it', () => {
    // Ten instances that need two: held for 300 s (20 decisions), the size found at first counting as the first recommendation.
    const held = trace(hpa(), steady({ utilisation: 0.1 }, 22), { from: 10 });
    expect(held.slice(0, 20)).toEqual(steady({}, 20).map(() => 10));
    expect(held[20]).toBe(2);
  });

  it('holds a peak for 300 s after it has passed', () => {
    const c = hpa();
    const load = [...steady({ utilisation: 0.9 }, 1), ...steady({ utilisation: 0.25 }, 21)];
    // 10 -> 18 at 15 s; then 9, 5, 3 .. are asked for, and the 18 of 15 s stands until 315 s.
    const sizes = trace(c, load, { from: 10 });
    expect(new Set(sizes.slice(0, 20))).toEqual(new Set([18]));
    expect(sizes[20]).toBe(9);
  });

  it('counts starting instances as idle on the way up, and does nothing when that turns the decision round', () => {
    // 10 ready at .8 of .5: 16 alone; with 4 starting the mean is .571, a ratio of 1.143: ceil(14 x 1.143) = 16.
    expect(wanted({ ready: 10, starting: 4, utilisation: 0.8 })).toBe(16);
    // With 8 starting the mean is .444: below the target, so nothing.
    expect(wanted({ ready: 10, starting: 8, utilisation: 0.8 })).toBe(18);
  });

  it('stays within the limits of the pool', () => {
    expect(wanted({ ready: 10, utilisation: 1, maximum: 12 })).toBe(12);
    const low = trace(hpa({ stabilisation_down_s: 0 }), steady({ utilisation: 0, minimum: 3 }, 1), { from: 10 });
    expect(low).toEqual([3]);
  });
});
