import type { LoadLine, LoadPoint } from '../by-load.ts';
import { logTicks, valueAxis } from './axes.ts';
import { type Canvas, colourOf, dashOf, drawn } from './canvas.ts';

export interface AgainstLoadOptions {
  width: number;
  label: string;
  lines: readonly LoadLine[];
  value: (point: LoadPoint) => number | null;
  format: (value: number) => string;
}

/**
 * One figure against load, a line a strategy: only the marks were played, and only their rates are named on the axis.
 *
 * Filled marks meet everything at that rate, rings do not or cannot be told to, the double ring wins there.
 */
export function againstLoad(canvas: Canvas, o: AgainstLoadOptions): string {
  const { Plot } = canvas;
  const rates = [...new Set(o.lines.flatMap((line) => line.points.map((point) => point.rate)))].sort((a, b) => a - b);
  const marks = o.lines.flatMap(({ row, points }) =>
    points.flatMap((point) => {
      const value = o.value(point);
      return value === null ? [] : [{ ...point, value, index: row.index }];
    }),
  );
  const winnersLast = [...marks].sort((a, b) => Number(a.wins) - Number(b.wins));
  const values = marks.map((mark) => mark.value);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const isLog = low > 0 && high / low > 12;
  const at = { x: 'rate', y: 'value' } as const;
  const ticks = isLog ? logTicks(low * 0.8, high * 1.25, 5) : 4;
  return drawn(canvas, o.label, {
    width: o.width,
    height: o.width < 500 ? 210 : 240,
    ...{ marginLeft: 62, marginRight: 24, marginTop: 16, marginBottom: 28 },
    x: { type: 'log', domain: [(rates[0] ?? 1) / 1.15, (rates.at(-1) ?? 1) * 1.15] },
    y: isLog ? { type: 'log', domain: [low * 0.8, high * 1.25] } : { domain: [0, high > 0 ? high * 1.08 : 1] },
    marks: [
      ...valueAxis(Plot, { ticks, format: o.format }),
      Plot.axisX({ ticks: rates, tickSize: 4, text: (rate: number) => `x${rate}`, label: null }),
      ...o.lines.map(({ row: { index } }) =>
        Plot.line(
          marks.filter((mark) => mark.index === index),
          { ...at, stroke: colourOf(index), strokeDasharray: dashOf(index), strokeWidth: 1.2, strokeOpacity: 0.6 },
        ),
      ),
      ...winnersLast.map((mark) => {
        const colour = colourOf(mark.index);
        return Plot.dot([mark], { ...at, r: 5, fill: mark.meets ? colour : 'var(--surface)', stroke: colour, strokeWidth: 2 });
      }),
      ...marks
        .filter((mark) => mark.wins)
        .map((mark) => Plot.dot([mark], { ...at, r: 9, stroke: colourOf(mark.index), strokeWidth: 1.4 })),
    ],
  });
}
