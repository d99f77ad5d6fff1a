import { describe, expect, it } from 'vitest';
import { count, FUNCTION, outcomes, play, type Small, times } from './small.ts';

type Components = NonNullable<Small['components']>;
type Steps = Components[string]['steps'];

const TAKE = { write: 'stock', take: 1, conditional: true, effect: 'reserved' } as const;
const CHARGE = { write: 'payments', effect: 'charged', unless: 'released' } as const;
const ORDER = { write: 'orders', effect: 'accepted', unless: 'released' } as const;
const UNDO: Steps = [
  { write: 'stock', effect: 'released', undoes: 'reserved', unless: 'fulfilled' },
  { write: 'orders', effect: 'cancelled', undoes: 'accepted' },
  { write: 'payments', effect: 'refunded', undoes: 'charged' },
];
const BUYING = { description: 'buys', creates: 'order', attempts: 1, timeout_ms: 5000, steps: [{ call: 'shop' }] };
const SAGA = { publish: 'failed', after_s: 10, unless: 'accepted' };

/** One user a second who buys one of five at `shop`; who fails for good is paid back by `refund`. Every write takes 8 ms. */
function sell(o: Small & { steps?: Steps; refund?: Partial<Components[string]>; saga?: Partial<typeof SAGA> | null } = {}) {
  const { steps, refund, saga, components, events, operations, ...rest } = o;
  const rows = { description: 'rows', shape: 'key-value' as const };
  const on_failure = saga === null ? {} : { on_failure: { ...SAGA, ...saga } };
  return play({
    components: {
      shop: { description: 'sells', steps: steps ?? [TAKE, CHARGE, ORDER] },
      fulfil: { description: 'ships', steps: [{ write: 'orders', effect: 'fulfilled', unless: 'released' }] },
      refund: { description: 'takes back', steps: UNDO, ...refund },
      slow: { description: 'waits', io_ms: 1500 },
      ...components,
    },
    operations: operations ?? { work: { ...BUYING, ...on_failure } },
    events: {
      failed: { description: 'begun in vain', consumers: { refund: {} } },
      placed: { description: 'ordered', consumers: { fulfil: { on_failure: { publish: 'failed' } } } },
      ...events,
    },
    datasets: { stock: { ...rows, stock: { each: 5 } }, payments: rows, orders: rows },
    entities: { order: { accepted: 'accepted', reserved: 'reserved', charged: 'charged' } },
    overrides: { components: { shop: FUNCTION.station } },
    ...rest,
  });
}

const CHECKS = [
  'charged_without_order',
  'refunded_twice',
  'refunded_with_order',
  'order_without_reservation',
  'oversold',
  'lost',
];
const found = (result: ReturnType<typeof sell>) =>
  Object.fromEntries(CHECKS.map((name): [string, number] => [name, count(result, name)]).filter(([, n]) => n !== 0));
const kinds = (result: ReturnType<typeof sell>, ...names: string[]) => names.map((name) => times(result, name).length);
/** Nothing can be written to the orders for the first half minute. */
const noOrders: Small = { faults: [{ kind: 'stop', target: 'orders', at_s: 0, for_s: 30 }] };

