import { type Content, html, type Markup, NOTHING } from './markup.ts';

export interface Cell {
  text: Content;
  /** Class of the cell: `num` aligns to the right, `good`, `bad` and `unsure` tint. */
  kind?: string;
  /** How many columns it spans. */
  span?: number;
}

export interface TableOptions {
  /** Said to screen readers, and by the region that scrolls. */
  label: string;
  head: readonly (string | Cell)[];
  /** The first cell of a row is its heading; a row with a single cell is a heading of the rows below. */
  rows: readonly (readonly (Content | Cell)[])[];
  kind?: string;
}

/** A table that scrolls sideways by itself where the screen is too narrow, with its first column staying in sight. */
export function table(o: TableOptions): Markup {
  if (o.rows.length === 0) return NOTHING;
  const width = o.head.length;
  const head = o.head.map((one) => {
    const { text, kind, span } = cellOf(one);
    return html`<th scope="col"${kind ? html` class="${kind}"` : ''}${span ? html` colspan="${span}"` : ''}>${text}</th>`;
  });
  return html`
    <div class="scroll" role="region" tabindex="0" aria-label="${o.label}">
    <table class="${o.kind ?? ''}">
    <caption class="unseen">${o.label}</caption>
    <thead><tr>${head}</tr></thead>
    <tbody>${o.rows.map((row) => rowOf(row, width))}</tbody>
    </table>
    </div>`;
}

function rowOf(row: readonly (Content | Cell)[], width: number): Markup {
  const cells = row.map((one, i) => {
    const { text, kind } = cellOf(one);
    if (row.length === 1) return html`<th scope="rowgroup" class="group" colspan="${width}"><span>${text}</span></th>`;
    const attributes = kind ? html` class="${kind}"` : '';
    return i === 0 ? html`<th scope="row"${attributes}>${text}</th>` : html`<td${attributes}>${text}</td>`;
  });
  return html`<tr>${cells}</tr>`;
}

function cellOf(one: Content | Cell): Cell {
  return typeof one === 'object' &&
    one !== null &&
    'text' in one &&
    !('map' in one) &&
    Object.getPrototypeOf(one) === Object.prototype
    ? (one as Cell)
    : { text: one as Content };
}

/** A figure, aligned to the right. */
export function num(text: Content, kind = ''): Cell {
  return { text, kind: kind === '' ? 'num' : `num ${kind}` };
}
