import { type LoadLine, type LoadPoint, loadLines, reasonsByLoad } from '../../by-load.ts';
import { againstLoad } from '../../charts/against-load.ts';
import { tickMs, tickUsd } from '../../charts/axes.ts';
import { ms, usd } from '../../figures.ts';
import { plain } from '../../text.ts';
import { html, type Markup } from '../markup.ts';
import { both, figure, folded, legend, named, type Page, type Section } from '../parts.ts';
import { num, table } from '../table.ts';

/** Cost and p95 of each strategy against load, and between which rates the winner changes. */
export function load(page: Page): Section {
  const lines = loadLines(page.report, page.rows);
  return {
    id: 'load',
    short: 'Load',
    title: 'By load',
    lead: html`<b>${plain(page.report.by_load?.because ?? '')}</b> Each rate is judged alone here; the verdict above wants one
      placement for all of them. Between two rates nothing was played.`,
    body: lines.length === 0 ? '' : html`${reasons(page)}${charts(page, lines)}`,
  };
}

function reasons({ report }: Page): Markup | string {
  const told = reasonsByLoad(report);
  return told.length === 0 ? '' : html`<ul>${told.map((text) => html`<li>${text}</li>`)}</ul>`;
}

function charts(page: Page, lines: readonly LoadLine[]): Markup {
  const chart = (
    title: string,
    value: (point: LoadPoint) => number | null,
    format: (value: number) => string,
    tick: typeof format,
  ) => {
    const words = lines.map(({ row, points }) => {
      const values = points.map((point) => `x${point.rate} ${format(value(point) ?? Number.NaN)}`);
      return `${row.label}: ${values.join(', ')}`;
    });
    const options = { label: `${title} against load. ${words.join('; ')}.`, lines, value, format: tick };
    return figure({ title, chart: both((width) => againstLoad(page.canvas, { ...options, width })) });
  };
  return html`
    ${legend(lines.map((line) => line.row))}
    <p class="note">Filled marks meet everything at that rate, rings fail something or have too few samples, the double ring is the winner there.</p>
    ${chart('Cost a month', (point) => point.month_usd, usd, tickUsd)}
    ${chart('p95 of operations served', (point) => point.p95, ms, tickMs)}
    ${folded('The numbers behind these charts', numbers(lines))}`;
}

function numbers(lines: readonly LoadLine[]): Markup {
  return table({
    label: 'Cost and p95 by load',
    kind: 'small',
    head: ['Rate', num('$ / month'), num('p95'), 'Meets everything', 'Winner'],
    rows: lines.flatMap(({ row, points }) => [
      [named(row)],
      ...points.map((point) => [
        `x${point.rate}`,
        num(usd(point.month_usd)),
        num(ms(point.p95)),
        point.meets ? 'yes' : 'no',
        point.wins ? html`<b>winner</b>` : '',
      ]),
    ]),
  });
}
