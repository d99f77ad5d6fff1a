import { describe, expect, test } from 'vitest';
import { comparisonText } from '../../reports/comparison.ts';
import { compareReports } from '../../simulator/measure/compare-reports.ts';
import { hostileReport, reportOf } from './fixture.ts';
import { expectGolden } from './golden.ts';

const names = { a: 'before.json', b: 'after.json' };
const ANSI = String.fromCharCode(27);

/** The fixture after somebody touched it: another objective limit, slower everywhere, a parameter and a placement changed. */
function later(seeds = [1, 2, 3, 4, 5]) {
  const report = structuredClone(reportOf());
  report.seeds = seeds;
  report.scenario.data = { application: { components: { auth: { cpu_ms: 9 } } }, objectives: ['view-feed p99 <= 320 ms'] };
  report.verdict = { ...report.verdict, chosen: 'all-functions', because: 'all-functions meets everything.' };
  for (const parameter of report.parameters.slice(0, 1)) Object.assign(parameter, { value: 99, source: 'scenario' });
  for (const strategy of report.strategies) {
    const [first] = strategy.operations;
    if (first) first.latency_ms.per_seed.p99 = first.latency_ms.per_seed.p99.map((value) => (value ?? 0) * 1.2);
    for (const one of strategy.decisions.slice(0, 1)) one.placed = 'elsewhere';
    for (const one of strategy.objectives.slice(0, 1)) Object.assign(one, { met: false, value: 400 });
    for (const one of strategy.checks.slice(0, 1)) Object.assign(one, { holds: false, count: 5 });
  }
  return report;
}

function earlier() {
  const report = structuredClone(reportOf());
  report.scenario.data = { application: { components: { auth: { cpu_ms: 3 } } }, objectives: [] };
  return report;
}

describe('two reports side by side', () => {
  test('read as their golden', () => {
    const text = comparisonText(compareReports(earlier(), later()), { colour: false, width: 110, names });
    expectGolden('comparison.txt', text);
  });

  test('with other seeds say that runs are independent, and with one seed that nothing can be told', () => {
    const text = (seeds: number[]) =>
      comparisonText(compareReports(earlier(), later(seeds)), { colour: false, width: 110, names });
    expect(text([6, 7, 8, 9, 10])).toContain('between independent runs (Welch)');
    expect(text([1])).toContain('With a single seed nothing can be told from noise');
  });

  test('a month has its interval: in the table when it differs, in a sentence when that is noise', () => {
    const costing = (report: ReturnType<typeof earlier>, months: number[]) => {
      const [first] = report.strategies;
      if (first === undefined) throw new Error('the fixture has no strategy');
      report.strategies = [
        {
          ...first,
          bill: { ...first.bill, month_usd: months.reduce((sum, usd) => sum + usd, 0) / months.length },
          per_seed: { cost_per_month: months },
        },
      ];
      return report;
    };
    const text = (after: number[]) => {
      const compared = compareReports(costing(earlier(), [1000, 1010, 1020, 1030, 1040]), costing(earlier(), after));
      return comparisonText(compared, { colour: false, width: 110, names });
    };
    expect(text([1200, 1211, 1219, 1230, 1240])).toMatch(/Cost per month +\$1,020 +\$1,220 +\+\$200 +\+\$199 to \+\$201/i);
    const noise = text([1080, 1010, 990, 1130, 940]);
    expect(noise).toMatch(/A month: \S+ \$1,020 → \$1,030 \(95 %: −\$[\d.]+ to \+\$[\d.]+\)\./);
    expect(noise).not.toMatch(/Cost per month/i);
  });

  test('that say the same say so in no more words than it takes', () => {
    const text = comparisonText(compareReports(earlier(), earlier()), { colour: false, width: 110, names });
    expect(text).toContain('Both choose hybrid-burst.');
    expect(text).not.toMatch(/What changed|What came out differently/);
  });

  test.each([60, 80, 120])('no line of words is longer than %i columns', (width) => {
    const lines = comparisonText(compareReports(earlier(), later()), { colour: false, width, names }).split('\n');
    expect(lines.filter((line) => line.length > Math.max(width, 72))).toEqual([]);
  });

  test('a name cannot command the terminal, and colour changes no word', () => {
    const hostile = compareReports(earlier(), hostileReport());
    const bare = comparisonText(hostile, { colour: false, width: 110, names });
    expect(bare).not.toContain(ANSI);
    expect(bare).not.toContain('\u202e');
    const coloured = comparisonText(hostile, { colour: true, width: 110, names });
    expect(coloured.replace(new RegExp(`${ANSI}\\[\\d+m`, 'g'), '')).toBe(bare);
  });
});
