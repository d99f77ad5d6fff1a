import { ms, percent, usd } from '../../figures.ts';
import { examplesOf, othersOf, othersTitle, type Row, reasonsOf, verdictOf } from '../../rows.ts';
import { capital } from '../../text.ts';
import { html, type Markup } from '../markup.ts';
import { badge, named, type Page, type Section } from '../parts.ts';

/** The answer in words, its key figures, and for every other strategy why not. */
export function verdict(page: Page): Section {
  const { head, because } = verdictOf(page.report);
  const winner = page.rows.find((row) => row.standing === 'chosen');
  const others = othersOf(page.rows);
  return {
    id: 'verdict',
    short: 'Verdict',
    title: head,
    body: html`<p class="because">${because}</p>${winner ? figures(winner) : ''}${
      others.length > 0 ? html`<h3>${othersTitle(page.rows)}</h3><ul class="why">${others.map(reason)}</ul>` : ''
    }`,
  };
}

function figures(row: Row): Markup {
  const { bill } = row.strategy;
  const shown: [string, string][] = [
    ['a month, at this load', usd(bill.month_usd)],
    ['per million served', usd(bill.per_million_served_usd)],
    ['p99 of what was served', ms(row.p99)],
    ['of operations not served', percent(row.error_rate)],
    ['objectives and checks met', `${row.objectives.met + row.checks.held} of ${row.objectives.of + row.checks.of}`],
  ];
  return html`<dl class="figures">${shown.map(([word, value]) => html`<div><dt>${word}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function reason(row: Row): Markup {
  const reasons = reasonsOf(row).map((text) => html`<li>${capital(text)}</li>`);
  const examples = examplesOf(row).map((example) => html`<li class="note">For example: ${example}</li>`);
  return html`<li><div class="who">${named(row)} ${badge(row.standing)}</div><ul>${reasons}${examples}</ul></li>`;
}
