import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import hello from '../../scenarios/hello.ts';
import { FAULT_KINDS, FAULTS, type Fault, type FaultDefinition } from '../../simulator/domain/fault.ts';
import { ChannelPlacementSchema } from '../../simulator/domain/placement.ts';
import { consume, count, maxMs, meanMs, metered, outcomes, play, servers, times, work } from './small.ts';
import { store } from './stores.ts';
import { ask } from './what-if.ts';

/** From between the 19th and the 20th action to between the 39th and the 40th: 20 of 59. */
const during = (fault: Pick<Fault, 'kind' | 'target' | 'amount'>) => ({ faults: [{ at_s: 19.5, for_s: 20, ...fault }] });
const FIVE_S = { station: { description: 'waits for five seconds', io_ms: 5_000 } };
/** The call that comes a second before the end is at work four seconds longer, which is billed. */
const WORK_AFTER_S = 4;
const ready = (result: ReturnType<typeof play>, at_s: number) =>
  result.pools[0]?.timeline.filter((s) => s.at_s <= at_s).at(-1)?.ready;

describe('kill, on paper', () => {
  // At 30.5 s, five calls of five seconds are under way.
  const ONE = { components: FIVE_S, overrides: { components: servers(1, 10) }, parameters: { 'server.boot_s': 10 } };

  it('fails what a server works on, and what comes waits for the next: 10 s to boot', () => {
    const result = play({ ...ONE, faults: [{ kind: 'kill', target: 'station', at_s: 30.5 }] });
    expect(outcomes(result)).toMatchObject({ sent: 59, served: 54, failed: 5 });
    expect(maxMs(result)).toBeCloseTo(9_500 + 5_000, 6);
  });

  it('comes before all that happens at the same instant: what would end then fails, and so does what has just come', () => {
    const result = play({ ...ONE, faults: [{ kind: 'kill', target: 'station', at_s: 31 }] });
    expect(outcomes(result)).toMatchObject({ served: 53, failed: 6 });
  });

  it('is a failure that clients try again', () => {
    const operations = { work: { description: 'twice', attempts: 2, timeout_ms: 60_000, steps: [{ call: 'station' }] } };
    const result = play({ ...ONE, operations, faults: [{ kind: 'kill', target: 'server', at_s: 30.5 }] });
    expect([outcomes(result).served, work(result).attempts]).toEqual([59, 64]);
  });

  it('ends the cost of the machine, though not before its 60 s, and the next is paid from its launch', () => {
    const result = play({ ...ONE, faults: [{ kind: 'kill', target: 'station', at_s: 30.5 }] });
    expect(metered(result, 'server-hours:m7g.large') * 3600).toBeCloseTo(60 + 29.5 + WORK_AFTER_S, 6);
  });

  it('leaves the pool short as long as it lasts: nothing is launched, nothing is paid', () => {
    const result = play({ ...ONE, duration_s: 400, faults: [{ kind: 'kill', target: 'station', at_s: 100.5, for_s: 50 }] });
    expect(metered(result, 'server-hours:m7g.large') * 3600).toBeCloseTo(100.5 + 249.5 + WORK_AFTER_S, 6);
    expect([ready(result, 99), ready(result, 159), ready(result, 162)]).toEqual([1, 0, 1]);
  });

  it.each([
    [4, 0.5, 2],
    [4, 3, 1],
    [4, 9, 0],
    [1, undefined, 0],
  ])('of %i servers, %s: leaves %i', (n, amount, left) => {
    const faults = [{ kind: 'kill' as const, target: 'station', at_s: 30.5, ...(amount === undefined ? {} : { amount }) }];
    expect(ready(play({ overrides: { components: servers(n) }, faults }), 40)).toBe(left);
  });

  it('takes environments of a function, busy and idle: calls fail, and the next are cold', () => {
    const calm = play({ components: FIVE_S });
    const result = play({ components: FIVE_S, faults: [{ kind: 'kill', target: 'station', at_s: 30.5 }] });
    expect(outcomes(result)).toMatchObject({ sent: 59, served: 54, failed: 5 });
    expect(result.pools[0]?.colds).toBe(2 * (calm.pools[0]?.colds ?? Number.NaN));
  });

  it('takes a card with the batch that it computes; the rest waits for the next card', () => {
    const station = { description: 'half a second on a card', gpu_ms: 500 };
    const components = {
      station: { platform: 'gpu' as const, batch_max: 1, minimum: 1, maximum: 1, controller: { name: 'static' } },
    };
    const o = { components: { station }, overrides: { components }, parameters: { 'gpu.boot_s': 10, 'gpu.batch_base': 0 } };
    const result = play({ ...o, faults: [{ kind: 'kill', target: 'gpu', at_s: 30.25 }] });
    expect(outcomes(result)).toMatchObject({ sent: 59, served: 58, failed: 1 });
    // What came at 31 s waits until 40.25 s.
    expect(maxMs(result)).toBeCloseTo(9_250 + 500, 6);
  });

  it('loses no message: what the consumer held shows again after its visibility timeout', () => {
    const result = consume({
      station: { io_ms: 900 },
      overrides: { components: servers(1) },
      parameters: { 'server.boot_s': 10, 'sqs.visibility_timeout_s': 60 },
      faults: [{ kind: 'kill', target: 'station', at_s: 30.5 }],
    });
    expect([count(result, 'lost'), count(result, 'twice'), times(result, 'handled').length]).toEqual([0, 0, 59]);
    const again = result.ledger?.filter((e) => e.kind === 'handled' && e.attempt === 2) ?? [];
    expect(again.map((e) => Math.floor(e.at_ms / 1000))).toEqual([90]);
  });
});

