import { usd } from '../figures.ts';
import { shortened } from '../text.ts';
import { tickUsd } from './axes.ts';
import { type Canvas, drawn } from './canvas.ts';

export interface CostBar {
  name: string;
  total: number;
  /** In the order they are stacked; `colour` is a CSS colour. */
  parts: readonly { component: string; usd: number; colour: string }[];
}

/** One bar a strategy, a piece per component, the total at its end: who is dearer, and because of what. */
export function costBars(canvas: Canvas, o: { width: number; label: string; bars: readonly CostBar[] }): string {
  const { Plot } = canvas;
  const isNarrow = o.width < 500;
  const pieces = o.bars.flatMap((bar) => {
    let from = 0;
    return bar.parts.map((part) => {
      const piece = { ...part, bar: bar.name, x1: from, x2: from + part.usd };
      from = piece.x2;
      return piece;
    });
  });
  const most = Math.max(...o.bars.map((bar) => bar.total), 0);
  const longest = Math.max(...o.bars.map((bar) => shortened(bar.name).length));
  return drawn(canvas, o.label, {
    width: o.width,
    height: o.bars.length * (isNarrow ? 52 : 38) + 40,
    marginLeft: isNarrow ? 8 : longest * 7 + 20,
    marginRight: 72,
    marginTop: isNarrow ? 16 : 8,
    marginBottom: 28,
    x: { domain: [0, most > 0 ? most : 1] },
    y: { domain: o.bars.map((bar) => bar.name), padding: isNarrow ? 0.5 : 0.3, label: null },
    marks: [
      Plot.gridX({ ticks: isNarrow ? 3 : 6, stroke: 'var(--rule)', strokeOpacity: 1 }),
      Plot.axisX({ ticks: isNarrow ? 3 : 6, tickSize: 0, tickFormat: tickUsd, label: null }),
      ...(isNarrow
        ? [
            Plot.text(o.bars, {
              x: 0,
              y: 'name',
              text: (bar: CostBar) => shortened(bar.name, 44),
              textAnchor: 'start',
              dy: -20,
              fill: 'var(--ink)',
            }),
          ]
        : [Plot.axisY({ tickSize: 0, label: null, text: (name: string) => shortened(name), fill: 'var(--ink)' })]),
      Plot.barX(pieces, {
        y: 'bar',
        x1: 'x1',
        x2: 'x2',
        fill: 'colour',
        stroke: 'var(--surface)',
        strokeWidth: 1,
        title: titleOf,
      }),
      Plot.text(o.bars, {
        x: 'total',
        y: 'name',
        text: (bar: CostBar) => usd(bar.total),
        textAnchor: 'start',
        dx: 7,
        fill: 'var(--ink)',
        fontWeight: 600,
      }),
    ],
    color: { type: 'identity' },
  });
}

function titleOf(piece: { component: string; usd: number }): string {
  return `${piece.component}: ${usd(piece.usd)} a month`;
}
