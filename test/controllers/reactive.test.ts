import { describe, expect, it } from 'vitest';
import { controller, seen, trace } from './pool.ts';

const rule = (options = {}) => controller('reactive', { window_s: 45, headroom: 1.5, target: 0.75, ...options });

describe('the reactive rule', () => {
  it('keeps the highest load of the window, times the headroom over the target, and forgets it after the window', () => {
    // 4 slots x 1.5 / .75 = 8; the window holds three looks.
    expect(trace(rule(), [{ busy: 4 }, { busy: 1 }, { busy: 1 }, { busy: 1 }], { from: 5 })).toEqual([8, 8, 8, 2]);
  });

  it('counts what waits, and what arrives times how long it stays, whichever is more', () => {
    const size = (of: object) => trace(rule(), [{ slots: 2, ...of }], { from: 1 })[0];
    expect(size({ busy: 3, queued: 9 })).toBe(12);
    expect(size({ busy: 3, arrivals: 180, holding_s: 0.5 })).toBe(6);
  });

  it('says what it saw', () => {
    const { because } = rule().decide([], seen({ at_s: 15, ready: 2, busy: 4 }));
    expect(because).toBe('at most 4 busy slots in 0.8 min, headroom 1.5: 2 -> 8');
  });
});
