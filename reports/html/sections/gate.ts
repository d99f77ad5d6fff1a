import type { GateMeasure } from '../../../simulator/domain/gate.ts';
import { latencyCurves } from '../../charts/latency-curves.ts';
import { againstWords, byStanding, cellsOf, checkWords, lineWords, OUTCOMES, whyTexts } from '../../gate/words.ts';
import { curveOf } from '../../histogram.ts';
import type { Row } from '../../rows.ts';
import { counted, plain, worded } from '../../text.ts';
import { html, type Markup, NOTHING, trusted } from '../markup.ts';
import { figure, folded, type Page, type Section, swatch } from '../parts.ts';
import { num, table } from '../table.ts';

type Gate = NonNullable<Page['gate']>;

/** What a gate found, and both runs over one another; only on the page of a gate. */
export function gate(page: Page): Section {
  const words = { id: 'gate', short: 'Gate' };
  if (page.gate === undefined) return { ...words, title: 'Gate', body: '' };
  const { report } = page.gate;
  const { mark, word } = OUTCOMES[report.outcome];
  return {
    ...words,
    title: `${mark} ${word}`,
    lead: html`Compared with ${againstWords(report)}.`,
    body: html`
      <ul>${report.because.map((text) => html`<li>${text}</li>`)}</ul>
      ${report.notes.map((note) => html`<p class="note">${note}</p>`)}
      ${moved(page.gate)}
      ${list('Checks and lines', [
        ...report.checks.filter(isMoved).map(checkWords),
        ...report.lines.filter(isMoved).map(lineWords),
      ])}
      ${list('What went in differently', whyTexts(report))}
      ${overlays(page, page.gate)}
      ${folded(`All ${counted(report.measures.length, 'measure')}`, tableOf('All measures', report.measures))}`,
  };
}

const isMoved = ({ standing }: { standing: string }): boolean => standing !== 'same';

function moved({ report }: Gate): Markup {
  const seen = (['worse', 'better', 'unclear'] as const).flatMap((standing) => byStanding(report, standing));
  return seen.length === 0 ? NOTHING : html`<h3>What came out differently</h3>${tableOf('What came out differently', seen)}`;
}

const TINTS: Readonly<Record<GateMeasure['standing'], string>> = {
  better: 'good',
  worse: 'bad',
  same: '',
  unclear: 'unsure',
  unknown: 'unsure',
};

function tableOf(label: string, measures: readonly GateMeasure[]): Markup {
  return table({
    label,
    kind: 'small tight',
    head: ['Strategy', 'Measure', 'Standing', num('Before'), num('Now'), num('Now less before'), num('95 % interval')],
    rows: measures.map((one) => {
      const { before, now, difference, share, interval } = cellsOf(one);
      return [
        html`<bdi>${plain(one.row)}</bdi>`,
        worded(one.measure),
        { text: one.standing, kind: TINTS[one.standing] },
        num(before),
        num(now),
        num(`${difference} ${share}`),
        num(interval),
      ];
    }),
  });
}

function list(title: string, texts: readonly string[]): Markup {
  return texts.length === 0 ? NOTHING : html`<h3>${title}</h3><ul>${texts.map((text) => html`<li>${text}</li>`)}</ul>`;
}

const [NOW, BEFORE] = [0, 1];

/** Latency curves of every operation, now over before: rows in which something moved stand open. */
function overlays(page: Page, { report, before }: Gate): Markup {
  const both = page.rows.filter((row) => before.rows[row.label] !== undefined);
  const panels = both.map((row) => {
    const moves = report.measures.filter((one) => one.row === row.label && isMoved(one) && one.standing !== 'unknown');
    const charts = html`<div class="grid">${row.strategy.operations.map((operation) => overlay(page, row, operation.name))}</div>`;
    const summary = `${row.label}: ${moves.length === 0 ? 'as before' : `${counted(moves.length, 'measure')} moved`}`;
    return moves.length > 0 || both.length === 1 ? html`<h4>${summary}</h4>${charts}` : folded(summary, charts);
  });
  const key = html`<ul class="legend">
    <li class="strong"><span class="name">${swatch(NOW)}now</span></li>
    <li><span class="name">${swatch(BEFORE)}before</span></li></ul>`;
  return both.length === 0 ? NOTHING : html`<h3>Both runs over one another</h3>${key}${panels}`;
}

function overlay(page: Page, row: Row, name: string): Markup {
  const operation = row.strategy.operations.find((one) => one.name === name);
  const kept = page.gate?.before.rows[row.label];
  if (operation === undefined || kept === undefined) return NOTHING;
  const now = curveOf(operation.latency_ms.histogram, operation.sent);
  const before = (kept.curves[name] ?? []).map(([share, ms]) => ({ ms, share }));
  const points = [...now, ...before].map((point) => point.ms);
  if (now.length < 2 || points.length === 0) return NOTHING;
  const served = 1 - (kept.measures[`${name} error_rate`]?.value ?? 0);
  const curves = [
    { index: BEFORE, isChosen: false, served, points: before },
    { index: NOW, isChosen: true, served: operation.served / operation.sent, points: now },
  ];
  const domain = [Math.max(0.05, Math.min(...points) * 0.8), Math.max(...points) * 1.1] as const;
  const label = `Share of ${plain(name)} answered within a time, now and before, in ${row.label}.`;
  return figure({
    title: plain(name),
    chart: trusted(latencyCurves(page.canvas, { width: 330, label, domain, curves, limits: [] })),
  });
}