describe('many machines at once, on paper', () => {
  it.each([
    [3, 2],
    [6, 4],
  ])('a zone that is lost takes a third: of %i servers %i are left, and all are back after a boot', (n, left) => {
    const o = { overrides: { components: servers(n) }, parameters: { 'server.boot_s': 10 } };
    const result = play({ ...o, faults: [{ kind: 'lose-zone', at_s: 30.5 }] });
    expect([ready(result, 31), ready(result, 45)]).toEqual([left, n]);
  });
});

describe('stores, on paper', () => {
  const read = { steps: [{ read: 'rows' }] };

  it.each([
    ['dynamodb', 5],
    ['s3', 25],
    ['postgres', 1],
  ] as const)('slow %s: a third of its answers take four times %i ms', (kind, ms) => {
    const result = store(kind, { ...read, ...during({ kind: 'slow', target: 'rows', amount: 4 }) });
    expect(meanMs(result)).toBeCloseTo((39 * ms + 20 * 4 * ms) / 59, 6);
  });

  it.each(['dynamodb', 's3', 'postgres'] as const)('stop %s: what is asked meanwhile is refused, the rest is served', (kind) => {
    const result = store(kind, { ...read, ...during({ kind: 'stop', target: kind }) });
    expect(outcomes(result)).toMatchObject({ sent: 59, served: 39, refused: 20 });
  });

  it('fail over postgres: one waits for it, two are refused when their wait for a connection is over', () => {
    const parameters = { 'postgres.wait_timeout_ms': 1_000 };
    const result = store('postgres', {
      ...read,
      parameters,
      faults: [{ kind: 'fail-over', target: 'rows', at_s: 19.5, for_s: 3 }],
    });
    expect(outcomes(result)).toMatchObject({ served: 57, refused: 2 });
    expect(maxMs(result)).toBeCloseTo(501, 6);
  });

  it('throttle a table to a quarter: five of twenty get through', () => {
    const fault = during({ kind: 'throttle', target: 'dynamodb', amount: 0.25 });
    expect(outcomes(store('dynamodb', { ...read, parameters: { 'dynamodb.retries': 0 }, ...fault }))).toMatchObject({
      served: 44,
      refused: 15,
    });
    expect(outcomes(store('dynamodb', { ...read, ...fault })).served).toBeGreaterThan(50);
  });
});

describe('queues, on paper', () => {
  const NOT_TWICE = { idempotent: false };

  it('stopped, a queue refuses to be sent to, and what was accepted without its message is lost', () => {
    const result = consume({ ...during({ kind: 'stop', target: 'sqs' }) });
    expect(outcomes(result)).toMatchObject({ served: 39, refused: 20 });
    expect([count(result, 'lost'), times(result, 'handled').length]).toEqual([20, 39]);
  });

  it('stopped, it delivers nothing, keeps what it has, and refuses the delete of what is in flight: that comes again', () => {
    const o = { station: { io_ms: 3_000, ...NOT_TWICE }, overrides: { components: servers(1) } };
    const result = consume({
      ...o,
      parameters: { 'sqs.visibility_timeout_s': 3600 },
      drain_s: 7200,
      ...during({ kind: 'stop', target: 'made' }),
    });
    const handled = times(result, 'handled');
    // Messages are taken 3,008 ms apart; the seventh is at work when the queue stops.
    expect(handled.filter((t) => t > 22_100 && t < 42_500)).toEqual([]);
    expect([new Set(handled.map((t) => t)).size, count(result, 'twice'), count(result, 'lost')]).toEqual([40, 1, 20]);
  });

  it.each(['sqs-fifo', 'rabbitmq'] as const)('%s stores each message once: a fault that wants it twice is refused', (channel) => {
    const o = { overrides: { events: { made: { channel } } }, ...during({ kind: 'duplicate', target: 'station', amount: 1 }) };
    expect(() => consume(o)).toThrow("duplicate station to 100%': no strategy has anything that it could act on");
  });

  it('of a broker that two faults stop, it is away until the second is over', () => {
    const stop = (at_s: number) => ({ kind: 'stop' as const, target: 'rabbitmq', at_s, for_s: 20 });
    const result = consume({ overrides: { events: { made: { channel: 'rabbitmq' } } }, faults: [stop(19.5), stop(29.5)] });
    expect(outcomes(result)).toMatchObject({ served: 29, refused: 30 });
  });

  it('stores twice what is sent meanwhile', () => {
    const result = consume({ station: NOT_TWICE, ...during({ kind: 'duplicate', target: 'station', amount: 1 }) });
    expect([count(result, 'twice'), times(result, 'handled').length]).toEqual([20, 79]);
  });
});

