import type { LagReport } from '../../simulator/domain/report.ts';
import { tickMs } from '../charts/axes.ts';
import { joined, largest } from '../charts/downsample.ts';
import { type TimeLine, timeLines } from '../charts/time-lines.ts';
import { faultsInWindow } from '../faults.ts';
import { clock, ms } from '../figures.ts';
import type { Row } from '../rows.ts';
import { plain } from '../text.ts';
import { html, type Markup, NOTHING, trusted } from './markup.ts';
import { figure, folded, named, type Page } from './parts.ts';
import { num, table } from './table.ts';

/** How far each kind of asynchronous work ran behind, over run time: a chart a kind, a line a strategy. */
export function lagOverTime(page: Page): Markup {
  const kinds = [...new Set(page.rows.flatMap((row) => row.strategy.lags.map(kindOf)))];
  const charts = kinds.map((kind) => chart(page, kind)).filter((one) => one !== NOTHING);
  if (charts.length === 0) return NOTHING;
  return html`
    <h3>Lag of asynchronous work</h3>
    <p class="note">From published to done, mean of the messages published then.</p>
    <div class="grid">${charts}</div>
    ${folded('The numbers behind these charts: lag', numbers(page.rows, kinds))}`;
}

const SLICES = 120;
const ROWS = 16;

const kindOf = (lag: LagReport): string => plain(`${lag.event} → ${lag.component}`);

/** Several spans as one: messages add up, and means count by how many messages they are of. */
function together(group: readonly LagReport['timeline'][number][]): LagReport['timeline'][number] {
  const done = group.reduce((sum, span) => sum + span.done, 0);
  const total = group.reduce((sum, span) => sum + span.done * (span.mean_ms ?? 0), 0);
  return { at_s: group[0]?.at_s ?? 0, done, mean_ms: done === 0 ? null : total / done };
}

function spansOf(row: Row, kind: string, most: number): LagReport['timeline'] {
  return joined(row.strategy.lags.find((lag) => kindOf(lag) === kind)?.timeline ?? [], most, together);
}

function chart({ rows, report, canvas }: Page, kind: string): Markup {
  const lines = rows.map((row): TimeLine => {
    const points = spansOf(row, kind, SLICES).filter((span) => span.mean_ms !== null && span.mean_ms > 0);
    const isChosen = row.standing === 'chosen';
    return { index: row.index, name: row.label, isChosen, points: points.map((span) => [span.at_s, span.mean_ms]) };
  });
  if (lines.every((line) => line.points.length < 2)) return NOTHING;
  const worst = lines.map((line) => `${line.name} ${ms(largest(line.points.map((point) => point[1])))}`);
  const label = `Lag of ${kind} over run time. Highest: ${worst.join(', ')}.`;
  const { duration_s } = report.scenario;
  const faults = faultsInWindow(report);
  return figure({
    title: kind,
    chart: trusted(timeLines(canvas, { width: 330, label, duration_s, lines, faults, isLog: true, format: tickMs })),
  });
}

function numbers(rows: readonly Row[], kinds: readonly string[]): Markup {
  const body = kinds.flatMap((kind) => {
    const all = rows.map((row) => spansOf(row, kind, ROWS));
    const times = all.find((spans) => spans.length > 0) ?? [];
    return [
      [html`<bdi>${kind}</bdi>`],
      ...times.map((span, i) => [clock(span.at_s), ...all.map((spans) => num(ms(spans[i]?.mean_ms ?? null)))]),
    ];
  });
  return table({
    label: 'Lag of asynchronous work over time',
    kind: 'small tight',
    head: ['From', ...rows.map((row) => num(named(row)))],
    rows: body,
  });
}
