import type { Report } from '../../../simulator/domain/report.ts';
import { tickMs, tickUsd } from '../../charts/axes.ts';
import { type TornadoBar, tornado } from '../../charts/tornado.ts';
import { law, ms, usd } from '../../figures.ts';
import { changeWords, choiceWords, moveWords, newlyMissed, type Varied, variedOf } from '../../sensitivity-rows.ts';
import { counted, listed, plain } from '../../text.ts';
import { html, type Markup, NOTHING } from '../markup.ts';
import { aside, below, block, both, figure, folded, type Page, type Section } from '../parts.ts';
import { num, table } from '../table.ts';

type Study = NonNullable<Report['sensitivity']>;

/** What moves the choice and its figures when it is halved or doubled, and what does not matter. */
export function sensitivity(page: Page): Section {
  const study = page.report.sensitivity;
  return {
    id: 'sensitivity',
    short: 'Sensitivity',
    title: 'What the verdict rests on',
    lead: html`Every assumed number and every demand of the application, halved and doubled one at a time, no further than its range;
      rules and sizing applied again, the whole comparison played again from the same traffic.`,
    body: study === undefined || study.rows.length === 0 ? '' : body(page, study),
  };
}

function body(page: Page, study: Study): Markup {
  const all = variedOf(study);
  const idle = all.filter((one) => !one.matters);
  const costs = { title: '$ a month', measure: 'month_usd', format: tickUsd } as const;
  const tails = { title: 'p99 of what was served', measure: 'p99_ms', format: tickMs } as const;
  return html`
    ${chart(page, study, costs)}${chart(page, study, tails)}
    <h3>What matters</h3>
    ${changes(
      study,
      all.filter((one) => one.matters),
      'Changes that matter',
    )}
    ${idle.length === 0 ? '' : folded(html`What does not matter${aside(counted(idle.length, 'number'))}`, changes(study, idle, 'Changes that do not matter'))}`;
}

interface Measure {
  title: string;
  measure: 'month_usd' | 'p99_ms';
  format: (value: number) => string;
}

const SHOWN = 12;

/** Bars of the numbers that move this figure most, by a tenth of a per cent or more. */
function chart(page: Page, study: Study, { title, measure, format }: Measure): Markup {
  const base = study.base[measure];
  if (base === null || base === 0) return NOTHING;
  const span = (one: Varied) => Math.max(...one.rows.map((row) => Math.abs((row.figures?.[measure] ?? base) / base - 1)));
  const shown = variedOf(study)
    .filter((one) => span(one) >= 0.001)
    .sort((a, b) => span(b) - span(a))
    .slice(0, SHOWN);
  const bars = shown.flatMap((one) => one.rows.flatMap((row) => barOf(study, { row, name: one.name, measure })));
  if (bars.length === 0) return NOTHING;
  const strategy = plain(study.strategy);
  const label = `${title} of ${strategy} when one number changes, most at the top: ${listed(shown.map((one) => one.name))}.`;
  return figure({
    title: `${title} of ${strategy}, when one number changes`,
    note: html`The line is the unchanged run. An arrow names what is chosen then instead.`,
    legend: KEY,
    chart: both((width) => tornado(page.canvas, { width, label, base, bars, format })),
  });
}

const KEY = html`
  <ul class="legend">
  <li><span class="name">${block('var(--surface);border:2px solid var(--s0)')}halved (hollow)</span></li>
  <li><span class="name">${block('var(--s1)')}doubled (filled)</span></li>
  </ul>`;

function barOf(study: Study, o: { row: Study['rows'][number]; name: string; measure: Measure['measure'] }): TornadoBar[] {
  const value = o.row.figures?.[o.measure] ?? null;
  const move = moveWords(study.base[o.measure], value);
  const choice = choiceWords(study, o.row);
  if (value === null || (move === '' && choice === '')) return [];
  const note = `${move}${choice === '' ? '' : ` → ${choice}`}`.trim();
  return [{ name: o.name, isMore: o.row.direction !== 'halved', value, note }];
}

function changes(study: Study, all: readonly Varied[], label: string): Markup {
  const { base } = study;
  return table({
    label,
    kind: 'small tight',
    head: ['Number', 'Changed', num('$ / month'), num('p95'), num('p99'), 'Misses then', 'Chosen then'],
    rows: all.flatMap((one) =>
      one.rows.map((row, i) => {
        const now = row.figures;
        const missed = newlyMissed(study, row);
        const choice = choiceWords(study, row);
        return [
          i > 0
            ? html`<span class="unseen">${one.name}</span>`
            : html`<bdi>${one.name}</bdi>${below(`${law(row.from)} ${one.unit}, ${one.what}`)}`,
          changeWords(row),
          moved(usd(now?.month_usd ?? null), moveWords(base.month_usd, now?.month_usd ?? null)),
          moved(ms(now?.p95_ms ?? null), moveWords(base.p95_ms, now?.p95_ms ?? null)),
          moved(ms(now?.p99_ms ?? null), moveWords(base.p99_ms, now?.p99_ms ?? null)),
          { text: listed(missed), kind: missed.length > 0 ? 'bad' : '' },
          choice === '' ? { text: 'the same', kind: 'calm' } : html`<b>${choice}</b>`,
        ];
      }),
    ),
  });
}

function moved(value: string, move: string) {
  return num(html`${value}${move === '' ? '' : below(move)}`, move === '' ? 'calm' : '');
}
