import { describe, expect, test } from 'vitest';
import { markdown } from '../../reports/markdown.ts';
import { emptyReport, hostileReport, reportOf } from './fixture.ts';
import { expectGolden } from './golden.ts';

describe('the report for a pull request', () => {
  test('reads as its golden', () => {
    expectGolden('markdown.txt', markdown(reportOf()));
  });

  test('no text from a scenario becomes HTML, a link, a mention or another table cell', () => {
    const text = markdown(hostileReport());
    expect(text.replace(/<\/?(details|summary|sub|br)>/g, '')).not.toMatch(/<|>/);
    const rows = text.split('\n').filter((line) => line.startsWith('| '));
    const widths = new Set(rows.slice(0, 6).map((line) => line.split('|').length));
    expect(rows.length).toBeGreaterThan(6);
    expect([...widths]).toEqual([12]);
  });

  test('shows a verdict and a table when nothing was served', () => {
    const text = markdown(emptyReport());
    expect(text).toContain('No strategy meets everything.');
    expect(text).toContain('| hybrid-burst | ? too few samples | – | – | – | – | – | $0 | 0/0 | 0/1 |');
    expect(text).not.toContain('<summary>Cost');
  });
});
