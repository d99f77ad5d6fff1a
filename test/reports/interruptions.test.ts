import { describe, expect, test } from 'vitest';
import { openCanvas } from '../../reports/charts/canvas.ts';
import { poolChart } from '../../reports/charts/pool-chart.ts';
import { exported } from '../../reports/export.ts';
import { html } from '../../reports/html/html.ts';
import { interruptionLines } from '../../reports/interruptions.ts';
import { rowsOf } from '../../reports/rows.ts';
import { terminal } from '../../reports/terminal.ts';
import type { PoolReport, Report } from '../../simulator/domain/report.ts';
import { HOSTILE, reportOf } from './fixture.ts';

/** The report of the fixture, its last strategy with pools that had so many interruptions a run. */
function spotReport(times: readonly number[]): Report {
  const report = reportOf();
  const strategy = report.strategies.at(-1);
  const pool = strategy?.pools[0];
  if (strategy === undefined || pool === undefined) throw new Error('the fixture has no pools');
  strategy.pools = times.map((interruptions, i) => ({ ...pool, name: `server/p${i}`, interruptions }));
  return report;
}

describe('interruptions of spot machines', () => {
  const line = (times: readonly number[]) => interruptionLines(rowsOf(spotReport(times)));

  test('are a line for each placement that has spot machines, the pools that were hit most first', () => {
    expect(line([0.2, 0, 1.4])).toEqual([
      expect.stringMatching(/: 1.6 spot interruptions a run: server\/p2 1.4, server\/p0 0.2$/),
    ]);
    expect(line([1])).toEqual([expect.stringMatching(/: 1 spot interruption a run: server\/p0 1$/)]);
    expect(line([1, 1, 1, 1, 1, 1])[0]).toMatch(/server\/p3 1, 2 more$/);
    expect(line([0, 0])).toEqual([expect.stringMatching(/: no spot interruption$/)]);
    expect(interruptionLines(rowsOf(reportOf()))).toEqual([]);
  });

  test('stand on the terminal below the faults, within its width', () => {
    const lines = terminal(spotReport([1, 2, 3, 4, 5, 6, 7]), { colour: false, width: 60 }).split('\n');
    expect(lines.some((text) => text.startsWith('spot  '))).toBe(true);
    expect(lines.filter((text) => text.length > 60)).toEqual([]);
  });

  test('stand on the page with their pool and in the legend, and neither does where there are none', async () => {
    const report = spotReport([2]);
    for (const pool of report.strategies.at(-1)?.pools ?? []) pool.name = HOSTILE;
    const page = await html(report);
    expect(page).toContain('2 spot interruptions a run');
    expect(page).toContain('▼ spot machines got their notice');
    expect(page).not.toContain(HOSTILE);
    expect(await html(reportOf())).not.toContain('spot machines');
  });

  test('are marked on the chart of their pool where they happened, and add up where samples are joined', async () => {
    const canvas = await openCanvas();
    const pool = spotReport([3]).strategies.at(-1)?.pools[0] as PoolReport;
    const sample = { wanted: 2, ready: 2, starting: 0, busy: 1, queued: 0, demand: 2 };
    const timeline = Array.from({ length: 900 }, (_, i) => ({
      ...sample,
      at_s: 2 * i,
      ...(i % 300 === 7 ? { interrupted: 1 } : {}),
    }));
    const marks = (samples: PoolReport['timeline']) =>
      poolChart(canvas, { ...pool, timeline: samples }, { width: 320, label: 'x', duration_s: 1800, faults: [] }).split('▼')
        .length - 1;
    expect(marks(timeline)).toBe(3);
    expect(marks(timeline.map((one) => ({ ...one, interrupted: undefined })))).toBe(0);
  });

  test('are a column of the exported timelines', () => {
    const report = spotReport([1]);
    const first = report.strategies.at(-1)?.pools[0]?.timeline[0];
    if (first) first.interrupted = 3;
    expect(exported(report, 'timelines', 'ndjson')).toContain('"interrupted":3');
  });
});
