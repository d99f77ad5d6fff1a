import type { Markish } from '@observablehq/plot';
import type { FaultReport, PoolReport } from '../../simulator/domain/report.ts';
import { timeAxis, valueAxis } from './axes.ts';
import { type Canvas, drawn } from './canvas.ts';
import { joined } from './downsample.ts';
import { faultBands, faultLabels } from './fault-bands.ts';

type Sample = PoolReport['timeline'][number];

/** Most samples that a small chart can show apart. */
const SAMPLES = 180;

export interface PoolChartOptions {
  width: number;
  label: string;
  duration_s: number;
  faults: readonly FaultReport[];
}

/** One pool over run time: ready instances as ground, what the controller wanted, and what a clairvoyant would have had. */
export function poolChart(canvas: Canvas, pool: PoolReport, o: PoolChartOptions): string {
  const { Plot } = canvas;
  const samples = joined(pool.timeline, SAMPLES, peakOf);
  const top = Math.max(1, ...samples.map((sample) => Math.max(sample.wanted, sample.ready, sample.demand)));
  const step = { x: 'at_s', curve: 'step-after' } as const;
  return drawn(canvas, o.label, {
    width: o.width,
    height: 150,
    marginLeft: 38,
    marginRight: 14,
    marginTop: 8,
    marginBottom: 24,
    x: { domain: [0, Math.max(o.duration_s, samples[samples.length - 1]?.at_s ?? 0)] },
    y: { domain: [0, top * 1.08] },
    marks: [
      ...faultBands(Plot, o.faults, o),
      Plot.areaY(changes(samples, 'ready'), { ...step, y: 'ready', fill: 'var(--ready)' }),
      ...valueAxis(Plot, { ticks: wholeTicks(top), format: (value) => value.toLocaleString('en-US') }),
      Plot.lineY(changes(samples, 'ready'), { ...step, y: 'ready', stroke: 'var(--ready-line)', strokeWidth: 1 }),
      Plot.lineY(changes(samples, 'wanted'), { ...step, y: 'wanted', stroke: 'var(--wanted)', strokeWidth: 1.8 }),
      Plot.lineY(changes(samples, 'demand'), {
        ...step,
        y: 'demand',
        stroke: 'var(--demand)',
        strokeWidth: 1.5,
        strokeDasharray: '4 2.5',
      }),
      ...interruptions(canvas, samples, top),
      ...timeAxis(Plot, o.duration_s, o.width),
      ...faultLabels(Plot, o.faults, o),
    ],
  });
}

/** A mark at the top where spot machines got their notice since the sample before. */
function interruptions({ Plot }: Canvas, samples: readonly Sample[], top: number): Markish[] {
  const told = samples.filter((sample) => sample.interrupted !== undefined);
  if (told.length === 0) return [];
  return [Plot.text(told, { x: 'at_s', y: top * 1.04, text: () => '▼', fontSize: 9, fill: 'var(--bad)' })];
}

/** Samples at which a line in steps turns, and its end: the same picture in a fraction of the page. */
function changes(samples: readonly Sample[], key: 'ready' | 'wanted' | 'demand'): Sample[] {
  return samples.filter((sample, i) => i === samples.length - 1 || sample[key] !== samples[i - 1]?.[key]);
}

/** Several samples as one that keeps every peak, all interruptions and the first reason given. */
export function peakOf(group: readonly Sample[]): Sample {
  const most = (key: 'wanted' | 'ready' | 'starting' | 'busy' | 'queued' | 'demand') =>
    Math.max(...group.map((sample) => sample[key]));
  const because = group.find((sample) => sample.because !== undefined)?.because;
  const interrupted = group.reduce((sum, sample) => sum + (sample.interrupted ?? 0), 0);
  return {
    at_s: group[0]?.at_s ?? 0,
    ...{ wanted: most('wanted'), ready: most('ready'), starting: most('starting') },
    ...{ busy: most('busy'), queued: most('queued'), demand: most('demand') },
    ...(interrupted > 0 ? { interrupted } : {}),
    ...(because === undefined ? {} : { because }),
  };
}

/** Whole numbers only: there is no half instance. */
function wholeTicks(top: number): number[] {
  const sizes = [1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000, 2000, 5000, 10_000];
  const step = sizes.find((size) => top / size <= 4) ?? 10 ** Math.ceil(Math.log10(top / 4));
  return Array.from({ length: Math.floor(top / step) + 1 }, (_, i) => i * step);
}
