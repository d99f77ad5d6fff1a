import { parseHTML } from 'linkedom';
import { describe, expect, test } from 'vitest';
import { html } from '../../reports/html/html.ts';
import { json } from '../../reports/json.ts';
import { markdown } from '../../reports/markdown.ts';
import { moveWords } from '../../reports/sensitivity-rows.ts';
import { terminal } from '../../reports/terminal.ts';
import { ReportSchema } from '../../simulator/domain/report.ts';
import { HOSTILE, reportOf } from './fixture.ts';
import { poisonedStudy, studiedReport } from './fixture-sensitivity.ts';
import { expectGolden } from './golden.ts';

describe('what the verdict rests on', () => {
  test('reads as its golden in a terminal and in a pull request', () => {
    expectGolden('sensitivity-terminal.txt', terminal(studiedReport(), { colour: false, width: 120 }));
    expectGolden('sensitivity-markdown.txt', markdown(studiedReport()));
  });

  test('stands nowhere in a report that did not study it', async () => {
    for (const text of [terminal(reportOf(), { colour: false, width: 120 }), markdown(reportOf()), await html(reportOf())])
      expect(text).not.toContain('What the verdict rests on');
  });

  test.each([60, 80, 120])('no line is longer than %i columns', (width) => {
    const lines = terminal(poisonedStudy('-that-goes-on-and-on-and-on'), { colour: false, width }).split('\n');
    expect(lines.filter((line) => line.length > width)).toEqual([]);
  });

  test('survives JSON', () => {
    const parsed = ReportSchema.parse(JSON.parse(json(studiedReport())));
    expect(parsed.sensitivity).toEqual(studiedReport().sensitivity);
  });

  test('stands on the page under the verdict and as a section with two charts, their numbers below', async () => {
    const { document } = parseHTML(await html(studiedReport()));
    expect(document.querySelector('#verdict')?.textContent).toContain("Overturned if recommend's gpu_ms doubles");
    const section = document.querySelector('#sensitivity');
    const labels = [...(section?.querySelectorAll('.wide svg.chart') ?? [])].map((svg) => svg.getAttribute('aria-label'));
    expect(labels.map((label) => label?.split(' when')[0])).toEqual([
      '$ a month of hybrid-burst',
      'p99 of what was served of hybrid-burst',
    ]);
    expect(section?.querySelector('.wide svg')?.textContent).toContain('+14 % → all-functions');
    expect(section?.textContent).toContain('cannot be placed');
    expect(section?.querySelector('details')?.textContent).toContain('s3.retries');
  });

  test('hostile names are read, not obeyed', async () => {
    const text = await html(poisonedStudy(HOSTILE));
    expect(text).not.toMatch(/<script|<img|NaN|undefined/);
    expect(markdown(poisonedStudy(HOSTILE)).replace(/<\/?(details|summary|sub|br)>/g, '')).not.toMatch(/<|>/);
  });

  test.each([
    [100, 112, '+12 %'],
    [100, 97.5, '−2.5 %'],
    [100, 100.04, ''],
    [null, null, ''],
    [100, null, '?'],
    [0, 5, '?'],
  ])('%s to %s is told as "%s"', (before, after, words) => {
    expect(moveWords(before, after)).toBe(words);
  });
});
