import { shortened } from '../text.ts';
import { logTicks, tickMs } from './axes.ts';
import { type Canvas, colourOf, drawn } from './canvas.ts';

export interface LagRange {
  index: number;
  name: string;
  /** What the lag is of: `post-created → moderation`. */
  of: string;
  p50: number | null;
  p99: number | null;
}

/** From half done to nearly all done, for every kind of asynchronous work and strategy, on one scale. */
export function lagRanges(canvas: Canvas, o: { width: number; label: string; ranges: readonly LagRange[] }): string {
  const { Plot } = canvas;
  const known = o.ranges.filter((range) => range.p50 !== null && range.p50 > 0);
  const values = known.flatMap((range) => [range.p50 ?? 0, range.p99 ?? 0]).filter((value) => value > 0);
  const [low, high] = [Math.min(...values) / 1.3, Math.max(...values) * 1.3];
  const rows = new Set(o.ranges.map((range) => range.name)).size;
  const kinds = [...new Set(o.ranges.map((range) => range.of))];
  const isNarrow = o.width < 500;
  return drawn(canvas, o.label, {
    width: o.width,
    height: kinds.length * (rows * 13 + 34) + 36,
    marginLeft: 14,
    marginRight: 18,
    marginTop: 12,
    marginBottom: 28,
    x: { type: 'log', domain: [low, high] },
    y: { axis: null, domain: [...new Set(o.ranges.map((range) => range.name))], padding: 0.5 },
    fy: { axis: null, domain: kinds, padding: 0.32 },
    marks: [
      Plot.gridX({ ticks: logTicks(low, high, isNarrow ? 4 : 9), stroke: 'var(--rule)', strokeOpacity: 1 }),
      Plot.axisX({ ticks: logTicks(low, high, isNarrow ? 4 : 9), tickSize: 0, text: tickMs, label: null }),
      Plot.text(kinds, {
        fy: (kind: string) => kind,
        text: (kind: string) => shortened(kind, o.width / 8),
        frameAnchor: 'top-left',
        dy: -12,
        fill: 'var(--ink)',
        fontWeight: 600,
      }),
      ...known.flatMap((range) => [
        ...(range.p99 === null
          ? []
          : [
              Plot.ruleY([range], { fy: 'of', y: 'name', x1: 'p50', x2: 'p99', stroke: colourOf(range.index), strokeWidth: 2.5 }),
            ]),
        Plot.dot([range], {
          fy: 'of',
          y: 'name',
          x: 'p50',
          r: 3.5,
          fill: 'var(--surface)',
          stroke: colourOf(range.index),
          strokeWidth: 2,
          title: titleOf,
        }),
        ...(range.p99 === null
          ? []
          : [Plot.dot([range], { fy: 'of', y: 'name', x: 'p99', r: 4, fill: colourOf(range.index), title: titleOf })]),
      ]),
    ],
  });
}

function titleOf(range: LagRange): string {
  const words = (value: number | null) => (value === null ? 'unknown' : tickMs(value));
  return `${range.name}: p50 ${words(range.p50)}, p99 ${words(range.p99)}`;
}
