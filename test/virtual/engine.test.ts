import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mix, Stream, uniform } from '../../simulator/domain/draws.ts';
import { TokenBucket } from '../../simulator/domain/token-bucket.ts';
import { CalendarQueue } from '../../simulator/worlds/virtual/engine/calendar-queue.ts';
import { DeadlineRing } from '../../simulator/worlds/virtual/engine/deadline-ring.ts';
import { IdleSet } from '../../simulator/worlds/virtual/engine/idle-set.ts';
import { IntRing } from '../../simulator/worlds/virtual/engine/int-ring.ts';

/** Takes everything out of a queue, as [time, target]. */
function drain(queue: CalendarQueue): [number, number][] {
  const out: [number, number][] = [];
  while (queue.peek() < Number.POSITIVE_INFINITY) {
    queue.pop();
    out.push([queue.time, queue.target]);
  }
  return out;
}

const byTarget = (_a: number, a: number, _b: number, b: number) => a - b;

describe('the calendar queue', () => {
  it('gives events back in order of time, whatever the order they were put in', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { maxLength: 400 }), (times) => {
        const queue = new CalendarQueue(byTarget);
        times.forEach((t, i) => {
          queue.push(t, 0, i, 0);
        });
        const out = drain(queue);
        const expected = times.map((t, i): [number, number] => [t, i]).sort((a, b) => a[0] - b[0] || a[1] - b[1]);
        expect(out).toEqual(expected);
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  it('orders equal times by what the events are about, never by when they were put in', () => {
    const forwards = new CalendarQueue(byTarget);
    const backwards = new CalendarQueue(byTarget);
    for (let i = 0; i < 50; i++) forwards.push(7, 0, i, 0);
    for (let i = 49; i >= 0; i--) backwards.push(7, 0, i, 0);
    expect(drain(forwards)).toEqual(drain(backwards));
  });

  it('agrees with a sorted list over a long run of holds, through every change of its day width', () => {
    const queue = new CalendarQueue(byTarget);
    const stream = new Stream(3, 'hold');
    const list: { t: number; id: number }[] = [];
    let id = 0;
    const put = (t: number) => {
      queue.push(t, 0, id, 0);
      const at = list.findIndex((e) => e.t > t);
      list.splice(at < 0 ? list.length : at, 0, { t, id: id++ });
    };
    for (let i = 0; i < 200; i++) put(stream.next() * 100);
    for (let i = 0; i < 60_000; i++) {
      expect(queue.peek()).toBe(list[0]!.t);
      queue.pop();
      const first = list.shift()!;
      if (queue.time !== first.t || queue.target !== first.id) throw new Error(`hold ${i}: ${queue.target} for ${first.id}`);
      // Scales from microseconds to hours, so that near and far are both used.
      const scale = i < 20_000 ? 1 : i < 40_000 ? 1e-3 : 1e5;
      put(queue.time + stream.next() ** 4 * scale);
    }
  });
});

describe('rings and sets', () => {
  it('an integer ring is first in, first out through any number of growths', () => {
    fc.assert(
      fc.property(fc.array(fc.option(fc.nat(1e6)), { maxLength: 1000 }), (steps) => {
        const ring = new IntRing();
        const list: number[] = [];
        for (const step of steps) {
          if (step === null) expect(ring.shift()).toBe(list.shift() ?? -1);
          else list.push(step) && ring.push(step);
          expect(ring.length).toBe(list.length);
          expect(ring.peek()).toBe(list[0] ?? -1);
        }
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  it('a deadline ring keeps deadlines in order through growth', () => {
    const ring = new DeadlineRing();
    for (let i = 0; i < 40; i++) ring.push(i, i, i);
    for (let i = 0; i < 30; i++) ring.shift();
    for (let i = 40; i < 500; i++) ring.push(i, i, i * 2);
    for (let i = 30; i < 500; i++) {
      expect([ring.headAt, ring.headId]).toEqual([i, i]);
      ring.shift();
    }
    expect(ring.isEmpty).toBe(true);
  });

  it('the idle set always names its largest member', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(70_000), { maxLength: 400 }), (ids) => {
        const set = new IdleSet();
        const members = new Set<number>();
        for (const id of ids) {
          if (members.has(id)) {
            members.delete(id);
            set.remove(id);
          } else {
            members.add(id);
            set.add(id);
          }
          expect(set.newest()).toBe(members.size === 0 ? -1 : Math.max(...members));
          expect(set.size).toBe(members.size);
        }
        const seen: number[] = [];
        set.forEach((id) => {
          seen.push(id);
        });
        expect(seen).toEqual([...members].sort((a, b) => a - b));
      }),
      { seed: 3, numRuns: 200 },
    );
  });

  it('a token bucket lets through its burst and then its rate', () => {
    const bucket = new TokenBucket(5, 2);
    let taken = 0;
    for (let t = 0; t <= 10_000; t += 10) if (bucket.take(t, 1)) taken++;
    expect(taken).toBe(25);
  });
});

describe('draws', () => {
  it('uniforms over neighbouring keys are uncorrelated and uniform', () => {
    const n = 200_000;
    const counts = new Array<number>(64).fill(0);
    let cross = 0;
    let before = uniform(mix(mix(1, 0), 1));
    for (let i = 1; i <= n; i++) {
      const u = uniform(mix(mix(1, i), 1));
      counts[Math.floor(u * 64)]!++;
      cross += (u - 0.5) * (before - 0.5) * 12;
      before = u;
    }
    const chi2 = counts.reduce((sum, c) => sum + (c - n / 64) ** 2 / (n / 64), 0);
    // 63 degrees of freedom: the 99.99 % point is 116.
    expect(chi2).toBeLessThan(116);
    expect(Math.abs(cross / n)).toBeLessThan(4 / Math.sqrt(n));
  });

  it('first draws of neighbouring seeds are uncorrelated', () => {
    const n = 20_000;
    let cross = 0;
    for (let seed = 1; seed <= n; seed++) {
      const a = new Stream(seed, 'function/auth').next() - 0.5;
      const b = new Stream(seed + 1, 'function/auth').next() - 0.5;
      cross += a * b * 12;
    }
    expect(Math.abs(cross / n)).toBeLessThan(4 / Math.sqrt(n));
  });

  it('draws for different purposes of one request are uncorrelated', () => {
    const n = 100_000;
    let cross = 0;
    for (let i = 0; i < n; i++) cross += (uniform(mix(i, 1)) - 0.5) * (uniform(mix(i, 2)) - 0.5) * 12;
    expect(Math.abs(cross / n)).toBeLessThan(4 / Math.sqrt(n));
  });
});
