import type { Baseline } from '../../simulator/domain/baseline.ts';
import type { GateReport } from '../../simulator/domain/gate.ts';
import type { Report } from '../../simulator/domain/report.ts';
import type { Canvas } from '../charts/canvas.ts';
import { colourOf, dashOf } from '../charts/canvas.ts';
import { MARKS, type Row, type Standing } from '../rows.ts';
import { type Content, html, type Markup, NOTHING, trusted } from './markup.ts';

/** What every section is made from. */
export interface Page {
  report: Report;
  rows: readonly Row[];
  canvas: Canvas;
  /** Only on the page of a gate: what it found, and what it compared with. */
  gate?: { report: GateReport; before: Baseline };
}

/** A section of the page; an empty body leaves out the section and its entry in the navigation. */
export interface Section {
  id: string;
  /** In the navigation. */
  short: string;
  title: string;
  lead?: Content;
  body: Content;
}

export function sectionOf(section: Section): Markup {
  return html`
    <section id="${section.id}" aria-labelledby="${section.id}-title">
    <h2 id="${section.id}-title">${section.title}</h2>
    ${section.lead ? html`<p class="lead">${section.lead}</p>` : ''}
    ${section.body}
    </section>`;
}

const WIDE = 1000;
const NARROW = 370;

/** A chart drawn twice, for the desk and for the phone: shrinking one would shrink its letters too. */
export function both(draw: (width: number) => string): Markup {
  return html`<div class="wide">${trusted(draw(WIDE))}</div><div class="narrow">${trusted(draw(NARROW))}</div>`;
}

/** A chart with its title above, what it shows below, and the numbers behind it folded away. */
export function figure(o: { title: string; chart: Markup; note?: Content; behind?: Markup; legend?: Markup }): Markup {
  return html`
    <figure>
    <figcaption><span class="title">${o.title}</span>${o.note ? html`<span class="note">${o.note}</span>` : ''}</figcaption>
    ${o.legend ?? NOTHING}
    ${o.chart}
    ${o.behind ?? NOTHING}
    </figure>`;
}

/** Folded content; `summary` says what comes, so that nobody opens it to find out. */
export function folded(summary: Content, body: Content, kind = ''): Markup {
  return html`<details class="${kind}"><summary>${summary}</summary><div class="inside">${body}</div></details>`;
}

/** A line of the strategy's colour and dash, as its charts draw it. */
export function swatch(index: number): Markup {
  const dash = dashOf(index);
  return line(colourOf(index), { width: 4, dash });
}

/** A piece of line for a legend, in any colour that the palette names. */
export function line(colour: string, o: { width: number; dash: string }): Markup {
  return html`
    <svg class="swatch" width="18" height="10" aria-hidden="true">
    <line x1="0" x2="18" y1="5" y2="5" style="stroke:${colour}" stroke-width="${o.width}" stroke-dasharray="${o.dash}"/>
    </svg>`;
}

/** A filled piece for a legend. */
export function block(colour: string): Markup {
  return html`<span class="block" style="background:${colour}"></span>`;
}

/** Said in smaller, calmer type below a value. */
export function below(text: Content): Markup {
  return html`<span class="sub">${text}</span>`;
}

/** Said in calmer type beside what matters. */
export function aside(text: Content): Markup {
  return html` <span class="note">${text}</span>`;
}

/** Name of a strategy beside its colour. */
export function named(row: Row): Markup {
  return html`<span class="name">${swatch(row.index)}<bdi>${row.label}</bdi></span>`;
}

/** What all charts of strategies share: which line is which. */
export function legend(rows: readonly Row[]): Markup {
  const items = rows.map((row) => {
    const isChosen = row.standing === 'chosen';
    return html`<li class="${isChosen ? 'strong' : ''}">${named(row)}${isChosen ? aside('chosen') : ''}</li>`;
  });
  return html`<ul class="legend">${items}</ul>`;
}

const TINTS: Record<Standing, string> = { chosen: 'good', meets: 'good', unknown: 'unsure', fails: 'bad' };

/** The standing as a word with its mark; colour only repeats it. */
export function badge(standing: Standing): Markup {
  const { mark, word } = MARKS[standing];
  return html`<span class="badge ${TINTS[standing]}"><span aria-hidden="true">${mark}</span> ${word}</span>`;
}

/** A yes, a no or a maybe before a value. */
export function marked(met: boolean | null, text: Content): { text: Markup; kind: string } {
  const [mark, word, kind] = met === null ? ['?', 'unknown', 'unsure'] : met ? ['✓', 'met', 'good'] : ['✗', 'missed', 'bad'];
  return { text: html`<span aria-hidden="true">${mark}</span><span class="unseen">${word}</span> ${text}`, kind: `num ${kind}` };
}
