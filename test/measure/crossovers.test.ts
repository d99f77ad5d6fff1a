import { describe, expect, test } from 'vitest';
import { byLoad } from '../../simulator/measure/crossovers.ts';
import { bill, check, row } from './rows.ts';

/** A row at a rate: what it costs a month and whether it loses anything; costs a million are the same every seed. */
function played(name: string, rate: number, month_usd: number, lost = 0, controller = 'static') {
  const values = new Map([['cost_per_million', [1, 1, 1].map((noise, seed) => month_usd + noise * seed * 0.01)]]);
  return {
    row: row(name, { rate, controller, bill: bill(month_usd), checks: [check('lost', lost)] }),
    series: { label: name, rate, values },
  };
}

describe('the winner against load', () => {
  test('changes between the last rate of one and the first of the next, and says what stops the former', () => {
    const found = byLoad(
      [
        ...[played('hybrid', 1, 100), played('hybrid', 2, 200), played('hybrid', 5, 900)],
        ...[played('functions', 1, 150), played('functions', 2, 300), played('functions', 5, 750)],
      ],
      3,
    );
    expect(found?.rates.map(({ rate, chosen }) => [rate, chosen])).toEqual([
      [1, 'hybrid'],
      [2, 'hybrid'],
      [5, 'functions'],
    ]);
    expect(found?.changes).toEqual([
      {
        between: [2, 5],
        from: 'hybrid',
        to: 'functions',
        because: 'hybrid: meets everything, but costs $150.00 more a month (+20 %)',
      },
    ]);
    expect(found?.because).toBe('Up to x2 hybrid, at x5 functions; the winner changes between x2 and x5.');
  });

  test('a rate that nothing stands is said, with who comes closest', () => {
    const found = byLoad([played('a', 1, 10), played('a', 10, 50, 3), played('b', 1, 20), played('b', 10, 90, 2)], 1);
    expect(found?.rates[1]?.chosen).toBeNull();
    expect(found?.rates[1]?.because).toMatch(/^No strategy meets everything\. a comes closest/);
    expect(found?.changes[0]).toMatchObject({ between: [1, 10], from: 'a', to: null, because: 'a: lost: 3 in 1 run' });
    expect(found?.because).toBe('At x1 a, at x10 no strategy meets everything; the winner changes between x1 and x10.');
  });

  test('rates come in rising order however they were typed, and a middle span has both its ends', () => {
    const wins = (rate: number) =>
      ['a', 'b'].map((name) => played(name, rate, (name === 'b') === [2, 3].includes(rate) ? 10 : 20));
    const found = byLoad([5, 2, 1, 3].flatMap(wins), 3);
    expect(found?.because).toBe('At x1 a, from x2 to x3 b, at x5 a; the winner changes between x1 and x2 and between x3 and x5.');
  });

  test('one winner everywhere, or none, is claimed for the rates played only', () => {
    const rates = [1, 2];
    expect(
      byLoad(
        rates.map((rate) => played('a', rate, 10)),
        3,
      ),
    ).toMatchObject({ changes: [], because: 'a at every one of the rates played, x1 and x2.' });
    expect(
      byLoad(
        rates.map((rate) => played('a', rate, 10, 4)),
        1,
      )?.because,
    ).toBe('No strategy meets everything at any of the rates played, x1 and x2.');
  });

  test('what cannot be told is not called missed', () => {
    const unknown = (rate: number) => {
      const one = played('a', rate, 10);
      return { ...one, row: { ...one.row, objectives: [{ text: 'view-feed p99 <= 1 ms', met: null, value: null }] } };
    };
    expect(byLoad([unknown(1), unknown(2)], 1)?.because).toBe(
      'No strategy is known to meet everything at any of the rates played, x1 and x2.',
    );
    const both = byLoad([unknown(1), played('a', 2, 10, 3)], 1);
    expect(both).toMatchObject({
      changes: [],
      because: 'At x1 no strategy is known to meet everything, at x2 no strategy meets everything.',
    });
  });

  test('controllers of one strategy are rivals', () => {
    const rows = [1, 2].flatMap((rate) => [
      played('a', rate, rate * 10),
      played('a', rate, rate === 1 ? 20 : 5, 0, 'queue-depth'),
    ]);
    expect(byLoad(rows, 3)?.rates.map((one) => one.chosen)).toEqual(['a (static)', 'a (queue-depth)']);
  });

  test('a single rate is no axis', () => {
    expect(byLoad([played('a', 3, 10), played('b', 3, 10)], 3)).toBeUndefined();
  });
});
