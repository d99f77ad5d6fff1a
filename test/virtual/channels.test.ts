import { describe, expect, it } from 'vitest';
import type { CellResult } from '../../simulator/domain/cell.ts';
import { mix, uniform } from '../../simulator/domain/draws.ts';
import { ChannelPlacementSchema } from '../../simulator/domain/placement.ts';
import { type Consuming, consume, count, FUNCTION, outcomes, servers, times } from './small.ts';

type Parameters = NonNullable<Consuming['parameters']>;

interface Subject {
  readonly place: NonNullable<NonNullable<Consuming['overrides']>['events']>[string];
  /** So that a message that failed comes back after a second, and is given up after so many tries. */
  readonly tries: (most: number) => Parameters;
  /** Sentences that are not true of it, each with the reason. */
  readonly but: Readonly<Record<string, string>>;
}

const visible = (kind: string) => (most: number) => ({
  [`${kind}.visibility_timeout_s`]: 1,
  [`${kind}.receives_max`]: most,
  [`${kind}.batch_size`]: 1,
});
const AT_LEAST_ONCE = 'stores each message once';
const IN_ORDER = 'lets messages of one user take effect in the order of publication, however uneven the work';
const NO_ORDER = 'promises no order between consumers that work at once';

/** Every channel, held to the same sentences. */
const CHANNELS: Readonly<Record<string, Subject>> = {
  sqs: {
    place: { channel: 'sqs' },
    tries: visible('sqs'),
    but: { [AT_LEAST_ONCE]: 'a standard queue may store twice what was sent once', [IN_ORDER]: NO_ORDER },
  },
  'sqs-fifo': { place: { channel: 'sqs-fifo', group: 'actor' }, tries: visible('sqs-fifo'), but: {} },
  rabbitmq: {
    place: { channel: 'rabbitmq' },
    tries: (most) => ({ 'rabbitmq.delivery_limit': most - 1, 'rabbitmq.retry_ms': 1_000, 'rabbitmq.batch_size': 1 }),
    but: { [IN_ORDER]: NO_ORDER },
  },
};
const CONSUMERS = { functions: FUNCTION, machines: servers(2, 2) };

it('every channel that a scenario can name is held to them', () => {
  const names = ChannelPlacementSchema.options.map((option) => option.shape.channel.value);
  expect(Object.keys(CHANNELS)).toEqual(names);
});

const worked = (result: CellResult) => result.lags[0]?.lag.count;
const balance = (result: CellResult) => {
  const published = times(result, 'published').length;
  return published - times(result, 'worked-off').length - count(result, 'dead_lettered') - count(result, 'pending');
};

describe.each(Object.entries(CHANNELS))('%s', (_, { place, tries, but }) => {
  describe.each(Object.entries(CONSUMERS))('to %s', (_consumers, components) => {
    const run = (o: Consuming) => consume({ ...o, overrides: { components, events: { made: place } } });
    const holds = (sentence: string, test: () => void) =>
      it(but[sentence] === undefined ? sentence : `${sentence} (skipped: ${but[sentence]})`, (context) => {
        if (but[sentence] === undefined) test();
        else context.skip(but[sentence]);
      });

    holds('delivers everything once when nothing fails', () => {
      const result = run({});
      expect([worked(result), times(result, 'handled').length]).toEqual([59, 59]);
      for (const check of ['lost', 'twice', 'pending', 'dead_lettered', 'suppressed'])
        expect(count(result, check), check).toBe(0);
    });

    holds('delivers again what its consumer failed with, until it succeeds', () => {
      const result = run({ station: { error_rate: 0.5 }, parameters: tries(50) });
      expect([worked(result), count(result, 'lost'), count(result, 'dead_lettered')]).toEqual([59, 0, 0]);
    });

    holds('gives up after its limit of tries: each of 9 messages is tried three times', () => {
      const result = run({ station: { error_rate: 1 }, parameters: tries(3), duration_s: 10 });
      expect([count(result, 'dead_lettered'), count(result, 'lost'), count(result, 'pending')]).toEqual([9, 9, 0]);
      const dead = (result.ledger ?? []).filter((e) => e.kind === 'dead-lettered');
      expect(dead.map((e) => e.attempt)).toEqual(dead.map(() => 3));
    });

    holds('loses nothing and applies nothing twice while half of all tries fail, with a consumer that is not idempotent', () => {
      const result = run({ station: { error_rate: 0.5, idempotent: false }, parameters: tries(50) });
      expect([count(result, 'lost'), count(result, 'twice')]).toEqual([0, 0]);
    });

    holds('keeps the balance: published = worked off + dead + still there', () => {
      expect(balance(run({ station: { error_rate: 0.7 }, parameters: tries(3) }))).toBe(0);
      const late = run({
        station: { io_ms: 20_000 },
        drain_s: 0,
        duration_s: 30,
        parameters: { 'function.timeout_s': 900 },
      });
      expect(balance(late)).toBe(0);
      expect(count(late, 'pending')).toBeGreaterThan(0);
    });

    holds('stopped, takes nothing and gives nothing away; what it has comes when it is back', () => {
      const station = { io_ms: 500, idempotent: true };
      const parameters = tries(50);
      // What is sent at 19 s is at work when it stops at 19.2 s, and worked off again unless that could still be said.
      const result = run({ station, parameters, faults: [{ kind: 'stop', target: 'made', at_s: 19.2, for_s: 20 }] });
      expect(outcomes(result)).toMatchObject({ served: 39, refused: 20 });
      expect([count(result, 'lost'), count(result, 'pending'), count(result, 'dead_lettered')]).toEqual([20, 0, 0]);
      expect([worked(result), times(result, 'handled').length]).toEqual([39, 39]);
      expect(times(result, 'handled').filter((t) => t > 21_000 && t < 39_200)).toEqual([]);
    });

    holds('gives the same bytes for the same seed', () => {
      const o = { station: { error_rate: 0.3 }, parameters: tries(9) };
      expect(JSON.stringify(run(o))).toBe(JSON.stringify(run(o)));
    });

    holds(AT_LEAST_ONCE, () => {
      expect(count(run({ station: { idempotent: false }, parameters: { 'sqs.duplicate_rate': 1 } }), 'twice')).toBe(0);
    });

    holds(IN_ORDER, () => {
      const io_ms = { kind: 'uniform' as const, min: 0, max: 3_000 };
      const result = run({ station: { io_ms, error_rate: 0.2 }, parameters: tries(50), ordered_by: 'actor', rate: 2 });
      expect([count(result, 'out_of_order'), count(result, 'lost')]).toEqual([0, 0]);
    });
  });
});

