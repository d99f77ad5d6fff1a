import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { html } from '../../reports/html/html.ts';
import { markdown } from '../../reports/markdown.ts';
import { terminal } from '../../reports/terminal.ts';
import type { LiveReport, Saturation } from '../../simulator/domain/live-report.ts';
import type { Report } from '../../simulator/domain/report.ts';
import { LIVE, reportOf } from './fixture.ts';

const run = (strategy: string, o: Partial<Saturation> = {}): Saturation => ({
  strategy,
  rate: 1,
  seed: 1,
  connections: 16,
  served_per_s: 143.2,
  error_rate: 0,
  half: { connections: 8, served_per_s: 139.1 },
  asked_per_s: 39.4,
  driver_busy: 0.2,
  drained_s: 1,
  operations: [{ name: 'read', served: 900, closed_loop_ms: { p50: 41, p95: 120, p99: null } }],
  ...o,
});

/** A report of a live run by autocannon. */
function saturatedReport(runs: Saturation[]): Report {
  const live: LiveReport = {
    ...LIVE,
    sent_by: 'autocannon',
    saturation: { runs, not_judged: ['read p95 <= 120 ms', 'cost_per_month <= 500 $'] },
  };
  const report = reportOf();
  return { ...report, world: 'live', live, scenario: { ...report.scenario, load: [] } };
}

describe('what a placement sustains at most', () => {
  const busy = run('all-functions', { served_per_s: 200, driver_busy: 0.95, drained_s: 41, error_rate: 0.02 });
  const report = saturatedReport([run('hybrid-burst'), busy]);
  const text = terminal(report, { colour: false, width: 120 });

  it('is a table of its own in the terminal, which fits 80 columns', () => {
    expect(text).toMatch(
      /strategy +sustained +connections +with half +asked for +errors\nhybrid-burst +143\/s +16 +139\/s +39\.4\/s +0 %/,
    );
    const lines = terminal(report, { colour: false, width: 80 }).split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it('comes with what it is not: no latency of users, and lines of the scenario that nobody was held to', () => {
    const words = text.replace(/\s+/g, ' ');
    expect(words).toContain('closed loop');
    expect(words).toContain(
      'not judged, since they are about the load that the scenario describes: read p95 <= 120 ms and cost_per_month <= 500 $',
    );
    expect(words).toContain(
      'hybrid-burst: from a request to its answer in the closed loop (p50, p95, p99): read 41 ms, 120 ms, –',
    );
    expect(words).not.toContain('was late by');
  });

  it('warns where it may be more, where autocannon was the limit, and where queues grew', () => {
    const words = text.replace(/live /g, '').replace(/\s+/g, ' ');
    expect(words).toContain('all-functions: 16 connections do more than 8, so more of them may do still more: --connections 32');
    expect(words).toContain('all-functions: autocannon itself was busy 95 % of its time');
    expect(words).toContain('all-functions: what lay in queues at the end took 41 s more');
    expect(words).not.toContain('hybrid-burst: 16 connections do more');
  });

  it('tells runs of one strategy apart by what differs among them', () => {
    const runs = [
      run('hybrid', { controller: 'ai', rate: 0.5 }),
      run('hybrid', { controller: 'hpa', rate: 0.5 }),
      run('all-functions', { controller: 'none', rate: 1 }),
    ];
    const words = terminal(saturatedReport(runs), { colour: false, width: 200 });
    expect(words).toMatch(/^hybrid, ai +143\/s[\s\S]*^hybrid, hpa +143\/s[\s\S]*^all-functions +143\/s/m);
  });

  it('stands in Markdown and on the page, too', async () => {
    expect(markdown(report)).toContain('| hybrid-burst | 143/s | 16 | 139/s | 39.4/s | 0 % |');
    const { document } = parseHTML(await html(report));
    const section = document.querySelector('#where');
    expect(section?.querySelector('h2')?.textContent).toBe('Throughput at saturation, and where it ran');
    expect([...(section?.querySelectorAll('tbody tr') ?? [])].map((row) => row.textContent?.includes('143/s'))).toEqual([
      true,
      false,
    ]);
  });
});
