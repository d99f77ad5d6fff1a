import type { FaultReport } from '../../simulator/domain/report.ts';
import { logTicks, timeAxis, valueAxis } from './axes.ts';
import { type Canvas, colourOf, dashOf, drawn } from './canvas.ts';
import { faultBands, faultLabels } from './fault-bands.ts';

export interface TimeLine {
  index: number;
  name: string;
  isChosen: boolean;
  points: readonly (readonly [number, number | null])[];
}

/** Lines over run time, one per strategy, the chosen one drawn last and stronger; `area` stands behind them all. */
export interface TimeLinesOptions {
  width: number;
  label: string;
  duration_s: number;
  lines: readonly TimeLine[];
  faults: readonly FaultReport[];
  area?: readonly (readonly [number, number])[];
  isLog?: boolean;
  format: (value: number) => string;
}

export function timeLines(canvas: Canvas, o: TimeLinesOptions): string {
  const { Plot } = canvas;
  const values = [
    ...o.lines.flatMap((line) => line.points.map((point) => point[1] ?? 0)),
    ...(o.area ?? []).map((point) => point[1]),
  ];
  const top = Math.max(0, ...values);
  const least = Math.min(...values.filter((value) => value > 0), top || 1);
  const isLog = o.isLog === true && top > 0;
  const ticks = isLog ? logTicks(least, top, 5) : 4;
  const ordered = [...o.lines].sort((a, b) => Number(a.isChosen) - Number(b.isChosen));
  return drawn(canvas, o.label, {
    width: o.width,
    height: o.width < 500 ? 170 : 190,
    marginLeft: 62,
    marginRight: 16,
    marginTop: 10,
    marginBottom: 26,
    x: { domain: [0, o.duration_s] },
    y: isLog ? { type: 'log', domain: [least * 0.8, top * 1.25] } : { domain: [0, top > 0 ? top * 1.05 : 1] },
    marks: [
      ...faultBands(Plot, o.faults, o),
      ...(o.area === undefined
        ? []
        : [
            Plot.areaY(o.area, { x: '0', y: '1', fill: 'var(--load)', fillOpacity: 1 }),
            Plot.lineY(o.area, { x: '0', y: '1', stroke: 'var(--axis)', strokeWidth: 1 }),
          ]),
      ...valueAxis(Plot, { ticks, format: o.format }),
      ...ordered.map((line) =>
        Plot.lineY(line.points, {
          x: '0',
          y: (point: readonly [number, number | null]) => point[1] ?? Number.NaN,
          stroke: colourOf(line.index),
          strokeDasharray: dashOf(line.index),
          strokeWidth: line.isChosen ? 2.6 : 1.4,
        }),
      ),
      ...timeAxis(Plot, o.duration_s, o.width).slice(isLog ? 1 : 0),
      ...faultLabels(Plot, o.faults, o),
    ],
  });
}
