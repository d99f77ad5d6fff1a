import { describe, expect, test } from 'vitest';
import { frontOf } from '../../reports/charts/cost-against-latency.ts';
import { placeLabels } from '../../reports/charts/place-labels.ts';
import { othersOf, reasonsOf, rowsOf, verdictOf } from '../../reports/rows.ts';
import { LARGE, reportOf } from './fixture.ts';

describe('rows of a report', () => {
  test('the chosen one comes first, then those that meet everything, then the rest; each group by cost', () => {
    expect(rowsOf(reportOf(LARGE)).map((row) => [row.label, row.standing])).toEqual([
      ['hybrid-burst', 'chosen'],
      ['hybrid-gpu', 'meets'],
      ['all-functions', 'meets'],
      ['spot-servers', 'fails'],
      ['reserved-base', 'fails'],
      ['hybrid', 'fails'],
      ['all-servers', 'fails'],
    ]);
  });

  test('controllers and rates are named only where there are several, and the chosen candidate is so at every rate', () => {
    const report = reportOf({ strategies: 1 });
    const [one] = report.strategies as [(typeof report.strategies)[0]];
    report.strategies = [
      one,
      { ...one, rate: 2 },
      { ...one, controller: 'queue-depth' },
      { ...one, controller: 'queue-depth', rate: 2 },
    ];
    report.verdict = {
      chosen: 'hybrid-burst (queue-depth)',
      because: '',
      rejected: [{ strategy: 'hybrid-burst (target-utilization)', because: 'dear' }],
    };
    const rows = rowsOf(report);
    expect(rows.map((row) => [row.label, row.standing])).toEqual([
      ['hybrid-burst (queue-depth) x1', 'chosen'],
      ['hybrid-burst (queue-depth) x2', 'chosen'],
      ['hybrid-burst (target-utilization) x1', 'meets'],
      ['hybrid-burst (target-utilization) x2', 'meets'],
    ]);
    expect(rows[2]?.because).toBe('dear');
    expect(othersOf(rows).map((row) => row.label)).toEqual(['hybrid-burst (target-utilization)']);
  });

  test('a row without a word in the verdict still says what it fails', () => {
    const report = reportOf();
    report.verdict.rejected = [];
    const words = rowsOf(report).map((row) => [row.label, reasonsOf(row)]);
    expect(words).toEqual([
      ['hybrid-burst', []],
      ['all-functions', []],
      ['hybrid', ['lost: 12 cases']],
      ['all-servers', ['view-feed p99 <= 320 ms: not served', 'error_rate <= 1 %: 3.1 %']],
    ]);
  });

  test('quantiles of all operations together come from their merged histograms', () => {
    const [row] = rowsOf(reportOf());
    expect(row?.histogram.count).toBe(row?.strategy.operations.reduce((sum, operation) => sum + operation.served, 0));
    expect(row?.p99).toBeGreaterThan(row?.strategy.operations[0]?.latency_ms.p99 ?? Number.NaN);
    expect(row?.p99).toBeLessThan(row?.strategy.operations[1]?.latency_ms.p99 ?? Number.NaN);
  });

  test('the verdict names its winner once', () => {
    expect(verdictOf(reportOf()).head).toBe('Choose hybrid-burst.');
    expect(verdictOf(reportOf()).because).toMatch(/^It meets 5 objectives/);
  });
});

describe('the chart of cost against p99', () => {
  const offer = (name: string, p99: number, month_usd: number) => ({
    index: 0,
    name,
    rate: 1,
    p99,
    month_usd,
    meets: true,
    isChosen: false,
  });

  test('the front holds exactly those that none beats in both', () => {
    const offers = [
      offer('a', 100, 10),
      offer('b', 50, 20),
      offer('c', 60, 20),
      offer('d', 100, 10),
      offer('e', 200, 5),
      offer('f', 200, 50),
    ];
    expect(frontOf(offers).map((one) => one.name)).toEqual(['b', 'a', 'd', 'e']);
    expect(frontOf([...offers, { ...offer('slow and dear at twice the load', 300, 60), rate: 2 }])).toHaveLength(5);
  });

  test('labels of neighbours do not cover each other or their points', () => {
    const anchors = [10, 22, 34, 46].map((y, i) => ({ x: 200 + i, y: 100 + y, text: `strategy-number-${i}` }));
    const bounds = { left: 0, right: 500, top: 0, bottom: 300 };
    const boxes = placeLabels(anchors, { bounds, lines: [] }).map(({ x, y, dx, dy, text, textAnchor }) => {
      const width = text.length * 6.8;
      const left = x + dx - (textAnchor === 'end' ? width : textAnchor === 'middle' ? width / 2 : 0);
      return { left, right: left + width, top: y + dy - 6, bottom: y + dy + 6 };
    });
    for (const [i, a] of boxes.entries()) {
      for (const b of boxes.slice(i + 1))
        expect(a.left >= b.right || b.left >= a.right || a.top >= b.bottom || b.top >= a.bottom).toBe(true);
    }
  });
});
