import { describe, expect, test } from 'vitest';
import { faultLines, faultsInWindow } from '../../reports/faults.ts';
import { html } from '../../reports/html/html.ts';
import { json } from '../../reports/json.ts';
import { markdown } from '../../reports/markdown.ts';
import { terminal } from '../../reports/terminal.ts';
import { type FaultReport, type Report, ReportSchema } from '../../simulator/domain/report.ts';
import { HOSTILE, LIVE, reportOf } from './fixture.ts';

const NO_OUTSIDE = { is_outside: false, without_effect: [] };
const FAULTS: FaultReport[] = [
  { kind: 'stop', text: 'stop sqs', at_s: 600, for_s: 60, ...NO_OUTSIDE },
  { kind: 'kill', text: 'kill server by 50%', at_s: 900, for_s: 0, is_outside: false, without_effect: ['all-functions'] },
  { kind: 'slow', text: 'slow feeds by x4', at_s: -90, for_s: 60, is_outside: true, without_effect: [] },
];

function faulty(faults: FaultReport[]): Report {
  const report = reportOf();
  return { ...report, scenario: { ...report.scenario, faults } };
}

describe('faults in a report', () => {
  test('stand under the load of the terminal, in time and in words', () => {
    const lines = terminal(faulty(FAULTS), { colour: false, width: 100 }).split('\n');
    const at = lines.findIndex((line) => line.startsWith('load'));
    const [load = '', marks = ''] = lines.slice(at);
    // A third and half of the way along the axis of half an hour.
    const length = load.split('  ')[1]?.length ?? 0;
    expect([marks.indexOf('×') - 6, marks.lastIndexOf('×') - 6]).toEqual([Math.floor(length / 3), Math.floor(length / 2)]);
    expect(lines.slice(at + 2, at + 5)).toEqual([
      'fault stop sqs at 10:00 for 1 min',
      'fault kill server by 50% at 15:00; no effect under all-functions',
      'fault slow feeds by x4: outside the window that was played',
    ]);
  });

  test('stand in the comment for a pull request', () => {
    expect(markdown(faulty(FAULTS))).toContain('- fault: stop sqs at 10:00 for 1 min\n- fault: kill server by 50% at 15:00');
  });

  test('are bands with a label on every time axis of the page, those outside the window only in words', async () => {
    const page = await html(faulty(FAULTS));
    const axes = [...page.matchAll(/<svg class="chart"[\s\S]*?<\/svg>/g)].filter(([svg]) => svg.includes('>10:00</text>'));
    expect(axes.length).toBeGreaterThan(6);
    for (const [svg] of axes) {
      expect(svg).toMatch(/<g fill="var\(--bad-tint\)"><rect/);
      expect(svg).toMatch(/>stop sqs<\/text>/);
      expect(svg).not.toContain('slow feeds');
    }
    expect(page).toContain('slow feeds by x4: outside the window');
  });

  test('of real parts say when the part was away, and last until it was back everywhere', async () => {
    const cell = { strategy: 'hybrid', rate: 1, seed: 1, fault: 0, from_s: 600.2, to_s: 664.14 };
    const away = [cell, { ...cell, seed: 2, from_s: 600, to_s: 662 }, { ...cell, strategy: 'all-servers', to_s: 690 }];
    const report: Report = { ...faulty(FAULTS), world: 'live', live: { ...LIVE, away } };
    expect(faultLines(report).slice(0, 2)).toEqual([
      'stop sqs at 10:00 for 1 min; was away 600.0 to 664.1 s under hybrid and 600.2 to 690.0 s under all-servers',
      'kill server by 50% at 15:00; no effect under all-functions',
    ]);
    expect(faultsInWindow(report).map(({ at_s, for_s }) => [at_s, for_s])).toEqual([
      [600, 90],
      [900, 0],
    ]);
    expect(ReportSchema.parse(JSON.parse(json(report))).live?.away).toEqual(away);
    const widths = async (of: Report) => [
      ...(await html(of)).matchAll(/<g fill="var\(--bad-tint\)"><rect[^>]* width="([\d.]+)"/g),
    ];
    const [[, planned] = [], [, real] = []] = [(await widths(faulty(FAULTS)))[0], (await widths(report))[0]];
    expect(Number(real) / Number(planned)).toBeCloseTo(1.5);
  });

  test('are left out everywhere when there are none', async () => {
    const report = reportOf();
    expect(terminal(report, { colour: false, width: 100 })).not.toMatch(/fault|×/);
    expect(markdown(report)).not.toContain('fault');
    expect(await html(report)).not.toMatch(/Faults|<g fill="var\(--bad-tint\)"/);
    expect(json(report)).not.toContain('faults');
  });

  test('are data for other programs', () => {
    expect(ReportSchema.parse(JSON.parse(json(faulty(FAULTS)))).scenario.faults).toEqual(FAULTS);
  });

  test('are text, whatever they say', async () => {
    const hostile = faulty([{ kind: 'stop', text: HOSTILE, at_s: 600, for_s: 60, is_outside: false, without_effect: [HOSTILE] }]);
    expect(await html(hostile)).not.toMatch(/<script|<img/);
    expect(markdown(hostile)).not.toMatch(/<script|<img/);
    expect(terminal(hostile, { colour: false, width: 100 })).not.toContain('\u001b');
  });
});