describe('without a promise of the channel', () => {
  it.each(['sqs', 'rabbitmq'] as const)(
    '%s breaks the order that an application asks for, and the check counts it',
    (channel) => {
      const io_ms = { kind: 'uniform' as const, min: 0, max: 3_000 };
      const overrides = { components: servers(4), events: { made: { channel } } };
      const result = consume({ station: { io_ms }, ordered_by: 'actor', rate: 2, overrides });
      expect(count(result, 'out_of_order')).toBeGreaterThan(10);
    },
  );
});

describe('whatever is chosen', () => {
  const pick = <T>(from: readonly T[], seed: number, salt: number) =>
    from[Math.floor(uniform(mix(seed, salt)) * from.length)] as T;
  const place = (s: number): Subject['place'] =>
    pick<Subject['place']>(
      [
        { channel: 'sqs' },
        { channel: 'sqs-fifo', group: pick(['actor', 'object', 'all', 'none'] as const, s, 1) },
        {
          channel: 'rabbitmq',
          queue: 'classic',
          durable: pick([true, false], s, 2),
          confirms: pick([true, false], s, 3),
          ack: pick(['manual', 'automatic'] as const, s, 4),
          prefetch: pick([1, 3, 20], s, 5),
        },
        { channel: 'rabbitmq', confirms: pick([true, false], s, 6), ack: pick(['manual', 'automatic'] as const, s, 7) },
      ],
      s,
      0,
    );

  it.each(Array.from({ length: 60 }, (_, i) => i + 1))(
    'every message is done, lost or still there, though the channel stops: case %i',
    (s) => {
      const result = consume({
        overrides: { components: pick([FUNCTION, servers(1), servers(3, 4)], s, 8), events: { made: place(s) } },
        station: {
          error_rate: pick([0, 0.3, 0.9], s, 9),
          io_ms: pick([0, 50, { kind: 'exponential', mean: 2_000 }], s, 10),
          idempotent: pick([true, false], s, 11),
        },
        users: { count: 5, attributes: { parts: { kind: 'uniform', min: 1, max: 9 } } },
        objects: { count: 3 },
        messages_per: { attribute: 'parts', each: pick([1, 3], s, 12) },
        parameters: { ...visible(pick(['sqs', 'sqs-fifo'], s, 13))(3), 'broker.memory_mb': pick([8_192, 0.02], s, 14) },
        rate: pick([1, 10], s, 15),
        drain_s: pick([0, 60], s, 16),
        faults: [{ kind: 'stop', target: 'made', at_s: 10, for_s: 10 }],
      });
      const published = times(result, 'published').length;
      // What was never published is lost as well.
      const unsent = outcomes(result).refused > 0;
      const accounted = times(result, 'worked-off').length + count(result, 'lost') + count(result, 'pending');
      if (unsent) expect(accounted).toBeGreaterThanOrEqual(published);
      else expect(accounted).toBe(published);
    },
  );
});
