import { describe, expect, it } from 'vitest';
import { CONTROLLERS } from '../../simulator/controllers/index.ts';
import { InputError } from '../../simulator/domain/problem.ts';
import { controller, seen, trace } from './pool.ts';

const LOADS = Array.from({ length: 60 }, (_, i) => ({
  utilisation: Math.abs(Math.sin(i / 7)),
  cpu: Math.abs(Math.sin(i / 11)),
  queued: (i * 37) % 200,
  busy: i % 9,
}));

describe.each(Object.keys(CONTROLLERS))('the controller %s', (name) => {
  it('gives the same answer to the same state and observation, and changes neither', () => {
    const c = controller(name);
    let state = c.initial;
    LOADS.forEach((load, i) => {
      const observation = seen({ at_s: i * c.interval_s, ready: 10, ...load });
      const before = JSON.stringify([state, observation]);
      const first = c.decide(state, observation);
      expect(c.decide(state, observation)).toEqual(first);
      expect(JSON.stringify([state, observation])).toBe(before);
      state = first.state;
    });
  });

  it('keeps its state as plain JSON: carried over as text it decides the same', () => {
    const kept = trace(controller(name), LOADS, { from: 10 });
    const c = controller(name);
    const carried = {
      ...c,
      decide: (state: unknown, o: Parameters<typeof c.decide>[1]) => c.decide(JSON.parse(JSON.stringify(state)), o),
    };
    expect(trace(carried, LOADS, { from: 10 })).toEqual(kept);
  });

  it('stays within the limits of its pool', () => {
    for (const size of trace(
      controller(name),
      LOADS.map((load) => ({ ...load, minimum: 4, maximum: 16 })),
      { from: 10 },
    )) {
      expect(size).toBeGreaterThanOrEqual(4);
      expect(size).toBeLessThanOrEqual(16);
    }
  });

  it('says why, in words', () => {
    const c = controller(name);
    expect(c.decide(c.initial, seen({ ready: 3, utilisation: 1, cpu: 1, queued: 50 })).because).toMatch(/\w/);
  });

  it('refuses options that it does not know, all at once', () => {
    try {
      controller(name, { targt: 1, banana: 2 });
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(InputError);
      expect((error as InputError).problems).toHaveLength(2);
    }
  });
});

describe('static', () => {
  it('keeps the size that it finds, whatever the load', () => {
    expect(new Set(trace(controller('static'), LOADS, { from: 7 }))).toEqual(new Set([7]));
  });
});
