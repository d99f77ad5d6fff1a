import { shortened } from '../text.ts';
import { logTicks, tickMs, tickUsd } from './axes.ts';
import { type Canvas, colourOf, drawn } from './canvas.ts';
import { placeLabels } from './place-labels.ts';

export interface Offer {
  index: number;
  name: string;
  /** Times the workload's own rate: only offers for the same load compete. */
  rate: number;
  p99: number;
  month_usd: number;
  meets: boolean;
  isChosen: boolean;
}

/** Offers that no other one for the same load beats in both cost and p99, the fastest first. */
export function frontOf(offers: readonly Offer[]): Offer[] {
  const beats = (a: Offer, b: Offer) =>
    a.rate === b.rate && a.p99 <= b.p99 && a.month_usd <= b.month_usd && (a.p99 < b.p99 || a.month_usd < b.month_usd);
  return offers
    .filter((offer) => !offers.some((other) => beats(other, offer)))
    .sort((a, b) => a.rate - b.rate || a.p99 - b.p99 || a.month_usd - b.month_usd);
}

/** Cost against p99: down and to the left is better. Filled points meet everything, rings fail something. */
export function costAgainstLatency(canvas: Canvas, o: { width: number; label: string; offers: readonly Offer[] }): string {
  const { Plot } = canvas;
  const { x, y, isLogX, isLogY } = domains(o.offers);
  const front = frontOf(o.offers);
  const height = o.width < 500 ? 320 : 400;
  const margins = { marginLeft: 62, marginRight: 24, marginTop: 26, marginBottom: 44 };
  const options = {
    ...{ width: o.width, height, ...margins },
    x: { type: isLogX ? ('log' as const) : ('linear' as const), domain: x },
    y: { type: isLogY ? ('log' as const) : ('linear' as const), domain: y },
  };
  const pixel = pixels({ x, y, isLogX, isLogY }, { left: 62, right: o.width - 24, top: 26, bottom: height - 44 });
  const labels = placeLabels(
    o.offers.map((offer) => ({ ...pixel(offer), text: shortened(offer.name) })),
    {
      bounds: { left: 62, right: o.width - 4, top: 4, bottom: height - 46 },
      lines: front.map((offer) => pixel(offer)),
    },
  );
  const xTicks = isLogX ? logTicks(x[0], x[1], 5) : o.width < 500 ? 4 : 6;
  const yTicks = isLogY ? logTicks(y[0], y[1], 6) : 5;
  const grid = { stroke: 'var(--rule)', strokeOpacity: 1 };
  return drawn(canvas, o.label, {
    ...options,
    marks: [
      Plot.gridY({ ...grid, ticks: yTicks }),
      Plot.gridX({ ...grid, ticks: xTicks }),
      Plot.axisY({ ticks: yTicks, tickSize: 0, text: tickUsd, label: '$ a month', labelAnchor: 'top', labelArrow: 'none' }),
      Plot.axisX({
        ticks: xTicks,
        tickSize: 0,
        text: tickMs,
        label: 'p99 of operations served',
        labelAnchor: 'center',
        labelArrow: 'none',
      }),
      Plot.line(front, {
        x: 'p99',
        y: 'month_usd',
        z: 'rate',
        curve: 'step-after',
        stroke: 'var(--axis)',
        strokeDasharray: '4 4',
        strokeWidth: 1.2,
      }),
      ...o.offers.flatMap((offer, i) => pointMarks(Plot, offer, labels[i])),
    ],
  });
}

function pointMarks(plot: Canvas['Plot'], offer: Offer, label: ReturnType<typeof placeLabels>[number] | undefined) {
  const colour = colourOf(offer.index);
  const at = { x: 'p99', y: 'month_usd' } as const;
  return [
    plot.dot([offer], {
      ...at,
      r: offer.isChosen ? 7.5 : 6,
      fill: offer.meets ? colour : 'var(--surface)',
      stroke: colour,
      strokeWidth: 2.2,
    }),
    ...(offer.isChosen ? [plot.dot([offer], { ...at, r: 11.5, stroke: colour, strokeWidth: 1.4 })] : []),
    ...(label === undefined
      ? []
      : [
          plot.text([offer], {
            ...at,
            text: () => shortened(offer.name),
            textAnchor: label.textAnchor,
            dx: label.dx + (offer.isChosen ? Math.sign(label.dx) * 4 : 0),
            dy: label.dy + (offer.isChosen ? Math.sign(label.dy) * 5 : 0),
            fill: 'var(--ink)',
            fontWeight: offer.isChosen ? 700 : 400,
            stroke: 'var(--surface)',
            strokeWidth: 4,
          }),
        ]),
  ];
}

interface Domains {
  x: [number, number];
  y: [number, number];
  isLogX: boolean;
  isLogY: boolean;
}

/** Around the points, but never so close that a small difference looks large; on a log scale where they are twelvefold apart. */
function domains(offers: readonly Offer[]): Domains {
  const span = (values: number[]): { domain: [number, number]; isLog: boolean } => {
    const [low, high] = [Math.min(...values), Math.max(...values)];
    if (low > 0 && high / low > 12) return { domain: [low / 1.5, high * 1.5], isLog: true };
    const room = Math.max(high - low, high * 0.3, 1e-9) * 0.3;
    return { domain: [Math.max(0, low - room), high + room], isLog: false };
  };
  const [x, y] = [span(offers.map((offer) => offer.p99)), span(offers.map((offer) => offer.month_usd))];
  return { x: x.domain, y: y.domain, isLogX: x.isLog, isLogY: y.isLog };
}

function pixels(
  d: Domains,
  box: { left: number; right: number; top: number; bottom: number },
): (offer: Offer) => { x: number; y: number } {
  const share = (value: number, [low, high]: readonly [number, number], isLog: boolean) =>
    isLog ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return (offer) => ({
    x: box.left + share(offer.p99, d.x, d.isLogX) * (box.right - box.left),
    y: box.bottom - share(offer.month_usd, d.y, d.isLogY) * (box.bottom - box.top),
  });
}
