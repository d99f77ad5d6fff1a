import { ms, percent, usd } from '../../figures.ts';
import { examplesOf, othersOf, othersTitle, type Row, reasonsOf, verdictOf } from '../../rows.ts';
import { capital } from '../../text.ts';
import { html, type Markup, NOTHING } from '../markup.ts';
import { badge, named, type Page, type Section } from '../parts.ts';

/** The answer in words, its key figures, and for every other strategy why not. */
export function verdict(page: Page): Section {
  const { head, because } = verdictOf(page.report);
  const winners = page.rows.filter((row) => row.standing === 'chosen');
  const others = othersOf(page.rows);
  return {
    id: 'verdict',
    short: 'Verdict',
    title: head,
    body: html`<p class="because ${tone(page.rows)}">${because}</p>${rests(page)}${winners.map((row) => figures(row, winners.length > 1))}${
      others.length > 0 ? html`<h3>${othersTitle(page.rows)}</h3><ul class="why">${others.map(reason)}</ul>` : ''
    }`,
  };
}

/** What would overturn the answer, where that was studied. */
function rests({ report }: Page): Markup {
  const study = report.sensitivity;
  return study === undefined ? NOTHING : html`<p>${study.because} <a href="#sensitivity">See by how much.</a></p>`;
}

/** Class that colours the section: a reader sees before reading that nothing passed. */
function tone(rows: readonly Row[]): string {
  if (rows.some((row) => row.standing === 'chosen')) return 'passed';
  return rows.every((row) => row.standing === 'unknown') ? 'untold' : 'failed';
}

function figures(row: Row, hasRates: boolean): Markup {
  const { bill } = row.strategy;
  const shown: [string, string][] = [
    [hasRates ? `a month, at rate x${row.strategy.rate}` : 'a month, at this load', usd(bill.month_usd)],
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
