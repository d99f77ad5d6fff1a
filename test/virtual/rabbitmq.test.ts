import { describe, expect, it } from 'vitest';
import { type Consuming, consume, count, maxMs, meanMs, metered, outcomes, servers, times } from './small.ts';

interface Options {
  queue?: 'quorum' | 'classic';
  durable?: boolean;
  confirms?: boolean;
  ack?: 'manual' | 'automatic';
  prefetch?: number;
}
const CLASSIC: Options = { queue: 'classic' };

/** One machine of one slot consumes, where nothing else is said. */
function run(o: Consuming, rabbit: Options = {}) {
  const components = o.overrides?.components ?? servers(1);
  return consume({ ...o, overrides: { components, events: { made: { channel: 'rabbitmq', ...rabbit } } } });
}

/** One action that makes `n` messages. */
const burst = (n: number) => ({
  users: { count: 1, attributes: { parts: n } },
  messages_per: { attribute: 'parts', each: 1 },
  duration_s: 2,
});
const since = (result: ReturnType<typeof consume>, kind: string) =>
  times(result, kind).map((t) => t - (times(result, 'published')[0] as number));

describe('a RabbitMQ queue, on paper', () => {
  it('with prefetch 1 fetches each message after the one before: 10 of 100 + 8 ms', () => {
    const handled = since(run({ ...burst(10), parameters: { 'rabbitmq.delivery_ms': 100 } }, { prefetch: 1 }), 'handled');
    handled.forEach((t, i) => {
      expect(t).toBeCloseTo(108 * (i + 1), 6);
    });
  });

  it('with a prefetch of all of them pays the way once: 100 ms, then 8 ms each', () => {
    const handled = since(run({ ...burst(10), parameters: { 'rabbitmq.delivery_ms': 100 } }, { prefetch: 10 }), 'handled');
    handled.forEach((t, i) => {
      expect(t).toBeCloseTo(100 + 8 * (i + 1), 6);
    });
  });

  it('with prefetch 1 keeps seven of eight slots idle', () => {
    const o = { ...burst(8), station: { io_ms: 991 }, overrides: { components: servers(1, 8) } };
    expect(Math.max(...since(run(o, { prefetch: 1 }), 'handled'))).toBeCloseTo(8_000, 6);
    expect(Math.max(...since(run(o, { prefetch: 8 }), 'handled'))).toBeCloseTo(1_000, 6);
  });

  it('brings a message that failed back at once, and after the delivery limit it is a dead letter', () => {
    const o = { ...burst(1), station: { error_rate: 1, io_ms: 9 }, parameters: { 'rabbitmq.delivery_limit': 3 } };
    const result = run(o);
    // Delivered four times, 1 + 9 ms each.
    expect(since(result, 'dead-lettered')[0]).toBeCloseTo(40, 6);
    expect([count(result, 'lost'), count(result, 'dead_lettered')]).toEqual([1, 1]);
  });

  it('has no delivery limit when classic: a message that always fails comes back until the end', () => {
    const o = { ...burst(1), station: { error_rate: 1, io_ms: 99 }, drain_s: 10 };
    const result = run(o, CLASSIC);
    expect([count(result, 'dead_lettered'), count(result, 'pending')]).toEqual([0, 1]);
    expect(result.pools.find((p) => p.name === 'server/station')?.calls).toBeGreaterThan(100);
  });

  it.each([
    ['manual', 0],
    ['automatic', 59],
  ] as const)('with %s acknowledgement loses %i of 59 messages whose consumer fails the first time', (ack, lost) => {
    const result = run({ station: { error_rate: 1 }, parameters: { 'rabbitmq.delivery_limit': 5 }, rate: 1 }, { ack });
    expect(count(result, 'dead_lettered')).toBe(59 - lost);
    expect(result.checks.find((c) => c.name === 'lost')?.count).toBe(59);
    expect(result.pools.find((p) => p.name === 'server/station')?.calls).toBe(ack === 'manual' ? 59 * 6 : 59);
  });

  it('has the publisher wait for the disk when it asks for confirms, and only then', () => {
    const parameters = { 'rabbitmq.send_ms': 1, 'rabbitmq.commit_ms': 20 };
    expect(meanMs(run({ parameters }, { confirms: true }))).toBeCloseTo(8 + 21, 6);
    expect(meanMs(run({ parameters }, { confirms: false }))).toBeCloseTo(8 + 1, 6);
    // The consumer waits for it either way: 20 stored, 1 delivered, 8 worked.
    for (const confirms of [true, false]) {
      const { sum_us, count: n } = run({ parameters }, { confirms }).lags[0]!.lag;
      expect(sum_us / n).toBe(29_000);
    }
  });

  it('carries so many messages a second: ten at once at 100 a second keep the publisher for 100 ms', () => {
    expect(maxMs(run({ ...burst(10), parameters: { 'broker.messages_per_s': 100 } }))).toBeCloseTo(108, 6);
  });

  it('blocks publishers while its memory is full, until consumers have made room', () => {
    // Room for about four messages of 1 + 1 KB; a message is worked off in 1 s, and one comes in each 100 ms.
    const parameters = { 'broker.memory_mb': 8 / 1024, 'broker.memory_share': 1, 'broker.publish_timeout_ms': 60_000 };
    const result = run({ station: { io_ms: 991 }, parameters, rate: 10, duration_s: 1.1 });
    expect(outcomes(result)).toMatchObject({ sent: 10, served: 10 });
    expect(maxMs(result)).toBeGreaterThan(4_000);
    expect(count(result, 'lost')).toBe(0);
  });

  it('turns publishers away that are blocked for too long', () => {
    const parameters = { 'broker.memory_mb': 8 / 1024, 'broker.memory_share': 1, 'broker.publish_timeout_ms': 500 };
    const { refused, served, sent } = outcomes(run({ station: { io_ms: 60_000 }, parameters, rate: 10, duration_s: 1.1 }));
    expect([refused, served, sent]).toEqual([5, 5, 10]);
  });

  it('is read by functions through a poller that repeats a whole batch when one message of it fails', () => {
    const components = { station: { platform: 'function' as const, memory_mb: 1769 } };
    const o = { ...burst(10), station: { error_rate: 0.3, idempotent: false }, overrides: { components } };
    const result = run({ ...o, parameters: { 'rabbitmq.batch_size': 10, 'rabbitmq.delivery_limit': 1000 } });
    expect(count(result, 'twice')).toBeGreaterThan(0);
    expect([count(result, 'lost'), count(result, 'pending')]).toEqual([0, 0]);
  });

  it.each([
    ['quorum', 3],
    ['classic', 1],
  ] as const)('is paid for by the hour whatever it does: %s means %i machines', (queue, machines) => {
    const result = run({ duration_s: 3600, rate: 0.01 }, { queue });
    expect(metered(result, 'broker-hours:mq.m5.large')).toBe(machines);
    expect(metered(result, 'broker-gb-months')).toBeCloseTo((machines * 200) / 730, 9);
  });
});

