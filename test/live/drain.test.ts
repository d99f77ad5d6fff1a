import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { UNSEEN_MS, type UnderWay, untilQuiet, wordsOf } from '../../simulator/worlds/live/drain.ts';
import { queuedIn, Unfinished, unseenOf } from '../../simulator/worlds/live/unfinished.ts';
import { sheetOf } from '../contract/sheet.ts';
import { cellOf, count, type Small, times } from '../virtual/small.ts';
import { openLiveWorld } from './live-world.ts';

const NOTHING: UnderWay = { open: new Map(), unseen: 0, written: 0 };
const CALL: UnderWay = { ...NOTHING, open: new Map([['calls', 1]]) };

/** Plays looks one after the other, the last again and again, on a clock that only waiting moves; how many looks it took, and what was last. */
async function ended(looks: readonly UnderWay[], until_ms = 60_000) {
  const at = { ms: 0, look: 0 };
  const clock = {
    now: () => at.ms,
    wait: async (ms: number) => {
      at.ms += ms;
    },
  };
  const seen = await untilQuiet(async () => looks[Math.min(at.look++, looks.length - 1)] as UnderWay, { until_ms, clock });
  return { looks: at.look, ms: at.ms, seen };
}

describe('the end of a live run', () => {
  it('is when two looks in a row have found nothing to do', async () => {
    expect(await ended([NOTHING])).toMatchObject({ looks: 2 });
    expect(await ended([NOTHING, CALL, NOTHING])).toMatchObject({ looks: 4 });
  });

  it('waits while something is written between two looks, though nobody seems to be at work', async () => {
    const writing = { ...NOTHING, written: 3 };
    expect(await ended([writing, writing, NOTHING])).toMatchObject({ looks: 4 });
  });

  it('waits for a message that no queue shows, until it appears or counts as lost', async () => {
    const unseen = { ...NOTHING, unseen: 1 };
    const shown = { ...NOTHING, open: new Map([['messages in sqs/made', 1]]) };
    expect(await ended([unseen, unseen, unseen, shown, NOTHING])).toMatchObject({ looks: 6 });
    expect((await ended([unseen])).ms).toBeGreaterThanOrEqual(UNSEEN_MS);
  });

  it('comes when its time is over, and says what is left', async () => {
    const { ms, seen } = await ended([{ ...CALL, open: new Map([...CALL.open, ['messages in sqs/made', 3]]) }], 1000);
    expect(ms).toBe(1000);
    expect(wordsOf(seen)).toBe('calls: 1, messages in sqs/made: 3');
  });
});

