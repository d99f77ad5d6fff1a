import { describe, expect, test } from 'vitest';
import type { Report, StrategyReport } from '../../simulator/domain/report.ts';
import { evaluateAll, objectiveReport } from '../../simulator/measure/evaluate.ts';
import { saturationVerdict } from '../../simulator/measure/saturation-verdict.ts';
import { exitCodeOf, judge, verdictOf } from '../../simulator/measure/verdict.ts';
import { plain, usd } from '../../simulator/measure/words.ts';
import { bill, check, evenly, operation, row } from './rows.ts';

const OBJECTIVES = ['view-feed p95 <= 250 ms', 'error_rate <= 1 %'];

/** A row whose view-feed has its p95 at `p95` ms, at a price, with its objectives held against it. */
function placed(
  name: string,
  o: { p95: number; usd: number; lost?: number; refused?: number; n?: number } & Partial<StrategyReport>,
): StrategyReport {
  const { p95, usd: month, lost = 0, refused = 0, n = 1000, ...parts } = o;
  const operations = [operation('view-feed', evenly(n, p95 / (n * 0.00095)), refused)];
  const made = row(name, {
    operations,
    bill: bill(month),
    checks: [check('lost', lost), check('stale_read', 9, false)],
    ...parts,
  });
  return { ...made, objectives: evaluateAll(OBJECTIVES, { ...made, runs: 5 }).map(objectiveReport) };
}

function judged(rows: StrategyReport[], comparisons: Report['comparisons'] = []): Report['verdict'] {
  return verdictOf(judge(rows, 5), comparisons);
}

function report(rows: StrategyReport[]): Report {
  const verdict = judged(rows);
  return { strategies: rows, seeds: [1, 2, 3, 4, 5], verdict } as unknown as Report;
}

describe('verdict', () => {
  test('names the cheapest that meets everything, and what each other one fails', () => {
    const verdict = judged([
      placed('all-functions', { p95: 400, usd: 500, lost: 3 }),
      placed('all-servers', { p95: 80, usd: 1344 }),
      placed('hybrid', { p95: 200, usd: 1200 }),
    ]);
    expect(verdict).toEqual({
      chosen: 'hybrid',
      because:
        'hybrid meets 2 objectives and 1 binding check, at $1,200 a month ($10.00 per million served); ' +
        'the next cheapest that does, all-servers, costs $144.00 more a month (+12 %).',
      rejected: [
        { strategy: 'all-functions', because: 'p95 of view-feed: 400 ms > 250 ms; lost: 3 in 5 runs' },
        { strategy: 'all-servers', because: 'meets everything, but costs $144.00 more a month (+12 %)' },
      ],
    });
  });

  test('a strategy that is cheap because it refuses is told so', () => {
    const verdict = judged([placed('shedding', { p95: 50, usd: 1, refused: 80 }), placed('honest', { p95: 50, usd: 100 })]);
    expect(verdict.chosen).toBe('honest');
    expect(verdict.rejected[0]?.because).toBe(
      'p95 of view-feed: beyond 250 ms, 7.41 % were not served; error_rate of view-feed: 7.41 % > 1 %',
    );
  });

  test('when none passes it chooses none and says which came closest', () => {
    const verdict = judged([placed('far', { p95: 900, usd: 10, lost: 2 }), placed('near', { p95: 250.4 * 1.01, usd: 900 })]);
    expect(verdict.chosen).toBeNull();
    expect(verdict.because).toMatch(
      /^No strategy meets everything. near comes closest, at \$900.00 a month .*p95 of view-feed: 25\d ms > 250 ms\.$/,
    );
    expect(verdict.rejected.map((r) => r.strategy)).toEqual(['far', 'near']);
  });

  test('a line that nobody can tell keeps a strategy from being chosen', () => {
    const verdict = judged([placed('cheap', { p95: 50, usd: 1, n: 150 }), placed('dear', { p95: 50, usd: 100 })]);
    expect(verdict.chosen).toBe('dear');
    expect(verdict.rejected[0]?.because).toBe('p95 of view-feed: too few samples to tell');
  });

  test('a strategy has to stand every rate that it was run at', () => {
    const verdict = judged([
      placed('small', { p95: 100, usd: 10, rate: 1 }),
      placed('small', { p95: 400, usd: 20, rate: 2 }),
      placed('large', { p95: 100, usd: 30, rate: 1 }),
      placed('large', { p95: 100, usd: 50, rate: 2 }),
    ]);
    expect(verdict.chosen).toBe('large');
    expect(verdict.because).toContain('$40.00 a month (mean over 2 rates)');
    expect(verdict.rejected).toEqual([{ strategy: 'small', because: 'p95 of view-feed: 400 ms > 250 ms at rate x2' }]);
  });

  test('two controllers of one strategy are two candidates', () => {
    const verdict = judged([
      placed('hybrid', { p95: 100, usd: 30 }),
      placed('hybrid', { p95: 100, usd: 20, controller: 'queue-depth' }),
    ]);
    expect(verdict.chosen).toBe('hybrid (queue-depth)');
    expect(verdict.rejected[0]?.strategy).toBe('hybrid (static)');
  });

  test('a dearer one whose cost cannot be told apart is called so', () => {
    const same = {
      a: 'one',
      b: 'two',
      measure: 'cost_per_million',
      difference: -1,
      ci95: [-3, 1] as [number, number],
      significant: false,
    };
    const verdict = judged([placed('one', { p95: 100, usd: 30 }), placed('two', { p95: 100, usd: 30.3 })], [same]);
    expect(verdict.rejected[0]?.because).toBe(
      'meets everything, but costs $0.30 more a month (+1 %), a difference within the noise of these runs',
    );
  });

  test('an equal cost is said to be equal, not $0.00 more', () => {
    const verdict = judged([placed('first', { p95: 100, usd: 500 }), placed('second', { p95: 100, usd: 500.001 })]);
    expect(verdict).toMatchObject({ chosen: 'first', because: expect.stringMatching(/second, costs the same\.$/) });
    expect(verdict.rejected[0]?.because).toBe('meets everything and costs the same, but the scenario names it later');
  });

  test('a check that binds only through an objective is judged by it alone', () => {
    const loose = row('loose', { checks: [{ ...check('stale_read', 400), holds: true }] });
    const line = { text: 'stale_read <= 100', met: true, value: 80 };
    expect(judged([{ ...loose, objectives: [line] }]).chosen).toBe('loose');
    const tight = {
      ...loose,
      checks: [{ ...check('stale_read', 400), holds: false }],
      objectives: [{ text: 'stale_read <= 10', met: false, value: 80 }],
    };
    expect(judged([tight]).rejected[0]?.because).toBe('stale_read: 400 in 5 runs, 80 a run > 10 a run');
  });
});

