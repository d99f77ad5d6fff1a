import { beforeAll, describe, expect, test } from 'vitest';
import { loadLines } from '../../reports/by-load.ts';
import { html } from '../../reports/html/html.ts';
import { markdown } from '../../reports/markdown.ts';
import { rowsOf } from '../../reports/rows.ts';
import { terminal } from '../../reports/terminal.ts';
import { type Report, ReportSchema } from '../../simulator/domain/report.ts';
import { reportOf } from './fixture.ts';

/** hybrid-burst wins at x1 and x2, all-functions at x5, nobody at x10. */
function byRate(): Report {
  const report = reportOf({ strategies: 2, operations: 2, pools: 0, samples: 4 });
  const rates = [1, 2, 5, 10];
  report.strategies = report.strategies.flatMap((one) =>
    rates.map((rate) => ({ ...one, rate, bill: { ...one.bill, month_usd: one.bill.month_usd * rate } })),
  );
  const at = (rate: number, chosen: string | null) => ({
    rate,
    chosen,
    because: chosen === null ? 'No strategy meets everything. hybrid-burst comes closest.' : `${chosen} is cheap`,
    rejected: [],
  });
  report.by_load = {
    rates: [at(1, 'hybrid-burst'), at(2, 'hybrid-burst'), at(5, 'all-functions'), at(10, null)],
    changes: [
      { between: [2, 5], from: 'hybrid-burst', to: 'all-functions', because: 'hybrid-burst: lost: 3 in 5 runs' },
      { between: [5, 10], from: 'all-functions', to: null, because: 'all-functions: error_rate: 4 % > 1 %' },
    ],
    because:
      'Up to x2 hybrid-burst, at x5 all-functions, at x10 no strategy meets everything; the winner changes between x2 and x5.',
  };
  return ReportSchema.parse(report);
}

describe('load as an axis', () => {
  let page = '';
  beforeAll(async () => {
    page = await html(byRate());
  });

  test('has a line a candidate with a point a rate, and one winner a rate at most', () => {
    const lines = loadLines(byRate(), rowsOf(byRate()));
    expect(lines.map((line) => [line.row.label, line.row.index, line.points.map((point) => point.rate)])).toEqual([
      ['hybrid-burst', 0, [1, 2, 5, 10]],
      ['all-functions', 1, [1, 2, 5, 10]],
    ]);
    expect(lines.map((line) => line.points.map((point) => point.wins))).toEqual([
      [true, true, false, false],
      [false, false, true, false],
    ]);
  });

  test('is told in the terminal: a row a rate, why the winner changes, and where nobody wins', () => {
    const text = terminal(byRate(), { colour: false, width: 120 });
    expect(text).toMatch(/^x5 +all-functions +\$[\d,]+ +\S+ ms$/m);
    expect(text).toMatch(/^x10 +no strategy +– +–$/m);
    expect(text).toContain('- between x2 and x5: hybrid-burst: lost: 3 in 5 runs');
    expect(text).toContain('- at x10: No strategy meets everything. hybrid-burst comes closest.');
  });

  test('is told in Markdown and on the page, with a chart of each figure, drawn for desk and phone', () => {
    expect(markdown(byRate())).toContain('**By load:** Up to x2 hybrid-burst, at x5 all-functions');
    expect(page).toContain('<section id="load"');
    for (const title of ['Cost a month against load', 'p95 of operations served against load'])
      expect(page.split(`aria-label="${title}`)).toHaveLength(3);
  });

  test('names on its axis the rates that were played, and no others', () => {
    const chart = /aria-label="Cost a month against load[\s\S]*?<\/svg>/.exec(page)?.[0] ?? '';
    expect([...chart.matchAll(/>(x[\d.]+)</g)].map((match) => match[1])).toEqual(['x1', 'x2', 'x5', 'x10']);
  });

  test('draws each line by rising rate, wherever its strategy wins', () => {
    const chart = /aria-label="Cost a month against load[\s\S]*?<\/svg>/.exec(page)?.[0] ?? '';
    const lines = [...chart.matchAll(/ d="(M[^"]+)"/g)].map((match) =>
      (match[1] ?? '')
        .split(/[ML]/)
        .slice(1)
        .map((point) => Number(point.split(',')[0])),
    );
    const long = lines.filter((line) => line.length === 4);
    expect(long).toHaveLength(2);
    for (const line of long) expect(line).toEqual([...line].sort((a, b) => a - b));
  });

  test('is nowhere when a single rate was played', async () => {
    const report = reportOf();
    expect(terminal(report, { colour: false, width: 120 })).not.toContain('By load');
    expect(markdown(report)).not.toContain('By load');
    expect(await html(report)).not.toContain('id="load"');
  });
});
