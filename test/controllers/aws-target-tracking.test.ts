import { describe, expect, it } from 'vitest';
import { controller, seen, steady, trace } from './pool.ts';

const tracking = (options = {}) => controller('aws-target-tracking', { target: 0.5, ...options });

describe('aws-target-tracking, against its two alarms', () => {
  it('looks once a minute', () => expect(tracking().interval_s).toBe(60));

  it('scales out in proportion after three minutes above the target, and not after two', () => {
    expect(trace(tracking(), steady({ cpu: 0.6 }, 3), { from: 10 })).toEqual([10, 10, 12]);
    expect(trace(tracking(), [...steady({ cpu: 0.9 }, 2), { cpu: 0.5 }, ...steady({ cpu: 0.9 }, 2)], { from: 10 })).toEqual(
      steady({}, 5).map(() => 10),
    );
  });

  it('does not add again for what is still warming up, but adds the difference when the load grows', () => {
    // 10 -> 12 for .6; twelve are there at once, yet ten count until 300 s have passed: .6 asks for 12, .8 for 16.
    const load = [...steady({ cpu: 0.6 }, 5), ...steady({ cpu: 0.8 }, 2)];
    expect(trace(tracking(), load, { from: 10 })).toEqual([10, 10, 12, 12, 12, 16, 16]);
  });

  it('scales in after fifteen minutes below nine tenths of the target, rounded up, and not after fourteen', () => {
    const sizes = trace(tracking(), steady({ cpu: 0.32 }, 16), { from: 10 });
    expect(sizes.slice(0, 14)).toEqual(steady({}, 14).map(() => 10));
    // ceil(10 x .32 / .5) = 7
    expect(sizes.slice(14)).toEqual([7, 7]);
  });

  it('does nothing between nine tenths of the target and the target', () => {
    expect(new Set(trace(tracking(), steady({ cpu: 0.46 }, 60), { from: 10 }))).toEqual(new Set([10]));
  });

  it('does not scale in while instances start or warm up', () => {
    const c = tracking();
    let state = c.initial;
    for (let minute = 1; minute <= 20; minute++) {
      const outcome = c.decide(state, seen({ at_s: minute * 60, ready: 10, starting: 2, cpu: 0.1 }));
      state = outcome.state;
      expect(outcome.wanted).toBe(12);
    }
  });
});
