import { costAgainstLatency, frontOf, type Offer } from '../../charts/cost-against-latency.ts';
import { amount, between, ms, percent, usd } from '../../figures.ts';
import { signed } from '../../measure-text.ts';
import type { Row } from '../../rows.ts';
import { counted, listed, worded } from '../../text.ts';
import { html, type Markup, NOTHING } from '../markup.ts';
import { aside, badge, below, both, figure, folded, named, type Page, type Section } from '../parts.ts';
import { num, table } from '../table.ts';

/** All strategies side by side, where each lies between cost and latency, and which differences are more than noise. */
export function comparison(page: Page): Section {
  return {
    id: 'compare',
    short: 'Compare',
    title: 'Side by side',
    lead: html`Latency runs from the moment a user wanted to send until the answer was back, retries included. Cost is this load,
      kept up for a month.`,
    body: html`${sideBySide(page.rows)}${pareto(page)}${differences(page)}`,
  };
}

function sideBySide(rows: readonly Row[]): Markup {
  return table({
    label: 'Strategies side by side',
    kind: 'tight',
    head: [
      'Strategy',
      'Verdict',
      ...['p50', 'p95', 'p99', 'Errors', 'Served / s', '$ / million', '$ / month', 'Checks', 'Objectives'].map((text) =>
        num(text),
      ),
    ],
    rows: rows.map((row) => {
      const { bill, throughput } = row.strategy;
      return [
        html`${named(row)}${below(row.strategy.controller)}`,
        badge(row.standing),
        num(ms(row.p50)),
        num(ms(row.p95)),
        num(ms(row.p99)),
        num(percent(row.error_rate)),
        num(html`${amount(throughput.served_per_s)}${below(`of ${amount(throughput.asked_per_s)}`)}`),
        num(usd(bill.per_million_served_usd)),
        num(html`${usd(bill.month_usd)}${bill.ci95.month_usd ? below(between(bill.ci95.month_usd, usd)) : ''}`),
        num(`${row.checks.held}/${row.checks.of}`, row.checks.held < row.checks.of ? 'bad' : ''),
        num(
          `${row.objectives.met}/${row.objectives.of}`,
          row.objectives.met < row.objectives.of ? (row.standing === 'unknown' ? 'unsure' : 'bad') : '',
        ),
      ];
    }),
  });
}

function pareto(page: Page): Markup {
  const offers = page.rows.flatMap((row): Offer[] => {
    const { p99, index, label: name, standing } = row;
    const meets = standing === 'chosen' || standing === 'meets';
    return p99 === null
      ? []
      : [
          {
            index,
            name,
            rate: row.strategy.rate,
            p99,
            month_usd: row.strategy.bill.month_usd,
            meets,
            isChosen: standing === 'chosen',
          },
        ];
  });
  if (offers.length < 2) return NOTHING;
  const front = frontOf(offers);
  const unbeaten = listed(front.map((offer) => offer.name));
  const subject = counted(offers.length, 'strategy', 'strategies');
  const label = `Cost a month against p99 of ${subject}. Beaten by none in both: ${unbeaten}.`;
  return figure({
    title: 'Cost against p99',
    note: html`Down and to the left is better. Filled points meet everything, rings fail something, the double ring is the choice.
      The dashed line joins those that no other beats in both.`,
    chart: both((width) => costAgainstLatency(page.canvas, { width, label, offers })),
    behind: folded(
      'The numbers behind this chart',
      table({
        label: 'Cost against p99',
        kind: 'small',
        head: ['Strategy', num('p99'), num('$ / month'), 'Beaten by none in both'],
        rows: offers.map((offer) => [
          offer.name,
          num(ms(offer.p99)),
          num(usd(offer.month_usd)),
          front.includes(offer) ? 'yes' : 'no',
        ]),
      }),
    ),
  });
}

function differences(page: Page): Markup {
  const { comparisons } = page.report;
  if (comparisons.length === 0) return NOTHING;
  const real = comparisons.filter((one) => one.significant).length;
  return folded(
    html`Which differences are differences${aside(`${real} of ${comparisons.length} are more than noise`)}`,
    html`
    <p class="note">Differences are paired by seed, with Holm's correction over all of them; one that is smaller than its
    tolerance, or may be zero, is not called one.</p>
    ${table({
      label: 'Differences between strategies',
      kind: 'small',
      head: ['Measure', 'First', 'Second', num('First less second'), num('95 % interval'), 'More than noise'],
      rows: comparisons.map((one) => [
        worded(one.measure),
        one.a,
        one.b,
        num(signed(one.measure, one.difference)),
        num(one.ci95 === null ? '–' : between(one.ci95, (value) => signed(one.measure, value))),
        one.significant ? html`<b>yes</b>` : 'no',
      ]),
    })}`,
  );
}
