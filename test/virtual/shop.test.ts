import { describe, expect, it } from 'vitest';
import { count, FUNCTION, outcomes, play, type Small, times, work } from './small.ts';

type Components = NonNullable<Small['components']>;
const TAKE = { write: 'stock', take: 1, conditional: true, effect: 'reserved' } as const;
const CHARGE = { write: 'payments', effect: 'charged' } as const;
const ORDER = { write: 'orders', effect: 'accepted' } as const;

/** One user a second who buys one of `each` at `station`; every write takes 8 ms. */
function sell(each: number, steps: Components[string]['steps'], o: Small & { station?: Partial<Components[string]> } = {}) {
  const { station, components, ...rest } = o;
  const rows = { description: 'rows', shape: 'key-value' as const };
  return play({
    components: {
      station: { description: 'sells', steps, ...station },
      unused: { description: 'names every effect', steps: [TAKE, CHARGE, ORDER] },
      slow: { description: 'waits', io_ms: 1500 },
      ...components,
    },
    operations: { work: { description: 'buys', creates: 'order', attempts: 1, steps: [{ call: 'station' }] } },
    datasets: { stock: { ...rows, stock: { each } }, payments: rows, orders: rows },
    entities: { order: { accepted: 'accepted', reserved: 'reserved', charged: 'charged' } },
    overrides: { components: FUNCTION },
    ...rest,
  });
}

describe('a stock', () => {
  it('of five sells five on condition; the other users are told, served and given no order', () => {
    const result = sell(5, [TAKE, CHARGE, ORDER]);
    expect(outcomes(result)).toMatchObject({ sent: 59, served: 59 });
    expect(['reserved', 'charged', 'accepted', 'sold-out'].map((kind) => times(result, kind).length)).toEqual([5, 5, 5, 54]);
    expect(['oversold', 'charged_without_order', 'order_without_reservation'].map((name) => count(result, name))).toEqual([
      0, 0, 0,
    ]);
  });

  it('of two is sold four times when who reads it acts on it a second and a half later', () => {
    // Users 1 and 2 see two units, 3 and 4 one, 5 none.
    const result = sell(2, [{ read: 'stock', consistent: true }, { call: 'slow' }, { ...TAKE, conditional: false }]);
    expect([times(result, 'reserved').length, count(result, 'oversold'), count(result, 'sold_out')]).toEqual([4, 2, 55]);
    const [example] = result.checks.find((c) => c.name === 'oversold')!.examples;
    expect(example).toBe(
      'entity 2: reserved at 4.513 s by function/station, attempt 1, unit 3 of the 2 that object 0 had in stock; the one before went at 3.513 s',
    );
  });

  it('that nobody looks at is taken from below nothing', () => {
    const result = sell(5, [{ ...TAKE, conditional: false }]);
    expect([times(result, 'reserved').length, count(result, 'oversold')]).toEqual([59, 54]);
  });

  it('is larger where it is hot', () => {
    const rows = { description: 'rows', shape: 'key-value' as const };
    const stock = { each: 1, hot_rows: 1, hot: 7 };
    const result = sell(0, [TAKE], { datasets: { stock: { ...rows, stock }, payments: rows, orders: rows } });
    expect(times(result, 'reserved')).toHaveLength(7);
  });

  it('is what earlier actions of the schedule would have left, in a run that begins later', () => {
    expect(times(sell(5, [TAKE], { cut_start_s: 2.5 }), 'reserved')).toHaveLength(3);
  });
});

describe('a user who gives up and tries again', () => {
  const impatient = { description: 'buys', creates: 'order', attempts: 2, timeout_ms: 1000, steps: [{ call: 'station' }] };
  const steps = [TAKE, CHARGE, { call: 'slow' }, ORDER];
  const at = (idempotent: boolean) => sell(1000, steps, { station: { idempotent }, operations: { work: impatient } });

  it('pays once and gets one unit from what knows its repeats', () => {
    const result = at(true);
    expect([times(result, 'reserved').length, count(result, 'charged_twice'), count(result, 'twice')]).toEqual([59, 0, 0]);
    expect(work(result).attempts).toBe(118);
  });

  it('pays twice and gets two from what does not, and the story says when', () => {
    const result = at(false);
    expect([times(result, 'reserved').length, count(result, 'charged_twice')]).toEqual([118, 59]);
    const [example] = result.checks.find((c) => c.name === 'charged_twice')!.examples;
    expect(example).toMatch(/^entity 0: reserved at 1\.008 s by function\/station, attempt 1; charged at 1\.016 s/);
    expect(example).toMatch(/charged at 2\.\d{3} s by function\/station, attempt 2/);
    expect(example).toContain('; attempt 1 of the operation timed out at 2.000 s, after 1.000 s; reserved at 2.');
  });
});

describe('the order of a checkout', () => {
  it('that charges before it reserves takes money for what is sold out', () => {
    const result = sell(5, [CHARGE, TAKE, ORDER]);
    expect([count(result, 'charged_without_order'), count(result, 'sold_out')]).toEqual([54, 54]);
    const [example] = result.checks.find((c) => c.name === 'charged_without_order')!.examples;
    expect(example).toBe('entity 5: charged at 6.008 s by function/station, attempt 1; never accepted');
  });

  it('that goes on without its reservation is an order without one', () => {
    const broken = { description: 'always fails', error_rate: 1, steps: [TAKE] };
    const result = sell(5, [{ call: 'broken', optional: true }, ORDER], { components: { broken } });
    expect(count(result, 'order_without_reservation')).toBe(59);
  });

  it('that is sold out in one branch waits for the others, and a failure beside it counts', () => {
    const broken = { description: 'always fails', error_rate: 1 };
    const beside = (name: string) => sell(0, [{ parallel: [TAKE, { call: name }] }], { components: { broken } });
    expect([outcomes(beside('slow')).served, count(beside('slow'), 'sold_out')]).toEqual([59, 59]);
    expect([outcomes(beside('broken')).failed, count(beside('broken'), 'sold_out')]).toEqual([59, 0]);
  });

  it('that is sold out in a consumer is worked off: the message does not come back', () => {
    const result = sell(5, [ORDER, { publish: 'placed' }], {
      components: { keeper: { description: 'reserves later', steps: [TAKE] } },
      events: { placed: { description: 'placed', consumers: { keeper: {} } } },
    });
    expect([count(result, 'lost'), count(result, 'pending'), count(result, 'dead_lettered')]).toEqual([0, 0, 0]);
    expect([times(result, 'reserved').length, count(result, 'order_without_reservation')]).toEqual([5, 54]);
  });
});
