import type { Bill } from '../../../simulator/domain/report.ts';
import { COLOURS } from '../../charts/canvas.ts';
import { type CostBar, costBars } from '../../charts/cost-bars.ts';
import { amount, usd, usdExact } from '../../figures.ts';
import type { Row } from '../../rows.ts';
import { counted, plain } from '../../text.ts';
import { html, type Markup } from '../markup.ts';
import { aside, block, both, figure, folded, named, type Page, type Section } from '../parts.ts';
import { num, table } from '../table.ts';

/** What a month costs and which components cause it; every line of the bill below. */
export function cost(page: Page): Section {
  const isFree = page.rows.every((row) => row.strategy.bill.run_usd === 0);
  return {
    id: 'cost',
    short: 'Cost',
    title: 'Cost by component',
    lead: 'Dollars a month at list prices: the bill of one average run, times 730 hours over its length.',
    body: isFree ? '' : html`${breakdown(page)}${page.rows.map(lines)}`,
  };
}

/** Dollars a month of every component. */
function monthly(bill: Bill): Map<string, number> {
  const factor = bill.run_usd > 0 ? bill.month_usd / bill.run_usd : 0;
  return new Map(bill.by_component.map(({ component, usd: run }) => [plain(component), run * factor]));
}

function breakdown(page: Page): Markup {
  const bills = page.rows.map((row) => ({ row, months: monthly(row.strategy.bill) }));
  const totals = new Map<string, number>();
  for (const { months } of bills) for (const [name, value] of months) totals.set(name, (totals.get(name) ?? 0) + value);
  const ranked = [...totals].sort((a, b) => b[1] - a[1]).map(([name]) => name);
  const shown = ranked.length > COLOURS ? ranked.slice(0, COLOURS) : ranked;
  const rest = ranked.slice(shown.length);
  const bars = bills.map(({ row, months }): CostBar => {
    const parts = shown.map((component, i) => ({ component, usd: months.get(component) ?? 0, colour: `var(--s${i})` }));
    const other = rest.reduce((sum, name) => sum + (months.get(name) ?? 0), 0);
    if (rest.length > 0) parts.push({ component: `${rest.length} others`, usd: other, colour: 'var(--rest)' });
    return { name: row.label, total: row.strategy.bill.month_usd, parts: parts.filter((part) => part.usd > 0) };
  });
  const label = `Cost a month by component. Totals: ${bars.map((bar) => `${bar.name} ${usd(bar.total)}`).join(', ')}.`;
  return figure({
    title: 'Where the money goes, $ a month',
    legend: key([...shown, ...(rest.length > 0 ? [`${rest.length} others`] : [])], rest.length > 0),
    chart: both((width) => costBars(page.canvas, { width, label, bars })),
    behind: folded('The numbers behind this chart', componentTable(bills, ranked)),
  });
}

function key(names: readonly string[], hasRest: boolean): Markup {
  const colour = (i: number) => (hasRest && i === names.length - 1 ? 'var(--rest)' : `var(--s${i})`);
  return html`
    <ul class="legend">
    ${names.map((name, i) => html`<li><span class="name">${block(colour(i))}<bdi>${name}</bdi></span></li>`)}
    </ul>`;
}

function componentTable(bills: readonly { row: Row; months: Map<string, number> }[], names: readonly string[]): Markup {
  return table({
    label: 'Cost a month by component',
    kind: 'small',
    head: ['Component', ...bills.map(({ row }) => num(named(row)))],
    rows: [
      ...names.map((name) => [
        html`<bdi>${name}</bdi>`,
        ...bills.map(({ months }) => num(months.has(name) ? usd(months.get(name) ?? 0) : '')),
      ]),
      [html`<b>Total</b>`, ...bills.map(({ row }) => num(html`<b>${usd(row.strategy.bill.month_usd)}</b>`))],
      ['With volume tiers and free tier, once a month', ...bills.map(({ row }) => num(usd(row.strategy.bill.month_tiered_usd)))],
    ],
  });
}

/** The bill of one average run, line by line, so that anybody can add it up. */
function lines(row: Row): Markup {
  const { bill } = row.strategy;
  const body = table({
    label: `Bill of ${row.label}`,
    kind: 'small',
    head: ['Component', 'Item', num('Quantity'), 'Unit', num('Price'), num('Cost of a run')],
    rows: [
      ...bill.lines.map((line) => [
        html`<bdi>${line.component}</bdi>`,
        line.item,
        num(amount(line.quantity)),
        line.unit,
        num(usdExact(line.price_usd)),
        num(usdExact(roundTo(line.usd))),
      ]),
      [html`<b>Total</b>`, '', '', '', '', num(html`<b>${usdExact(roundTo(bill.run_usd))}</b>`)],
    ],
  });
  const tiered = `${usd(bill.month_tiered_usd)} with volume tiers and free tier`;
  const sums = `${usd(bill.run_usd)} a run, ${usd(bill.month_usd)} a month, ${tiered}`;
  const summary = html`${named(row)}${aside(`${counted(bill.lines.length, 'line')}, ${sums}`)}`;
  return folded(summary, body);
}

function roundTo(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
