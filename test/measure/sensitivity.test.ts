import { describe, expect, it } from 'vitest';
import type { StrategyReport } from '../../simulator/domain/report.ts';
import { type Described, type Outcome, outcomeOf, sensitivityOf } from '../../simulator/measure/sensitivity.ts';
import { bill, evenly, operation, row } from './rows.ts';

const described = (name: string, parts: Partial<Described> = {}): Described => ({
  what: 'assumption',
  name,
  paths: [name],
  unit: 'ms',
  direction: 'doubled',
  from: 1,
  to: 2,
  cut: false,
  ...parts,
});

function rows(months: Readonly<Record<string, number>>, fails: readonly string[] = [], scale = 100): StrategyReport[] {
  return Object.entries(months).map(([name, month]) => {
    const objectives = [{ text: 'error_rate <= 1 %', met: !fails.includes(name), value: fails.includes(name) ? 3 : 0 }];
    return row(name, { bill: bill(month), objectives, operations: [operation('ask', evenly(1000, scale))] });
  });
}

const outcome = (...o: Parameters<typeof rows>): Outcome => outcomeOf(rows(...o), 1) as Outcome;
const base = outcome({ a: 100, b: 120 });

function study(variations: { described: Described; outcome: Outcome | null }[], verdict: string | null = 'a') {
  return sensitivityOf({ seeds: [1], verdict, base, variations });
}

describe('the choice of a study', () => {
  it('is the cheapest that is not known to miss anything', () => {
    expect(base.chosen).toBe('a');
    expect(outcome({ a: 100, b: 120 }, ['a']).chosen).toBe('b');
    expect(outcome({ a: 100, b: 120 }, ['a', 'b']).chosen).toBeNull();
  });

  it('is not held up by a line with too few samples', () => {
    const unknown = rows({ a: 100, b: 120 });
    for (const one of unknown) one.objectives.push({ text: 'p99 <= 9 ms', met: null, value: null });
    expect(outcomeOf(unknown, 1)?.chosen).toBe('a');
  });

  it('has the figures of the whole: p95 over all operations, cost as the mean over rates', () => {
    const two = rows({ a: 100 }).concat(rows({ a: 300 }, [], 200).map((one) => ({ ...one, rate: 2 })));
    const figures = outcomeOf(two, 1)?.figures.get('a');
    expect(figures?.month_usd).toBe(200);
    expect(figures?.p95_ms).toBeCloseTo(190, 0);
  });
});

describe('a study', () => {
  it('says what overturns the choice, and to what, first', () => {
    const found = study([
      { described: described('small'), outcome: outcome({ a: 101.5, b: 120 }) },
      { described: described('turning'), outcome: outcome({ a: 130, b: 120 }) },
    ]);
    expect(found.rows.map(({ name, chosen }) => [name, chosen])).toEqual([
      ['turning', 'b'],
      ['small', 'a'],
    ]);
    expect(found.because).toMatch(/^Overturned if turning doubles: then b\. No other of 2 numbers/);
  });

  it('says that nothing overturns it', () => {
    const found = study([{ described: described('idle'), outcome: outcome({ a: 100, b: 120 }) }]);
    expect(found.because).toContain('The choice of a stands whichever of 1 number');
    expect(found.because).toContain('1 of the 1 do not matter');
  });

  it.each([
    ['.9 % of cost', outcome({ a: 100.9, b: 120 }), false],
    ['1.1 % of cost', outcome({ a: 101.1, b: 120 }), true],
    ['5 % of p99', outcome({ a: 100, b: 120 }, [], 105), true],
    ['a figure of another strategy', outcome({ a: 100, b: 200 }), false],
  ])('%s matters or not', (_, now, matters) => {
    expect(study([{ described: described('x'), outcome: now }]).rows[0]?.matters).toBe(matters);
  });

  it('names a demand by its component, and a cut by its range', () => {
    const demand = described('recommend gpu_ms', { what: 'demand', cut: true, direction: 'halved' });
    expect(study([{ described: demand, outcome: outcome({ a: 130, b: 120 }) }]).because).toContain(
      "if recommend's gpu_ms goes to 2, the end of its range: then b",
    );
  });

  it('says when its seeds choose otherwise than the report', () => {
    const variations = [{ described: described('x'), outcome: base }];
    expect(study(variations, 'b').because).toMatch(/^With 1 seed alone the choice is a, not b;/);
    expect(study(variations, null).because).toMatch(/^With 1 seed alone, a is not known to miss anything/);
  });

  it('goes on when a strategy cannot be placed any more', () => {
    const found = study([{ described: described('x'), outcome: outcome({ b: 120 }) }]);
    expect(found.rows[0]).toMatchObject({ figures: null, chosen: 'b', matters: true });
    expect(study([{ described: described('x'), outcome: null }]).because).toContain('then none meets everything');
  });
});
