import type { OperationReport } from '../../../simulator/domain/report.ts';
import { lagRanges } from '../../charts/lag-ranges.ts';
import { type LatencyCurve, latencyCurves } from '../../charts/latency-curves.ts';
import { amount, between, ms, percent } from '../../figures.ts';
import { curveOf } from '../../histogram.ts';
import { limitOf } from '../../objective-text.ts';
import { operationNames, type Row } from '../../rows.ts';
import { plain } from '../../text.ts';
import { html, type Markup, NOTHING, trusted } from '../markup.ts';
import { below, both, figure, folded, legend, named, type Page, type Section } from '../parts.ts';
import { type Cell, num, table } from '../table.ts';

/** How long users waited, operation by operation, as whole distributions; then how long asynchronous work took. */
export function latency(page: Page): Section {
  const names = operationNames(page.report);
  const curves = names
    .map((name) => ({ name, curves: page.rows.flatMap((row) => curveFor(row, name)) }))
    .filter((one) => one.curves.length > 0);
  const values = curves.flatMap((one) => one.curves.flatMap((curve) => curve.points.map((point) => point.ms)));
  const starts = curves.flatMap((one) =>
    one.curves.flatMap((curve) => curve.points.find((point) => point.share > 0.005)?.ms ?? []),
  );
  const domain = [Math.max(0.05, Math.min(...starts) * 0.8), Math.max(...values) * 1.1] as const;
  return {
    id: 'latency',
    short: 'Latency',
    title: 'Latency by operation',
    lead: html`Each curve says which share of operations was answered within a time; further left and higher is better, and what
      was never answered keeps a curve from rising. Shaded corners are objectives: a curve that enters one misses it.`,
    body: html`
      ${legend(page.rows)}
      <div class="grid">${curves.map((one) => panel(page, one, domain))}</div>
      ${folded('Percentiles of every operation', percentiles(page, names))}
      ${lags(page)}`,
  };
}

function curveFor(row: Row, name: string): LatencyCurve[] {
  const operation = row.strategy.operations.find((one) => one.name === name);
  const points = operation === undefined ? [] : curveOf(operation.latency_ms.histogram, operation.sent);
  if (operation === undefined || points.length < 2) return [];
  return [{ index: row.index, isChosen: row.standing === 'chosen', served: operation.served / operation.sent, points }];
}

function panel(
  page: Page,
  { name, curves }: { name: string; curves: readonly LatencyCurve[] },
  domain: readonly [number, number],
): Markup {
  const texts = [...new Set(page.rows.flatMap((row) => row.strategy.objectives.map((objective) => objective.text)))];
  const limits = texts
    .flatMap((text) => limitOf(text) ?? [])
    .filter((limit) => limit.operation === name || limit.operation === null);
  const p99s = page.rows.map((row) => `${row.label} ${ms(operationOf(row, name)?.latency_ms.p99 ?? null)}`);
  const label = `Share of ${plain(name)} answered within a time. p99: ${p99s.join(', ')}.`;
  return figure({
    title: plain(name),
    chart: trusted(latencyCurves(page.canvas, { width: 330, label, domain, curves, limits })),
  });
}

function operationOf(row: Row, name: string): OperationReport | undefined {
  return row.strategy.operations.find((one) => one.name === name);
}

function percentiles({ rows }: Page, names: readonly string[]): Markup {
  const body = names.flatMap((name) => [
    [html`<bdi>${name}</bdi>`],
    ...rows.flatMap((row) => {
      const operation = operationOf(row, name);
      return operation === undefined ? [] : [[named(row), ...figuresOf(operation)]];
    }),
  ]);
  const heads = ['Sent', 'Served', 'Attempts', 'Errors', 'Mean', 'p50', 'p95', 'p99', 'p99.9', 'Longest'];
  return html`
    <p class="note">Of operations served, over all seeds; below the quantiles their 95 % intervals over seeds. A quantile with
    fewer than ten samples beyond it is left out.</p>
    ${table({
      label: 'Percentiles of every operation',
      kind: 'small tight',
      head: ['Operation', ...heads.map((text) => num(text))],
      rows: body,
    })}`;
}

function figuresOf(operation: OperationReport): Cell[] {
  const { latency_ms: l } = operation;
  const within = (value: number | null, interval: readonly [number, number] | null) =>
    num(html`${ms(value)}${interval === null ? '' : below(between(interval, ms))}`);
  return [
    ...[operation.sent, operation.served, operation.attempts].map((count) => num(amount(count))),
    num(html`${percent(operation.error_rate)}${outcomes(operation)}`),
    num(ms(l.mean)),
    ...[within(l.p50, l.ci95.p50), within(l.p95, l.ci95.p95), within(l.p99, l.ci95.p99), within(l.p999, l.ci95.p999)],
    num(ms(l.max)),
  ];
}

/** Which way the unserved ones went, where there are any. */
function outcomes(operation: OperationReport): Markup | string {
  const kinds: [string, number][] = [
    ['refused', operation.refused],
    ['timed out', operation.timed_out],
    ['failed', operation.failed],
    ['pending', operation.pending],
  ];
  const seen = kinds.filter(([, count]) => count > 0).map(([word, count]) => `${amount(count)} ${word}`);
  return seen.length === 0 ? '' : html`<span class="sub">${seen.join(', ')}</span>`;
}

function lags(page: Page): Markup {
  const ranges = page.rows.flatMap((row) =>
    row.strategy.lags.map((lag) => ({
      index: row.index,
      name: row.label,
      of: plain(`${lag.event} → ${lag.component}`),
      p50: lag.p50_ms,
      p99: lag.p99_ms,
      done: lag.done,
    })),
  );
  if (ranges.length === 0) return NOTHING;
  const kinds = [...new Set(ranges.map((range) => range.of))];
  const numbers = table({
    label: 'Lag of asynchronous work',
    kind: 'small',
    head: ['Strategy', num('Done'), num('p50'), num('p99')],
    rows: kinds.flatMap((kind) => [
      [kind],
      ...ranges
        .filter((range) => range.of === kind)
        .map((range) => [range.name, num(amount(range.done)), num(ms(range.p50)), num(ms(range.p99))]),
    ]),
  });
  const hasValues = ranges.some((range) => range.p50 !== null && range.p50 > 0);
  const label = `From p50 to p99 of the lag of ${kinds.join(', ')}, for each strategy.`;
  return html`<h3>Asynchronous work</h3>${figure({
    title: 'From published to done',
    note: 'Ring: half was done within this time (p50). Point: 99 % was (p99), where there are samples enough.',
    legend: legend(page.rows),
    chart: hasValues ? both((width) => lagRanges(page.canvas, { width, label, ranges })) : NOTHING,
    behind: folded('The numbers behind this chart', numbers),
  })}`;
}
