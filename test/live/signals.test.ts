import { afterAll, describe, expect, it } from 'vitest';
import { CONTROLLERS } from '../../simulator/controllers/index.ts';
import type { ControllerDefinition, Observation } from '../../simulator/domain/controller.ts';
import { SIGNALS } from '../../simulator/domain/signals.ts';
import type { Fleet } from '../../simulator/worlds/live/fleet.ts';
import { type Look, Operate } from '../../simulator/worlds/live/operate.ts';
import { DoorWatch } from '../../simulator/worlds/live/platforms/door-watch.ts';
import { cellOf } from '../virtual/small.ts';

const registry = CONTROLLERS as Record<string, ControllerDefinition>;
const seen: Observation[] = [];
registry.listener = {
  description: 'listens',
  defaults: {},
  create: ({ hears }) => ({
    interval_s: 10,
    lag_s: 0,
    initial: null,
    ...(hears ? { signals: SIGNALS } : {}),
    decide(state, observation) {
      seen.push(observation);
      return { state, wanted: 1, because: 'it listens' };
    },
  }),
};
afterAll(() => {
  delete registry.listener;
});

/** Posts that go to a hundred followers each message, worked off by a pool whose controller listens. */
function planOf(hears: boolean, each?: number) {
  const controller = { name: 'listener', options: { hears } };
  return cellOf({
    users: { count: 1, attributes: { followers: 250 } },
    components: {
      maker: { description: 'publishes', steps: [{ publish: 'made' }] },
      station: { description: 'consumes' },
    },
    operations: { work: { description: 'posts', steps: [{ call: 'maker' }] } },
    events: {
      made: { description: 'made', consumers: { station: each ? { messages_per: { attribute: 'followers', each } } : {} } },
    },
    overrides: {
      components: { station: { platform: 'server', instance: 'm7g.large', slots: 1, minimum: 1, maximum: 1, controller } },
    },
  }).plan;
}

function operated(hears: boolean) {
  const plan = planOf(hears, 100);
  const pool = plan.parts.findIndex(({ path }) => path === 'server/station');
  const queue = plan.events[0]?.consumers[0]?.queue as number;
  const fleet = { sizing: plan.parts[pool]?.sizing, wanted: 1, ready: 1, starting: 0, drainingCount: 0 } as unknown as Fleet;
  const operate = new Operate(plan, { fleets: new Map([[pool, fleet]]), resized: () => undefined, fit: async () => undefined });
  const look = (at_s: number, depth: number | undefined, door?: Look['door']) => {
    const depths = new Map(depth === undefined ? [] : [[queue, { visible: depth, inFlight: 0 }]]);
    operate.control({ at_s, pools: new Map(), workers: new Map(), functions: new Map(), depths, ...(door ? { door } : {}) });
    return seen.at(-1)?.signals;
  };
  return { operate, look };
}

describe('signals of real parts', () => {
  it('are differences of what door and queues have counted, a second', () => {
    const { operate, look } = operated(true);
    expect(operate.wantsDoor).toBe(true);
    expect(look(10, 40, { sessions: 20, followers: 5000 })).toEqual({
      queue_growth: 4,
      sessions_starting: 2,
      followers_reached: 500,
    });
    expect(look(20, 10, { sessions: 50, followers: 5000 })).toEqual({
      queue_growth: -3,
      sessions_starting: 3,
      followers_reached: 0,
    });
  });

  it('are null where a queue has not said how deep it is and nobody counts at the door', () => {
    expect(operated(true).look(10, undefined)).toEqual({ queue_growth: null, sessions_starting: null, followers_reached: null });
  });

  it('are not there for a controller that declares none', () => {
    const { operate, look } = operated(false);
    expect(operate.wantsDoor).toBe(false);
    expect(look(10, 40, { sessions: 20, followers: 5000 })).toBeUndefined();
    expect(seen.at(-1)).not.toHaveProperty('signals');
  });
});

describe('the front door', () => {
  const came = { user: 0, operation: 0, attempt: 1 };

  it('counts a session once, whichever of its requests comes first, and none that began before the run', () => {
    const door = new DoorWatch(planOf(true, 100), 7);
    for (const session of [9, 7, 9, 3, 8, 7]) door.came({ ...came, session });
    expect(door.counted).toEqual({ sessions: 3, followers: 6 * 250 });
  });

  it('does not count who tries again', () => {
    const door = new DoorWatch(planOf(true, 100), 0);
    door.came({ ...came, session: 1 });
    door.came({ ...came, session: 1, attempt: 2 });
    expect(door.counted).toEqual({ sessions: 1, followers: 250 });
  });

  it('does not know of followers where nothing goes to any', () => {
    const door = new DoorWatch(planOf(true), 0);
    door.came({ ...came, session: 1 });
    expect(door.counted).toEqual({ sessions: 1, followers: null });
  });
});
