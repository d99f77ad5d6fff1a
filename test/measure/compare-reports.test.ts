import { describe, expect, test } from 'vitest';
import type { Report, StrategyReport } from '../../simulator/domain/report.ts';
import { compareReports } from '../../simulator/measure/compare-reports.ts';
import { bill, check, row } from './rows.ts';

function report(strategies: StrategyReport[], parts: Partial<Report> = {}): Report {
  return {
    schema: 'report@1',
    version: '1.0.0',
    scenario: { name: 's', description: 'd', duration_s: 60, warmup_s: 6, cut_start_s: 0, load: [[0, 5]], data: { name: 's' } },
    world: 'virtual',
    seeds: [1, 2, 3, 4],
    strategies,
    comparisons: [],
    verdict: { chosen: 'a', because: 'it is', rejected: [] },
    parameters: [],
    ...parts,
  };
}

const costing = (cost_per_million: (number | null)[], parts: Partial<StrategyReport> = {}) =>
  row('a', { per_seed: { cost_per_million }, ...parts });

function costOf(before: (number | null)[], after: (number | null)[], seeds = [1, 2, 3, 4]) {
  const compared = compareReports(report([costing(before)]), report([costing(after)], { seeds }));
  return compared.rows[0]?.measures.find((one) => one.measure === 'cost_per_million');
}

