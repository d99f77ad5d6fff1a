import type { Report, StrategyReport } from '../../../simulator/domain/report.ts';
import { tickMs } from '../../charts/axes.ts';
import { joined, largest } from '../../charts/downsample.ts';
import { type TimeLine, timeLines } from '../../charts/time-lines.ts';
import { faultLines, faultsInWindow } from '../../faults.ts';
import { amount, clock, ms, percent } from '../../figures.ts';
import type { Row } from '../../rows.ts';
import { lagOverTime } from '../lag-over-time.ts';
import { html, type Markup, NOTHING } from '../markup.ts';
import { both, figure, folded, legend, named, type Page, type Section } from '../parts.ts';
import { num, table } from '../table.ts';

type Slice = StrategyReport['timeline'][number];

/** Load, p95 and errors on one time axis: what happened when. */
export function overTime(page: Page): Section {
  const rows = page.rows.filter((row) => row.strategy.timeline.length > 1);
  const charts = html`${faultList(page.report)}${legend(page.rows)}${throughput(page, rows)}${p95(page, rows)}${errors(page, rows)}${numbers(rows)}${lagOverTime(page)}`;
  return {
    id: 'over-time',
    short: 'Over time',
    title: 'Over time',
    lead: 'All operations together, mean over seeds.',
    body: rows.length === 0 ? '' : charts,
  };
}

/** What went wrong on purpose, in words; the charts have it as bands. */
function faultList(report: Report): Markup {
  const lines = faultLines(report);
  if (lines.length === 0) return NOTHING;
  return html`<h3>Faults</h3><ul>${lines.map((line) => html`<li><bdi>${line}</bdi></li>`)}</ul>`;
}

const SLICES = 240;

function linesOf(rows: readonly Row[], value: (slice: Slice, width_s: number) => number | null): TimeLine[] {
  return rows.map((row) => {
    const slices = joined(row.strategy.timeline, SLICES, together);
    const width_s = (slices[1]?.at_s ?? 0) - (slices[0]?.at_s ?? 0);
    const points = slices.map((slice): [number, number | null] => [slice.at_s + width_s / 2, value(slice, width_s)]);
    return { index: row.index, name: row.label, isChosen: row.standing === 'chosen', points };
  });
}

/** Counts add up; of latencies the worst stays. */
function together(group: readonly Slice[]): Slice {
  const sum = (key: 'sent' | 'served' | 'failed') => group.reduce((total, slice) => total + slice[key], 0);
  const worst = (key: 'p50_ms' | 'p95_ms') => largest(group.map((slice) => slice[key]));
  return {
    at_s: group[0]?.at_s ?? 0,
    sent: sum('sent'),
    served: sum('served'),
    failed: sum('failed'),
    p50_ms: worst('p50_ms'),
    p95_ms: worst('p95_ms'),
  };
}

function throughput({ report, canvas }: Page, rows: readonly Row[]): Markup {
  const { load, duration_s } = report.scenario;
  const faults = faultsInWindow(report);
  const lines = linesOf(rows, (slice, width_s) => (width_s > 0 ? slice.served / width_s : null));
  const peak = Math.max(0, ...load.map((point) => point[1]));
  const label = `Operations a second over run time: intended, up to ${amount(peak)}, and served by each strategy.`;
  return figure({
    title: 'Operations served a second',
    note: 'Grey: what users intended to send.',
    chart: both((width) => timeLines(canvas, { width, label, duration_s, lines, area: load, faults, format: amount })),
  });
}

function p95({ report, canvas }: Page, rows: readonly Row[]): Markup {
  const lines = linesOf(rows, (slice) => (slice.p95_ms !== null && slice.p95_ms > 0 ? slice.p95_ms : null));
  const worst = lines.map((line) => `${line.name} ${ms(largest(line.points.map((point) => point[1])))}`);
  const label = `p95 latency over run time. Highest: ${worst.join(', ')}.`;
  if (lines.every((line) => line.points.every((point) => point[1] === null))) return NOTHING;
  const { duration_s } = report.scenario;
  const faults = faultsInWindow(report);
  return figure({
    title: 'p95 latency',
    chart: both((width) => timeLines(canvas, { width, label, duration_s, lines, faults, isLog: true, format: tickMs })),
  });
}

function errors({ report, canvas }: Page, rows: readonly Row[]): Markup {
  const lines = linesOf(rows, (slice) => (slice.sent > 0 ? slice.failed / slice.sent : null));
  const worst = lines.map((line) => `${line.name} ${percent(largest(line.points.map((point) => point[1])))}`);
  const label = `Share of operations not served over run time. Highest: ${worst.join(', ')}.`;
  const { duration_s } = report.scenario;
  const faults = faultsInWindow(report);
  return figure({
    title: 'Operations not served',
    chart: both((width) => timeLines(canvas, { width, label, duration_s, lines, faults, format: percent })),
  });
}

/** Every strategy at the same two dozen moments. */
function numbers(rows: readonly Row[]): Markup {
  const bodies = rows.flatMap((row) => {
    const slices = joined(row.strategy.timeline, 24, together);
    return [
      [named(row)],
      ...slices.map((slice) => [
        clock(slice.at_s),
        ...[slice.sent, slice.served, slice.failed].map((n) => num(amount(n))),
        num(ms(slice.p50_ms)),
        num(ms(slice.p95_ms)),
      ]),
    ];
  });
  return folded(
    'The numbers behind these charts',
    table({
      label: 'Load, errors and latency over time',
      kind: 'small',
      head: ['From', ...['Sent', 'Served', 'Not served', 'p50, at most', 'p95, at most'].map((text) => num(text))],
      rows: bodies,
    }),
  );
}
