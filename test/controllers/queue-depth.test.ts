import { describe, expect, it } from 'vitest';
import { controller, seen, steady, trace } from './pool.ts';

const keda = (options = {}) => controller('queue-depth', options);
const wanted = (of: Parameters<typeof seen>[0], options = {}) =>
  keda(options).decide(keda().initial, seen({ at_s: 15, ...of })).wanted;

describe('queue-depth, against KEDA and the average value of the Kubernetes autoscaler', () => {
  it.each([
    // instances, waiting, at work, five an instance: ceil((waiting + at work) / 5)
    [4, 20, 5, 5],
    [4, 21, 5, 6],
    [4, 30, 10, 8],
    // 22 messages for four instances is a ratio of 1.1: within the tolerance
    [4, 20, 2, 4],
    [4, 20, 3, 5],
  ])('%i instances with %i waiting and %i at work want %i', (ready, queued, busy, answer) => {
    expect(wanted({ ready, queued, busy })).toBe(answer);
  });

  it('adds at most the larger of four instances and as many again in 15 s', () => {
    expect(trace(keda(), steady({ queued: 1000 }, 4), { from: 1 })).toEqual([5, 10, 20, 40]);
  });

  it('goes to one instance after the window, and to none only after the cooldown and where that is allowed', () => {
    const empty = { queued: 0, busy: 0 };
    const one = trace(keda(), steady({ ...empty, minimum: 1 }, 45), { from: 5 });
    expect([one[19], one[20], one[44]]).toEqual([5, 1, 1]);
    // The cooldown of 300 s runs out at 300 s; the one that was wanted at 285 s holds for 300 s more.
    const none = trace(keda(), steady({ ...empty, minimum: 0 }, 45), { from: 5 });
    expect([none[19], none[20], none[37], none[38]]).toEqual([5, 1, 1, 0]);
  });

  it('comes back from none as soon as there is a message', () => {
    expect(wanted({ ready: 0, queued: 1, minimum: 0 })).toBe(1);
    expect(wanted({ ready: 0, queued: 11, minimum: 0 })).toBe(3);
  });
});