describe('comparing two reports', () => {
  test('differences are b - a, paired where the seeds are the same', () => {
    // Differences 10, 10, 10, 10.5: mean 10.125, standard error .125, t(3) 3.1824.
    const found = costOf([100, 200, 300, 400], [110, 210, 310, 410.5]);
    expect(found).toMatchObject({ a: 250, b: 260.125, difference: 10.125, tolerance: 2.5, significant: true });
    expect(found?.ci95?.[0]).toBeCloseTo(10.125 - 3.182446 * 0.125, 5);
  });

  test('with other seeds the same values are noise, as nothing pairs them', () => {
    const found = costOf([100, 200, 300, 400], [110, 210, 310, 410.5], [5, 6, 7, 8]);
    expect(found?.significant).toBe(false);
    expect(found?.difference).toBeCloseTo(10.125, 12);
    expect(found?.ci95?.[0]).toBeLessThan(-200);
  });

  test('what is certain but within 1 % is not called a difference', () => {
    expect(costOf([10, 10, 10, 10], [10.05, 10.05, 10.05, 10.05])).toMatchObject({
      ci95: [expect.closeTo(0.05), expect.closeTo(0.05)],
      significant: false,
    });
  });

  test('what would be a difference alone is none among many', () => {
    const base = [10, 10, 10, 10];
    const clear = [11, 12, 13, 14]; // Differences 1 to 4: t 3.87, p .03.
    const names = ['a', 'b', 'c'];
    const rows = (values: number[]) => names.map((name) => row(name, { per_seed: { cost_per_million: values } }));
    expect(costOf(base, clear)?.significant).toBe(true);
    const three = compareReports(report(rows(base)), report(rows(clear)));
    expect(three.rows.map((one) => one.measures[0]?.significant)).toEqual([false, false, false]);
  });

  test('a seed that does not know leaves the measure without a difference', () => {
    expect(costOf([1, 2, null, 4], [1, 2, 3, 4])).toMatchObject({ a: null, b: 2.5, difference: null, significant: false });
  });

  test('one seed has a difference and no interval', () => {
    const one = compareReports(report([costing([5])], { seeds: [1] }), report([costing([9])], { seeds: [1] }));
    expect(one.rows[0]?.measures[0]).toMatchObject({ difference: 4, ci95: null, significant: false });
  });

  test('a report of an older version, without values of whole rows, is compared in what it has', () => {
    const old = report([row('a')], { scenario: { ...report([]).scenario, data: undefined } });
    const compared = compareReports(old, report([costing([1, 1, 1, 1])]));
    expect(compared.has_scenarios).toBe(false);
    expect(compared.rows[0]?.measures).toEqual([
      expect.objectContaining({ measure: 'cost_per_million', a: null, b: 1, difference: null }),
    ]);
  });

  test('rows go by strategy, controller and rate; a new controller is a change of the same row', () => {
    const before = report([row('a'), row('b', { rate: 2 }), row('c')]);
    const after = report([row('a', { controller: 'queue-depth' }), row('b', { rate: 4 }), row('c')]);
    const { rows } = compareReports(before, after);
    expect(rows.map((one) => [one.label, one.in])).toEqual([
      ['a', 'both'],
      ['b x2', 'a'],
      ['c', 'both'],
      ['b x4', 'b'],
    ]);
    expect(rows[0]?.decisions).toEqual([{ path: 'controller', a: 'static', b: 'queue-depth' }]);
  });

  test('placements, objectives and checks are told where they differ', () => {
    const at = (placed: string) => [{ subject: 'auth', placed, rule: 'rule 1', because: '' }];
    const met = (isMet: boolean, value: number) => [{ text: 'p95 <= 250 ms', met: isMet, value }];
    const a = row('a', { decisions: at('function'), objectives: met(true, 200), checks: [check('lost', 0)], bill: bill(10) });
    const b = row('a', { decisions: at('server'), objectives: met(false, 300), checks: [check('lost', 8)], bill: bill(20) });
    expect(compareReports(report([a]), report([b])).rows[0]).toMatchObject({
      decisions: [{ path: 'auth', a: 'function (rule 1)', b: 'server (rule 1)' }],
      month_usd: { a: 10, b: 20 },
      objectives: [{ text: 'p95 <= 250 ms', a: { met: true, value: 200 }, b: { met: false, value: 300 } }],
      checks: [{ name: 'lost', a: { holds: true, per_run: 0 }, b: { holds: false, per_run: 2 } }],
    });
  });

  test('parameters are those of the rows that both have, though the first row of each report is another', () => {
    const one = (path: string, value: number) => ({
      path,
      value,
      unit: 'ms',
      source: 'a book',
      date: '2026',
      kind: 'measured' as const,
    });
    const before = report([row('functions'), row('servers')], {
      parameters: [one('hop_ms', 1), one('hop_ms (servers)', 2), one('x_ms', 5)],
    });
    const after = report([row('servers')], { parameters: [one('hop_ms', 2), one('x_ms', 6)] });
    const { path: _, ...was } = one('x_ms', 5);
    const { path: __, ...is } = one('x_ms', 6);
    expect(compareReports(before, after).parameters).toEqual([{ path: 'x_ms', a: was, b: is }]);
  });

  test('the scenario is compared field by field, and how it was played', () => {
    const scenario = { ...report([]).scenario, duration_s: 120, data: { name: 's', seeds: 3 } };
    const after = report([row('a')], { version: '1.1.0', seeds: [1, 2], scenario });
    expect(compareReports(report([row('a')]), after).scenario).toEqual([
      { path: 'version', a: '1.0.0', b: '1.1.0' },
      { path: 'seeds', a: '1, 2, 3, 4', b: '1, 2' },
      { path: 'played_s', a: 60, b: 120 },
      { path: 'seeds', b: 3 },
    ]);
  });

  test('the load is told only where no field of the scenario says why it differs', () => {
    const faster = (data: Record<string, unknown>) =>
      report([row('a')], { scenario: { ...report([]).scenario, load: [[0, 9]], data } });
    const paths = (data: Record<string, unknown>) =>
      compareReports(report([row('a')]), faster(data)).scenario.map(({ path }) => path);
    expect(paths({ name: 's' })).toEqual(['load_peak_per_s']);
    expect(paths({ name: 's', workload: { rate: 9 } })).toEqual(['workload', 'load_peak_per_s']);
  });
});