describe('a broker that is stopped for a minute', () => {
  /** Ten messages lie in the queue, one is at work (5 s), when it stops at 20 s; nothing is sent while it is away. */
  const full = {
    ...burst(11),
    station: { io_ms: 30_000, idempotent: false },
    arrivals: {
      kind: 'step' as const,
      steps: [
        [0, 1],
        [1.5, 0],
      ] as [number, number][],
    },
  };
  const faults = [{ kind: 'stop' as const, target: 'rabbitmq', at_s: 20, for_s: 60 }];
  const stopped = (rabbit: Options, o: Consuming = full) => run({ ...o, duration_s: 120, faults }, rabbit);

  it('loses what a queue that is not durable held, and nothing that a consumer works on', () => {
    const result = stopped({ ...CLASSIC, durable: false, prefetch: 1 });
    expect([count(result, 'lost'), times(result, 'handled').length]).toEqual([10, 1]);
  });

  it('loses nothing of a durable queue, but what was at work is done twice', () => {
    const result = stopped({ ...CLASSIC, prefetch: 1 });
    expect([count(result, 'lost'), count(result, 'pending'), count(result, 'twice')]).toEqual([0, 0, 1]);
    expect(count(stopped({ ...CLASSIC, prefetch: 1 }, { ...full, station: { io_ms: 30_000 } }), 'suppressed')).toBe(1);
  });

  it.each([
    [true, 'fails its publishers, who hear of it'],
    [false, 'loses what is sent meanwhile, and nobody hears of it'],
  ])('with confirms %s it %s', (confirms) => {
    const result = stopped({ confirms }, { rate: 1 });
    const { sent, served, refused } = outcomes(result);
    const away = confirms ? refused : count(result, 'lost');
    expect(away).toBeGreaterThanOrEqual(58);
    expect(away).toBeLessThanOrEqual(62);
    expect(served).toBe(confirms ? sent - refused : sent);
    if (confirms) expect(count(result, 'lost')).toBe(refused);
  });
});
