import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { CONTROLLERS } from '../../simulator/controllers/index.ts';
import type { Controller, ControllerDefinition, Observation } from '../../simulator/domain/controller.ts';
import { SIGNALS, type Signal } from '../../simulator/domain/signals.ts';
import { World } from '../../simulator/worlds/virtual/world.ts';
import { cellOf, consume, play, type Small } from './small.ts';

const registry = CONTROLLERS as Record<string, ControllerDefinition>;
const seen: Observation[] = [];

/** A controller that keeps its pool at one instance and remembers what it was shown every ten seconds. */
function listens(o: Partial<Pick<Controller, 'signals' | 'lag_s'>>): void {
  const decide = (state: unknown, observation: Observation) => {
    seen.push(observation);
    return { state, wanted: 1, because: 'it listens' };
  };
  registry.listener = {
    description: 'listens',
    defaults: {},
    create: () => ({ interval_s: 10, lag_s: 0, initial: null, ...o, decide }),
  };
}

beforeEach(() => seen.splice(0));
afterAll(() => {
  delete registry.listener;
});

const POOL = {
  station: {
    platform: 'server' as const,
    instance: 'm7g.large',
    slots: 1,
    minimum: 1,
    maximum: 1,
    controller: { name: 'listener' },
  },
};
const calls = (o: Small): Small => ({ rate: 2, duration_s: 60, overrides: { components: POOL }, ...o });
const shown = (signal: Signal) => seen.map(({ signals }) => signals?.[signal]);

describe('signals that a controller declares', () => {
  it('are not there for one that declares none, for whom nothing is counted', () => {
    listens({});
    const world = new World(cellOf(calls({})));
    world.run();
    expect(world.door).toBeUndefined();
    expect(seen).toHaveLength(5);
    expect(seen.every((observation) => !('signals' in observation))).toBe(true);
  });

  it('are those that it declares and no others', () => {
    listens({ signals: ['queue_growth'] });
    const world = new World(cellOf(calls({})));
    world.run();
    expect(world.door).toBeUndefined();
    expect(new Set(seen.map(({ signals }) => JSON.stringify(signals)))).toEqual(new Set(['{"queue_growth":0}']));
  });

  it('leave the run as it is', () => {
    listens({});
    const without = play(calls({}));
    listens({ signals: SIGNALS });
    expect(play(calls({}))).toEqual(without);
  });
});

describe('sessions_starting', () => {
  it('counts sessions: two operations a second, two to a session, are one session a second', () => {
    listens({ signals: ['sessions_starting'] });
    const twice = { description: 'the same', steps: [{ call: 'station' }] };
    play(calls({ operations: { first: twice, second: twice }, doing: ['first', 'second'] }));
    // The first ten seconds have both of their ends.
    expect(shown('sessions_starting')).toEqual([1.1, 1, 1, 1, 1]);
  });

  it('comes as late as the metrics do: a step at 30 s is seen whole after 40 s, twenty seconds later with such a lag', () => {
    const steps = { kind: 'step' as const, steps: [[0, 1] as [number, number], [30, 3] as [number, number]] };
    for (const lag_s of [0, 20]) {
      seen.splice(0);
      listens({ signals: ['sessions_starting'], lag_s });
      play(calls({ arrivals: steps, duration_s: 90 }));
      const first = seen.find(({ signals }) => (signals?.sessions_starting ?? 0) > 2.5);
      expect(first?.at_s).toBe(40 + lag_s);
    }
  });

  it('counts the visitors of a crowd, each of whom comes for one thing', () => {
    listens({ signals: ['sessions_starting'] });
    const crowd = { at_s: 20, rise_s: 0, hold_s: 100, fall_s: 0, factor: 4, object: 0, operations: { work: 1 } };
    play(calls({ arrivals: { kind: 'flash-crowd', base: { kind: 'constant', rate: 1 }, ...crowd } }));
    expect(shown('sessions_starting').map((rate) => Math.round(rate as number))).toEqual([1, 1, 4, 4, 4]);
  });
});

describe('queue_growth', () => {
  it('is what comes less what is worked off: three messages a second for a machine that takes one', () => {
    listens({ signals: ['queue_growth'] });
    consume({ rate: 3, duration_s: 60, station: { cpu_ms: 992 }, overrides: { components: POOL } });
    const growth = shown('queue_growth') as number[];
    expect(growth).toHaveLength(6);
    for (const rate of growth) expect(Math.abs(rate - 2)).toBeLessThanOrEqual(0.2);
  });

  it('is negative where a queue is worked off', () => {
    listens({ signals: ['queue_growth'] });
    const steps = { kind: 'step' as const, steps: [[0, 3] as [number, number], [20, 0] as [number, number]] };
    consume({ arrivals: steps, duration_s: 40, station: { cpu_ms: 992 }, overrides: { components: POOL } });
    expect((shown('queue_growth') as number[]).map(Math.round)).toEqual([2, 2, -1, -1]);
  });
});

describe('followers_reached', () => {
  const followed = { count: 1, attributes: { followers: 250 } };

  it('adds up the followers of those whose actions go to followers: two posts a second by an account with 250', () => {
    listens({ signals: ['followers_reached'] });
    const messages_per = { attribute: 'followers', each: 100 };
    consume({ rate: 2, duration_s: 60, users: followed, messages_per, overrides: { components: POOL } });
    for (const rate of shown('followers_reached')) expect(rate).toBeCloseTo(500, 9);
  });

  it('is null where nothing goes to followers', () => {
    listens({ signals: ['followers_reached'] });
    play(calls({ users: followed }));
    expect(new Set(shown('followers_reached'))).toEqual(new Set([null]));
  });
});