describe('messages that nobody has said to be done with', () => {
  const folder = mkdtempSync(join(tmpdir(), 'placement-lab-journals-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const { plan } = sheetOf({}, {});
  const queue = plan.events[0]?.consumers[0]?.queue as number;
  const effectOf = (wanted: string) => plan.effects.find(({ role }) => role === wanted)?.name;
  const line = (role: string, n: number) => JSON.stringify({ effect: effectOf(role), cause: `a${n}-0-0-0` });
  const write = (file: string, lines: string[], rest = '') =>
    writeFileSync(join(folder, `journal-${file}.ndjson`), `${lines.map((text) => `${text}\n`).join('')}${rest}`, { flag: 'a' });

  it('are those that were published, whoever wrote first, and not worked off nor given up on', () => {
    const unfinished = new Unfinished(plan, folder);
    const published = [1, 2, 3, 4].map((n) => line('published', n));
    write('b', published, published[0]?.slice(0, 9));
    write('a', [line('worked-off', 1), line('dead-lettered', 2), '{"told":"something"}']);
    expect([unfinished.readOn(), unfinished.byQueue()]).toEqual([7, new Map([[queue, 2]])]);
    expect(unfinished.readOn()).toBe(0);
    write('a', [line('worked-off', 3), line('worked-off', 4)]);
    expect([unfinished.readOn(), unfinished.byQueue()]).toEqual([2, new Map()]);
  });

  it('lie in a queue or among its dead letters, or nobody sees them', () => {
    const queues = new Map([[queue, { messages: 2, dead: 1, isAway: false }]]);
    expect(unseenOf(plan, { queues, unfinished: new Map([[queue, 5]]) })).toBe(2);
    const inQueues = () => new Map(queuedIn(plan, queues).filter(([, n]) => n > 0));
    expect(inQueues()).toEqual(new Map([['messages in sqs/made/station', 2]]));
    // Where something follows a dead letter, it is not dealt with before that was written down.
    const consumer = plan.events[0]?.consumers[0] as (typeof plan.events)[0]['consumers'][0];
    consumer.on_failure = { event: 0, after_ms: 0, unless: -1 };
    expect(unseenOf(plan, { queues, unfinished: new Map([[queue, 5]]) })).toBe(3);
    expect(inQueues().get('dead letters of sqs/made/station')).toBe(1);
  });
});

const rows = { description: 'rows', shape: 'key-value' as const };
const server = { platform: 'server' as const, instance: 'm7g.large', minimum: 1, maximum: 1, controller: { name: 'static' } };
const handled = { description: 'consumes', steps: [{ write: 'rows', effect: 'handled' }] };

/** Users give up long before what they asked for is accepted and published. */
const IMPATIENT: Small = {
  components: {
    maker: { description: 'takes long', io_ms: 2500, steps: [{ write: 'rows', effect: 'accepted' }, { publish: 'made' }] },
    station: handled,
  },
  operations: { work: { description: 'work', creates: 'thing', attempts: 1, timeout_ms: 300, steps: [{ call: 'maker' }] } },
  events: { made: { description: 'made', consumers: { station: {} } } },
  datasets: { rows },
  entities: { thing: { accepted: 'accepted' } },
  overrides: { components: { maker: { ...server, slots: 20 }, station: { ...server, slots: 4 } } },
  rate: 5,
  duration_s: 2,
  drain_s: 30,
};

/** Whoever has paid and gets nothing is paid back, which nobody waits for here. */
const CUT: Small = {
  components: {
    shop: {
      description: 'takes money',
      steps: [{ write: 'rows', effect: 'charged' }, { call: 'book' }, { write: 'rows', effect: 'accepted' }],
    },
    book: { description: 'never books', error_rate: 1 },
    refund: { description: 'pays back', steps: [{ write: 'rows', effect: 'refunded', undoes: 'charged' }] },
  },
  operations: {
    work: {
      description: 'buys',
      creates: 'order',
      attempts: 1,
      steps: [{ call: 'shop' }],
      on_failure: { publish: 'failed', after_s: 60, unless: 'accepted' },
    },
  },
  events: { failed: { description: 'in vain', consumers: { refund: {} } } },
  datasets: { rows },
  entities: { order: { accepted: 'accepted', charged: 'charged' } },
  overrides: { components: { shop: server, book: server, refund: server } },
  rate: 3,
  duration_s: 2,
  drain_s: 2,
};

const cells = [IMPATIENT, CUT].map(cellOf) as [ReturnType<typeof cellOf>, ReturnType<typeof cellOf>];
const live = await openLiveWorld(cells);
afterAll(() => live?.end());

describe.skipIf(live === undefined)('a live run whose load is over', () => {
  it('goes on until what users have given up on is done, with all that follows from it', { timeout: 120_000 }, async () => {
    const result = await live!.play(cells[0]);
    expect(result.operations[0]).toMatchObject({ sent: 9, timed_out: 9 });
    const counts = ['accepted', 'handled', 'worked-off'].map((kind) => times(result, kind).length);
    expect([counts, count(result, 'pending'), count(result, 'lost')]).toEqual([[9, 9, 9], 0, 0]);
  });

  it('ends in the time it has said, and judges nothing that it has cut off', { timeout: 120_000 }, async () => {
    const result = await live!.play(cells[1]);
    expect(times(result, 'charged')).toHaveLength(5);
    expect(count(result, 'charged_without_order')).toBe(0);
    const said = live!.said.slice(-2);
    expect(said[0]).toContain('the load is over, what is under way has 2 s');
    expect(said[1]).toContain('counted as pending: failures that something follows: 5.');
  });
});

/** A function that fails with every other batch of a broker, which gets it back after a pause in which nobody has it. */
const again = cellOf({
  ...IMPATIENT,
  components: {
    maker: { description: 'accepts', steps: [{ write: 'rows', effect: 'accepted' }, { publish: 'made' }] },
    station: { ...handled, error_rate: 0.5 },
  },
  operations: { work: { description: 'work', creates: 'thing', attempts: 1, steps: [{ call: 'maker' }] } },
  overrides: {
    components: { maker: server, station: { platform: 'function', memory_mb: 1769 } },
    events: { made: { channel: 'rabbitmq' } },
  },
  parameters: { 'rabbitmq.retry_ms': 1500, 'rabbitmq.batch_size': 1, 'rabbitmq.pollers_initial': 10 },
});
const broker = await openLiveWorld([again]);
afterAll(() => broker?.end());

describe.skipIf(broker === undefined)('a live run with a broker', () => {
  it('waits for messages that a poller holds before it gives them back', { timeout: 120_000 }, async () => {
    const result = await broker!.play(again);
    expect([times(result, 'handled').length, count(result, 'pending'), count(result, 'lost')]).toEqual([9, 0, 0]);
  });
});
