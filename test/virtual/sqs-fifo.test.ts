import { describe, expect, it } from 'vitest';
import { Deduplication } from '../../simulator/worlds/virtual/channels/deduplication.ts';
import { type Consuming, consume, count, FUNCTION, metered, outcomes, play, servers, times } from './small.ts';

type Fifo = { group?: 'actor' | 'object' | 'all' | 'none'; high_throughput?: boolean };
const fifo = (o: Fifo = {}) => ({ made: { channel: 'sqs-fifo' as const, ...o } });
const run = ({ group, ...o }: Consuming & Fifo) =>
  consume({ ...o, overrides: { components: o.overrides?.components, events: fifo(group ? { group } : {}) } });
const handledOf = (result: ReturnType<typeof consume>) =>
  (result.ledger ?? []).filter((e) => e.kind === 'handled').map((e) => e.cause);

/** Ten actions at once, nothing more. */
const BURST = {
  users: { count: 1, attributes: { parts: 10 } },
  messages_per: { attribute: 'parts', each: 1 },
  rate: 1,
  duration_s: 2,
};
const UNEVEN = { io_ms: { kind: 'uniform' as const, min: 0, max: 1_000 } };

describe('a FIFO queue, on paper', () => {
  it('works off one message of a group at a time, though four machines are there: 10 messages of 100 + 8 ms take 1.08 s', () => {
    const result = run({ ...BURST, station: { io_ms: 100 }, overrides: { components: servers(4) }, group: 'actor' });
    const handled = times(result, 'handled');
    expect(handled).toHaveLength(10);
    handled.forEach((t, i) => {
      expect(t - (times(result, 'published')[0] as number)).toBeCloseTo(108 * (i + 1), 6);
    });
  });

  it('works off messages without a group all at once', () => {
    const result = run({ ...BURST, station: { io_ms: 100 }, overrides: { components: servers(10) }, group: 'none' });
    const first = times(result, 'published')[0] as number;
    for (const t of times(result, 'handled')) expect(t - first).toBeCloseTo(108, 6);
  });

  it.each([
    ['actor', 0],
    ['all', 0],
  ] as const)('keeps the promised order with group %s, however uneven the work', (group, broken) => {
    const o = { ...BURST, station: UNEVEN, overrides: { components: servers(10) }, ordered_by: 'actor' as const };
    const result = run({ ...o, group });
    expect(count(result, 'out_of_order')).toBe(broken);
    expect(handledOf(result)).toEqual([...handledOf(result)].sort((a, b) => a - b));
  });

  it('breaks the promised order where the group key is missing, and the check says so', () => {
    const o = { ...BURST, station: UNEVEN, overrides: { components: servers(10) }, ordered_by: 'actor' as const };
    const result = run({ ...o, group: 'none' });
    expect(count(result, 'out_of_order')).toBeGreaterThan(2);
    expect(result.checks.find((c) => c.name === 'out_of_order')?.examples[0]).toMatch(/published before it, took effect until/);
  });

  it('takes the group from the order that the application promises when its placement names none', () => {
    const o = { ...BURST, station: UNEVEN, overrides: { components: servers(10) } };
    expect(count(run({ ...o, ordered_by: 'actor' }), 'out_of_order')).toBe(0);
    // Nothing is promised, so nothing is broken, and ten messages are at work at once.
    expect(count(run(o), 'out_of_order')).toBe(0);
    expect(handledOf(run(o))).not.toEqual([...handledOf(run(o))].sort((a, b) => a - b));
  });

  it('blocks a group behind a message that fails until that is a dead letter: 20 s each, one after another', () => {
    const parameters = { 'sqs-fifo.visibility_timeout_s': 10, 'sqs-fifo.receives_max': 2 };
    const result = run({
      station: { error_rate: 1 },
      parameters,
      group: 'all',
      rate: 1,
      duration_s: 4,
      overrides: { components: servers(5) },
    });
    const first = times(result, 'published')[0] as number;
    expect(times(result, 'dead-lettered').map((t) => t - first)).toEqual([20_000, 40_000, 60_000]);
    expect([count(result, 'lost'), count(result, 'dead_lettered'), count(result, 'pending')]).toEqual([3, 3, 0]);
  });

  it('ends a batch at its first failure: the rest comes back with it and has counted a receive', () => {
    const parameters = { 'sqs-fifo.visibility_timeout_s': 10, 'sqs-fifo.receives_max': 2 };
    const result = run({ ...BURST, station: { error_rate: 1 }, parameters, group: 'actor' });
    // Two calls of one batch; nine messages were never tried, and are dead letters with the first.
    expect(metered(result, 'function-requests', 'station')).toBe(2);
    expect(count(result, 'dead_lettered')).toBe(10);
  });

  it('deletes nothing after the visibility timeout, so that even a message nobody else has received is worked off again', () => {
    const o = { station: { io_ms: 1_500, idempotent: false }, overrides: { components: servers(1) }, rate: 1, duration_s: 2 };
    const late = { 'sqs-fifo.visibility_timeout_s': 1, 'sqs-fifo.receives_max': 3 };
    expect(times(run({ ...o, parameters: late, group: 'actor' }), 'handled')).toHaveLength(3);
    const standard = { 'sqs.visibility_timeout_s': 1, 'sqs.receives_max': 3 };
    expect(times(consume({ ...o, parameters: standard }), 'handled')).toHaveLength(1);
  });

  it('turns away what is sent faster than its calls a second', () => {
    // A token a second and one to begin with, two sends a second, no retries: 19 sends in 9.5 s find 1 + 9 tokens.
    const parameters = { 'sqs-fifo.calls_per_s': 1, 'sqs-fifo.retries': 0 };
    const { sent, served, refused } = outcomes(run({ parameters, rate: 2, duration_s: 10 }));
    expect([sent, served + refused]).toEqual([19, 19]);
    expect(Math.abs(served - 10)).toBeLessThanOrEqual(1);
  });

  it('lets a throttled publisher through when it tries again', () => {
    const parameters = { 'sqs-fifo.calls_per_s': 4, 'sqs-fifo.retries': 10, 'sqs-fifo.retry_base_ms': 100 };
    const { sent, served } = outcomes(run({ parameters, rate: 6, duration_s: 2 }));
    expect(served).toBe(sent);
  });

  it.each([
    [300, 0],
    [0, 9],
  ])('drops what an idempotent publisher sends again, within %i s of the first time: %i repeats arrive', (window_s, repeats) => {
    const result = play({
      components: {
        station: { description: 'publishes, then waits', steps: [{ publish: 'made' }, { call: 'slow' }] },
        slow: { description: 'waits', io_ms: 5_000 },
        taker: { description: 'takes', steps: [{ write: 'rows', effect: 'taken' }] },
      },
      operations: { work: { description: 'impatient', attempts: 2, timeout_ms: 1_000, steps: [{ call: 'station' }] } },
      events: { made: { description: 'made', consumers: { taker: {} } } },
      datasets: { rows: { description: 'rows', shape: 'key-value' } },
      overrides: { events: fifo({ group: 'actor' }), components: { ...FUNCTION } },
      parameters: { 'sqs-fifo.deduplication_s': window_s, 'sqs-fifo.long_poll_s': 0 },
      duration_s: 10,
    });
    expect(count(result, 'suppressed')).toBe(repeats);
    // Both sends are paid for; each message that arrives is also received and deleted.
    expect(metered(result, 'sqs-fifo-requests')).toBe(2 * 9 + 2 * (9 + repeats));
  });

  it('has its own price', () => {
    expect(metered(run({ parameters: { 'sqs-fifo.long_poll_s': 0 } }), 'sqs-fifo-requests')).toBe(3 * 59);
  });
});

describe('what a queue remembers', () => {
  it('is forgotten a window after the message was taken, not after the last repeat', () => {
    const known = new Deduplication(1000);
    known.remember(7, 40, 0);
    expect([known.recognise(7, 900), known.recognise(7, 1_000), known.recognise(7, 1_500), known.recognise(8, 0)]).toEqual([
      -1, 40, -1, -1,
    ]);
  });
});
