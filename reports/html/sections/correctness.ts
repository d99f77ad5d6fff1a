import type { CheckReport } from '../../../simulator/domain/report.ts';
import { amount, duration } from '../../figures.ts';
import type { Row } from '../../rows.ts';
import { capital, counted, worded } from '../../text.ts';
import { html, type Markup } from '../markup.ts';
import { aside, below, folded, marked, named, type Page, type Section } from '../parts.ts';
import { num, table } from '../table.ts';

/** What went wrong with the data: every check against every strategy, then the first cases with their story. */
export function correctness({ rows, report }: Page): Section {
  const names = [...new Set(rows.flatMap((row) => row.strategy.checks.map((check) => check.name)))];
  const grid = table({
    label: 'Checks by strategy',
    kind: 'first-wide tight',
    head: ['Check', ...rows.map((row) => num(named(row)))],
    rows: names.map((name) => [
      checkName(name, rows),
      ...rows.map((row) => cell(row.strategy.checks.find((check) => check.name === name))),
    ]),
  });
  return {
    id: 'correctness',
    short: 'Correctness',
    title: 'Correctness',
    lead: html`Cases counted by the ledger over ${counted(report.seeds.length, 'run')}. Checks that bind must hold; the others are
      counted for information.`,
    body: names.length === 0 ? '' : html`${grid}${rows.map(stories)}`,
  };
}

function checkName(name: string, rows: readonly Row[]): Markup {
  const check = rows.flatMap((row) => row.strategy.checks).find((one) => one.name === name);
  return html`${capital(worded(name))}${check?.binds ? aside('(binds)') : ''}${below(check?.description)}`;
}

function cell(check: CheckReport | undefined) {
  if (check === undefined) return '';
  const { exposure_s: exposure, count } = check;
  const extent =
    exposure !== undefined && count > 0
      ? html`<span class="sub">${duration(exposure.mean)} each,<br>at most ${duration(exposure.max)}</span>`
      : '';
  const text = html`${amount(count)}${extent}`;
  return check.binds ? marked(check.holds, text) : num(text, 'calm');
}

function stories(row: Row): Markup | string {
  const told = row.strategy.checks.filter((check) => check.examples.length > 0);
  if (told.length === 0) return '';
  const bodies = told.map((check) => {
    const first = check.examples.length < check.count ? ` (the first ${check.examples.length} of ${amount(check.count)})` : '';
    const examples = check.examples.map((example) => html`<li>${example}</li>`);
    return html`<p><b>${capital(worded(check.name))}</b>${first}</p><ol class="examples">${examples}</ol>`;
  });
  return folded(
    html`${named(row)} <span class="note">examples of ${told.map((check) => worded(check.name)).join(', ')}</span>`,
    bodies,
  );
}
