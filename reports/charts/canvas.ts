import type { PlotOptions } from '@observablehq/plot';

export type Plot = typeof import('@observablehq/plot');

/** What charts are drawn with: the chart library, and a document in memory that it draws into. */
export interface Canvas {
  Plot: Plot;
  document: unknown;
}

/** Loads the chart library: a quarter of a second that only those who want a page should wait for. */
export async function openCanvas(): Promise<Canvas> {
  const [Plot, { parseHTML }] = await Promise.all([import('@observablehq/plot'), import('linkedom')]);
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  return { Plot, document };
}

/** Colour of the strategy at `index`; from the eighth on colours come again, with dashes. */
export function colourOf(index: number): string {
  return `var(--s${index % COLOURS})`;
}

export function dashOf(index: number): string {
  return ['none', '5 3', '2 3'][Math.floor(index / COLOURS) % 3] ?? 'none';
}

export const COLOURS = 7;

/**
 * Draws one chart as SVG text with `label` as its text alternative, for a page whose styles know `.chart`.
 *
 * Coordinates keep one decimal: a tenth of a pixel is not seen, and it halves the file.
 */
export function drawn(canvas: Canvas, label: string, options: PlotOptions): string {
  const plot = canvas.Plot.plot({ ...options, document: canvas.document } as PlotOptions);
  const text = String((plot as unknown as { outerHTML: string }).outerHTML);
  return text
    .replace(/<style>[\s\S]*?<\/style>/, '')
    .replace(/ (aria-label|aria-description|aria-hidden|class)="[^"]*"/g, '')
    .replace(
      / (d|transform|x|y|x1|x2|y1|y2|cx|cy|width|height)="([^"]*)"/g,
      (_, name, value: string) => ` ${name}="${rounded(value)}"`,
    )
    .replace(/^<svg/, `<svg class="chart" role="img" aria-label="${attribute(label)}"`);
}

function rounded(value: string): string {
  return value.replace(/\d+\.\d{2,}/g, (number) => String(Math.round(Number(number) * 10) / 10));
}

/** Text as it may stand in drawn SVG, between tags or in an attribute. */
export function attribute(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
