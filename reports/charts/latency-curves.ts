import { type CurvePoint, tail } from '../histogram.ts';
import { logTicks, tickMs } from './axes.ts';
import { type Canvas, colourOf, dashOf, drawn } from './canvas.ts';

export interface LatencyCurve {
  index: number;
  isChosen: boolean;
  /** Share that was answered at all. */
  served: number;
  points: readonly CurvePoint[];
}

export interface LatencyCurvesOptions {
  width: number;
  label: string;
  /** The same for all operations of a page, so that they can be compared. */
  domain: readonly [number, number];
  curves: readonly LatencyCurve[];
  limits: readonly { share: number; limit_ms: number }[];
}

const SHARES = [0, 0.5, 0.9, 0.99, 0.999] as const;
const TOP = 3.3;

/** Share answered within x: nines upwards, time to the right. An objective is the corner that a curve must stay out of. */
export function latencyCurves(canvas: Canvas, o: LatencyCurvesOptions): string {
  const { Plot } = canvas;
  const [low, high] = o.domain;
  const highest = Math.max(...o.curves.flatMap((curve) => curve.points.map((point) => tail(point.share))), 1);
  const top = Math.min(TOP, highest + 0.15);
  const ticks = SHARES.map(tail).filter((tick) => tick <= top);
  const corners = o.limits.map((limit) => ({
    x1: Math.max(low, limit.limit_ms),
    x2: high,
    y2: Math.min(top, tail(limit.share)),
  }));
  const ordered = [...o.curves].sort((a, b) => Number(a.isChosen) - Number(b.isChosen));
  return drawn(canvas, o.label, {
    width: o.width,
    height: 230,
    marginLeft: 48,
    marginRight: 18,
    marginTop: 10,
    marginBottom: 26,
    x: { type: 'log', domain: [low, high] },
    y: { domain: [0, top], clamp: true },
    marks: [
      Plot.rect(
        corners.filter((corner) => corner.x1 < high),
        { x1: 'x1', x2: 'x2', y1: 0, y2: 'y2', fill: 'var(--bad)', fillOpacity: 0.13 },
      ),
      Plot.gridX({ ticks: logTicks(low, high, 5), stroke: 'var(--rule)', strokeOpacity: 1 }),
      Plot.gridY({ ticks, stroke: 'var(--rule)', strokeOpacity: 1 }),
      Plot.axisY({ ticks, tickSize: 0, tickFormat: shareTick, label: null }),
      Plot.axisX({ ticks: logTicks(low, high, 5), tickSize: 4, text: tickMs, label: null }),
      Plot.ruleY([0], { stroke: 'var(--axis)' }),
      Plot.ruleX(
        corners.filter((corner) => corner.x1 < high),
        { x: 'x1', y1: 0, y2: 'y2', stroke: 'var(--bad)', strokeWidth: 1.5 },
      ),
      ...ordered.map((curve) =>
        Plot.line(
          toTheEnd(curve, high).filter((point) => point.ms >= low && tail(point.share) <= top),
          {
            x: 'ms',
            y: (point: CurvePoint) => tail(point.share),
            stroke: colourOf(curve.index),
            strokeDasharray: dashOf(curve.index),
            strokeWidth: curve.isChosen ? 2.6 : 1.4,
          },
        ),
      ),
    ],
  });
}

/** What was never answered keeps a curve down for ever: level to the edge, and so into the corners that it misses. */
function toTheEnd({ points, served }: LatencyCurve, high: number): CurvePoint[] {
  const last = points[points.length - 1];
  return last === undefined || tail(served) > TOP ? [...points] : [...points, { ms: high, share: Math.max(last.share, served) }];
}

function shareTick(y: number): string {
  return `${Number(((1 - 10 ** -y) * 100).toFixed(2))} %`;
}