describe('components, on paper', () => {
  const io = { station: { description: 'ten of its own, fifty of others', cpu_ms: 10, io_ms: 50 } };

  it.each([
    ['slow', 10 * 3 + 50],
    ['slow-third-party', 10 + 50 * 3],
  ] as const)('%s: a third of the calls take %i ms instead of 60', (kind, ms) => {
    const overrides = { components: servers(1, 4) };
    const result = play({ components: io, overrides, ...during({ kind, target: 'station', amount: 3 }) });
    expect(meanMs(result)).toBeCloseTo((39 * 60 + 20 * ms) / 59, 6);
  });

  it('a bad deployment fails its share of calls, after their work', () => {
    expect(outcomes(play(during({ kind: 'bad-deployment', target: 'station', amount: 1 })))).toMatchObject({
      served: 39,
      failed: 20,
    });
  });

  it('throttle a function to a fifth: four of twenty get through', () => {
    const result = play(during({ kind: 'throttle', target: 'station', amount: 0.2 }));
    expect(outcomes(result)).toMatchObject({ served: 43, refused: 16 });
  });

  it('faults overlap: factors multiply, and when one is over the other goes on', () => {
    const slow = (at_s: number) => ({ kind: 'slow' as const, target: 'station', amount: 2, at_s, for_s: 20 });
    // 20 to 29 s twice, 30 to 39 s four times, 40 to 49 s twice.
    const overrides = { components: servers(1, 4) };
    const result = play({ overrides, faults: [slow(19.5), slow(29.5)] });
    expect(meanMs(result)).toBeCloseTo((29 * 10 + 20 * 20 + 10 * 40) / 59, 6);
  });
});

describe('under any faults', () => {
  const targets = {
    function: ['function', 'page'],
    machine: ['server', 'thank'],
    component: ['book'],
    store: ['thanks', 'postgres'],
    queue: ['thank'],
  };
  const AMOUNTS = { none: [undefined], loss: [undefined, 0.4, 2], share: [0.3, 1], rest: [0, 0.5], factor: [3, 50] };
  const anyFault = fc.constantFrom(...FAULT_KINDS.filter((kind) => kind !== 'slow-third-party')).chain((kind) => {
    const definition: FaultDefinition = FAULTS[kind];
    return fc.record({
      kind: fc.constant(kind),
      target: fc.constantFrom(...definition.acts.flatMap((subject) => targets[subject])),
      amount: fc.constantFrom<number | undefined>(...AMOUNTS[definition.amount]),
      at_s: fc.integer({ min: 0, max: 119 }),
      for_s: fc.integer({ min: 1, max: 100 }),
    });
  });
  const CHANNELS = ChannelPlacementSchema.options.map((option) => option.shape.channel.value);
  const under = (strategy: string, faults: Fault[], channel: (typeof CHANNELS)[number] = 'sqs') =>
    ask(strategy, [], { rate: 0.5, base: { ...hello, faults, overrides: { events: { 'entry-signed': { channel } } } } }).result;

  it('conservation and Little hold over every channel, and the same seed gives the same bytes', () => {
    const some = fc.array(anyFault, { minLength: 1, maxLength: 5 });
    const strategies = fc.constantFrom('all-functions', 'all-servers', 'hybrid-gpu', 'spot-servers');
    fc.assert(
      fc.property(some, strategies, fc.constantFrom(...CHANNELS), (faults, strategy, channel) => {
        // Only a standard queue stores twice. `ask` throws when either is broken.
        const possible = faults.filter(({ kind }) => kind !== 'duplicate' || channel === 'sqs');
        const bytes = () => JSON.stringify(under(strategy, possible, channel));
        expect(bytes()).toBe(bytes());
      }),
      { numRuns: 60, seed: 7 },
    );
  });

  it('a fault that finds nothing to act on changes nothing', () => {
    const faults: Fault[] = [{ kind: 'kill', target: 'server', at_s: 30, for_s: 20 }];
    expect(JSON.stringify(under('all-functions', faults).operations)).toBe(JSON.stringify(under('all-functions', []).operations));
  });
});