describe('exit code', () => {
  const good = placed('good', { p95: 100, usd: 10 });
  const bad = placed('bad', { p95: 900, usd: 10 });
  const vague = placed('vague', { p95: 100, usd: 10, n: 150 });
  const both = placed('both', { p95: 100, usd: 10, n: 150, lost: 1 });

  test.each([
    ['one that meets everything is enough', [bad, good, vague], undefined, 0],
    ['all missed', [bad], undefined, 1],
    ['one that only nobody can tell', [bad, vague], undefined, 4],
    ['a null line does not excuse a failed check', [both], undefined, 1],
    ['the required one meets everything', [bad, good], 'good', 0],
    ['the required one misses although another does not', [bad, good], 'bad', 1],
    ['the required one cannot be told', [vague, good], 'vague', 4],
  ])('%s', (_, rows, require, code) => {
    expect(exitCodeOf(report(rows), require)).toBe(code);
  });

  test('a required strategy that was not run is bad input with the nearest name', () => {
    expect(() => exitCodeOf(report([good]), 'goood')).toThrow(/no strategy 'goood'/);
  });
});

describe('numbers in sentences', () => {
  test.each([
    [0, '0'],
    [412.34, '412'],
    [0.012345, '0.0123'],
    [1234.5, '1,235'],
    [1234567.2, '1,234,567'],
    [-2.5, '-2.5'],
    [999.6, '1,000'],
    [Number.POSITIVE_INFINITY, 'without end'],
  ])('%d reads %s', (value, text) => {
    expect(plain(value)).toBe(text);
  });

  test.each([
    [0, '$0.00'],
    [0.0123, '$0.0123'],
    [0.3, '$0.30'],
    [0.999, '$1.00'],
    [12.345, '$12.35'],
    [999.994, '$999.99'],
    [999.999, '$1,000'],
    [-1234567, '-$1,234,567'],
  ])('%d dollars read %s', (value, text) => {
    expect(usd(value)).toBe(text);
  });
});

describe('the verdict of a load that waits for its answers', () => {
  const sustaining = (name: string, served_per_s: number, o: { usd: number; lost?: number }) => {
    const made = row(name, { bill: bill(o.usd), checks: [check('lost', o.lost ?? 0)] });
    return { ...made, objectives: [], throughput: { asked_per_s: served_per_s, served_per_s } };
  };

  test('is for the placement that sustains most, not for the one that costs least since it did least', () => {
    const rows = [
      sustaining('small', 90, { usd: 100 }),
      sustaining('large', 135.4, { usd: 900 }),
      sustaining('loose', 400, { usd: 10, lost: 2 }),
    ];
    expect(saturationVerdict(judge(rows, 1))).toEqual({
      chosen: 'large',
      because: 'large sustains most of those that keep every promise: 135 operations/s at $10.00 per million served.',
      rejected: [
        { strategy: 'small', because: 'keeps every promise, but sustains 90 operations/s at $10.00 per million served' },
        { strategy: 'loose', because: 'lost: 2 in 1 run' },
      ],
    });
  });

  test('says what is missed where none keeps every promise', () => {
    const verdict = saturationVerdict(judge([sustaining('loose', 400, { usd: 10, lost: 2 })], 1));
    expect([verdict.chosen, verdict.because]).toEqual([null, expect.stringContaining('it misses lost: 2 in 1 run')]);
  });
});