describe('an order that cannot be written', () => {
  it('gives its unit back ten seconds later, to be sold to somebody else, and the money as soon as it can', () => {
    // Users 1 to 5 take the five units and fail. Theirs are back by second 15 and taken by users 12 to 16; those come back by second 27
    // and are taken by users 23 to 27; the last go to users 34 to 38, and by then orders can be written.
    const result = sell(noOrders);
    expect(found(result)).toEqual({});
    expect(kinds(result, 'reserved', 'charged', 'released', 'refunded', 'accepted')).toEqual([20, 20, 15, 15, 5]);
    expect([count(result, 'refunded'), outcomes(result).refused]).toEqual([15, 15]);
    const [charged, released] = [times(result, 'charged')[0]!, times(result, 'released')[0]!];
    expect(released - charged).toBeCloseTo(10_008, 0);
    // Between the two stands the order to cancel, which cannot be written to either: the message comes back for the money.
    expect(times(result, 'refunded').every((at) => at > 30_000)).toBe(true);
  });

  it('is a charge without an order when nobody pays back, or when paying back fails for good', () => {
    expect(found(sell({ ...noOrders, saga: null }))).toEqual({ charged_without_order: 5 });
    const never = sell({ ...noOrders, refund: { error_rate: 1 } });
    expect([found(never), count(never, 'dead_lettered')]).toEqual([{ charged_without_order: 5 }, 5]);
    const [story] = never.checks.find((check) => check.name === 'charged_without_order')!.examples;
    expect(story).toMatch(
      /charged at 1\.016 s by function\/shop, attempt 1; attempt 1 at function\/shop was refused at 1\.016 s/,
    );
    expect(story).toMatch(
      /attempt 1 at function\/refund failed at 11\.\d+ s.*; attempt 1 at sqs\/failed\/refund came back to the queue at/,
    );
  });

  it('is paid back as soon as the queue of refunds is there again', () => {
    const faults: Small['faults'] = [...noOrders.faults!, { kind: 'stop', target: 'failed', at_s: 5, for_s: 100 }];
    const result = sell({ ...noOrders, faults });
    expect([found(result), kinds(result, 'refunded', 'accepted')]).toEqual([{}, [5, 0]]);
    expect(times(result, 'refunded').every((at) => at > 105_000)).toBe(true);
  });

  it('is paid back once from a queue that delivers twice, by a part that knows its repeats, and twice by one that does not', () => {
    const twice = (idempotent: boolean) =>
      sell({
        ...noOrders,
        refund: { idempotent },
        parameters: { 'sqs.refund.duplicate_rate': 1 },
      });
    expect([found(twice(true)), kinds(twice(true), 'refunded')]).toEqual([{}, [15]]);
    expect(found(twice(false)).refunded_twice).toBeGreaterThan(0);
  });
});

describe('an order that comes after its user has gone', () => {
  const late: Steps = [TAKE, CHARGE, { call: 'slow' }, ORDER];
  const impatient = (saga: Partial<typeof SAGA>) =>
    sell({ steps: late, operations: { work: { ...BUYING, timeout_ms: 1000, on_failure: { ...SAGA, ...saga } } } });

  it('stands when whoever pays back looks again, and is refused when the unit was put back before', () => {
    expect(kinds(impatient({}), 'accepted', 'refunded')).toEqual([5, 0]);
    const hasty = impatient({ after_s: 0 });
    expect([found(hasty), kinds(hasty, 'accepted')]).toEqual([{}, [0]]);
    expect(kinds(hasty, 'charged')).toEqual(kinds(hasty, 'refunded'));
  });

  it('is given away where the order does not look at what was taken back', () => {
    const blind: Steps = [TAKE, CHARGE, { call: 'slow' }, { write: 'orders', effect: 'accepted' }];
    const operations = { work: { ...BUYING, timeout_ms: 1000, on_failure: { ...SAGA, after_s: 0 } } };
    expect(found(sell({ steps: blind, operations })).refunded_with_order).toBeGreaterThan(0);
  });
});

describe('an order that nobody can ship', () => {
  const steps: Steps = [TAKE, CHARGE, ORDER, { publish: 'placed' }];
  const broken = {
    description: 'never ships',
    error_rate: 1,
    steps: [{ write: 'orders', effect: 'fulfilled', unless: 'released' }],
  };

  it('is cancelled and paid back when its queue gives up: nothing is lost, and nobody pays for nothing', () => {
    const result = sell({ steps, components: { fulfil: broken } });
    expect(found(result)).toEqual({});
    expect(kinds(result, 'accepted', 'cancelled', 'refunded', 'released', 'fulfilled')).toEqual([5, 5, 5, 5, 0]);
  });

  it('is lost where nothing follows its failure', () => {
    const placed = { description: 'ordered', consumers: { fulfil: {} } };
    expect(found(sell({ steps, components: { fulfil: broken }, events: { placed } }))).toEqual({ lost: 5 });
  });

  it('keeps its money where everything is well', () => {
    const result = sell({ steps });
    expect([found(result), kinds(result, 'fulfilled', 'refunded')]).toEqual([{}, [5, 0]]);
  });
});
