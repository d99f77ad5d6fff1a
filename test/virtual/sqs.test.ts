import { describe, expect, it } from 'vitest';
import { consume, count, FUNCTION, metered, servers, times } from './small.ts';

const ALONE = { 'sqs.batch_size': 1, 'sqs.visibility_timeout_s': 3600 };
const lag = (result: ReturnType<typeof consume>) => result.lags[0]!.lag;

describe('a queue, on paper', () => {
  it('is done with a message as soon as its consumer is: 10 ms of work and a write of 8', () => {
    const { count: n, sum_us, max_us } = lag(consume({ station: { cpu_ms: 10 } }));
    expect([n, sum_us / n, max_us]).toEqual([59, 18_000, 18_000]);
  });

  it('hands out in the order in which messages came, and a server takes them one by one', () => {
    const result = consume({ station: { cpu_ms: 1_500 }, overrides: { components: servers(1) }, duration_s: 20 });
    const published = (result.ledger ?? []).filter((e) => e.kind === 'published').map((e) => e.cause);
    const handled = (result.ledger ?? []).filter((e) => e.kind === 'handled').map((e) => e.cause);
    expect(handled).toEqual(published);
    expect(lag(result).max_us / 1000).toBeCloseTo(1_508 + 18 * 508, 3);
  });

  it('starts with five pollers and gets five more a second while messages wait', () => {
    const o = { rate: 1000, duration_s: 0.1, parameters: { ...ALONE, 'function.timeout_s': 900 } };
    const result = consume({ station: { io_ms: 30_000 }, ...o });
    const handled = times(result, 'handled');
    expect(handled).toHaveLength(99);
    expect(handled.filter((t) => t < 30_100)).toHaveLength(5);
    // The 94 others begin 200 ms apart.
    expect(handled[98]! - handled[4]!).toBeCloseTo(94 * 200, -2);
  });

  it('loses pollers again while there is nothing to do: the next crowd starts with five', () => {
    const steps: [number, number][] = [
      [0, 100],
      [1, 0],
      [600, 100],
      [601, 0],
    ];
    const o = {
      arrivals: { kind: 'step' as const, steps },
      duration_s: 700,
      parameters: { ...ALONE, 'function.timeout_s': 900 },
    };
    const handled = times(consume({ station: { io_ms: 30_000 }, ...o }), 'handled');
    expect(handled.filter((t) => t > 600_000).length).toBeGreaterThan(90);
    expect(handled.filter((t) => t > 600_000 && t < 630_150)).toHaveLength(5);
  });

  it('shows a controller what failed and is hidden, as SQS counts it: sixty messages in flight are twelve instances of five', () => {
    const controller = { name: 'queue-depth', options: { per_instance: 5 } };
    const components = { station: { platform: 'server' as const, minimum: 1, maximum: 50, controller } };
    const parameters = { 'sqs.visibility_timeout_s': 900, 'sqs.receives_max': 100 };
    const result = consume({ station: { error_rate: 1 }, overrides: { components }, parameters, duration_s: 120, drain_s: 0 });
    const wanted = result.pools.find((p) => p.name === 'server/station')!.timeline.map((s) => s.wanted);
    expect(Math.max(...wanted)).toBeGreaterThanOrEqual(12);
    expect(Math.max(...wanted)).toBeLessThanOrEqual(24);
  });

  it('has as many messages in flight as it may, and no more', () => {
    const parameters = { ...ALONE, 'sqs.in_flight_max': 3, 'sqs.pollers_initial': 100 };
    const result = consume({ station: { io_ms: 10_000 }, rate: 10, duration_s: 30, parameters });
    const busy = result.pools.find((p) => p.name === 'function/station')!.timeline.map((s) => s.busy);
    expect(Math.max(...busy)).toBe(3);
  });

  it('waits for its batch window when a batch is not full', () => {
    const result = consume({ parameters: { 'sqs.batch_window_ms': 5_000 }, rate: 0.1, duration_s: 100 });
    expect(lag(result).max_us).toBe(5_008_000);
  });

  it('closes a batch early when it is full, and one call takes ten messages', () => {
    const result = consume({ parameters: { 'sqs.batch_window_ms': 300_000 }, rate: 1, duration_s: 51, drain_s: 0 });
    expect(metered(result, 'function-requests', 'station')).toBe(5);
    expect(lag(result).count).toBe(50);
  });

  describe('shows a message again when it was not deleted in time', () => {
    it('and after its last receive it goes to the dead letters', () => {
      const parameters = { 'sqs.visibility_timeout_s': 10, 'sqs.receives_max': 3 };
      const result = consume({ station: { error_rate: 1 }, parameters, duration_s: 10 });
      const dead = times(result, 'dead-lettered');
      const published = times(result, 'published');
      expect(dead).toHaveLength(9);
      dead.forEach((t, i) => {
        expect(t - published[i]!).toBeCloseTo(30_000, 6);
      });
      expect([count(result, 'lost'), count(result, 'dead_lettered'), count(result, 'pending')]).toEqual([9, 9, 0]);
    });

    it.each([
      ['applies twice', false, 'twice', 'suppressed'],
      ['recognises the repeat', true, 'suppressed', 'twice'],
    ])('so that work longer than the visibility timeout %s when idempotent is %s', (_what, idempotent, some, none) => {
      // 15 s of work hidden for 10 s: received at 0, 10, .. 40 s, five times in all, four of them too many.
      const parameters = { ...ALONE, 'sqs.visibility_timeout_s': 10, 'sqs.receives_max': 5 };
      const result = consume({ station: { io_ms: 15_000, idempotent }, parameters, duration_s: 10 });
      expect([count(result, some), count(result, none)]).toEqual([9 * 4, 0]);
      expect([count(result, 'lost'), count(result, 'dead_lettered')]).toEqual([0, 0]);
    });

    it('as when its function is throttled, which counts as a receive', () => {
      const parameters = { ...ALONE, 'sqs.visibility_timeout_s': 1, 'sqs.receives_max': 2 };
      const components = { station: { ...FUNCTION.station, reserved: 0 } };
      const result = consume({ parameters, overrides: { components }, duration_s: 10 });
      expect([count(result, 'dead_lettered'), metered(result, 'function-requests', 'station')]).toEqual([9, 0]);
    });
  });

  it('forgets what is older than its retention, which no dead-letter queue gets', () => {
    // One slot, 50 s of work, nine messages in nine seconds: the third would begin at 101 s, 98 s old.
    const parameters = { 'sqs.retention_s': 60, 'sqs.visibility_timeout_s': 3600 };
    const o = { station: { io_ms: 50_000 }, overrides: { components: servers(1) }, duration_s: 10 };
    const result = consume({ ...o, parameters });
    expect([lag(result).count, count(result, 'lost'), count(result, 'dead_lettered')]).toEqual([2, 7, 0]);
  });

  it('stores some messages twice at the stated rate', () => {
    const result = consume({ station: { idempotent: false }, parameters: { 'sqs.duplicate_rate': 1 } });
    expect(count(result, 'twice')).toBe(59);
  });

  describe('on the bill', () => {
    it('counts sends, receives, deletes, and the empty polls of five idle pollers, one every 20 s each', () => {
      const result = consume({ rate: 0.1, duration_s: 601 });
      expect(metered(result, 'sqs-requests')).toBeCloseTo(3 * 60 + (5 * 601 - 60 * 0.008) / 20, 6);
    });

    it('counts every 64 KB of a batch as a request', () => {
      const none = { 'sqs.long_poll_s': 0 };
      // 100 KB are two to send and two to receive, and a delete has no payload.
      expect(metered(consume({ kb: 100, parameters: none }), 'sqs-requests')).toBe(59 * 5);
      // Ten messages of 30 KB in one batch are 300 KB: five, and five; ten of 1 KB are one, and one.
      const users = { count: 1, attributes: { parts: 10 } };
      const ten = { users, messages_per: { attribute: 'parts', each: 1 }, parameters: none };
      expect(metered(consume({ ...ten, kb: 30 }), 'sqs-requests')).toBe(59 * 11);
      expect(metered(consume({ ...ten, kb: 1 }), 'sqs-requests')).toBe(59 * 3);
    });
  });
});
