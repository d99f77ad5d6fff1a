import type { Markish } from '@observablehq/plot';
import { clock } from '../figures.ts';
import type { Plot } from './canvas.ts';

const RULE = { stroke: 'var(--rule)', strokeOpacity: 1 };

/**
 * Horizontal lines to read values from, with their figures at the left.
 *
 * Figures are given as `text`: on a log scale the library drops some of what `tickFormat` returns.
 */
export function valueAxis(plot: Plot, o: { ticks: number | number[]; format: (value: number) => string }): Markish[] {
  return [plot.gridY({ ...RULE, ticks: o.ticks }), plot.axisY({ ticks: o.ticks, tickSize: 0, text: o.format, label: null })];
}

/** Time of the run along the bottom, at round minutes. */
export function timeAxis(plot: Plot, duration_s: number, width: number): Markish[] {
  const ticks = roundTimes(duration_s, width < 500 ? 4 : 8);
  return [plot.ruleY([0], { stroke: 'var(--axis)' }), plot.axisX({ ticks, tickSize: 4, tickFormat: clock, label: null })];
}

const STEPS = [1, 2, 5, 10, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];

/** Multiples of the smallest round step that gives at most `most` of them. */
export function roundTimes(duration_s: number, most: number): number[] {
  const step = STEPS.find((size) => duration_s / size <= most) ?? duration_s / most;
  return Array.from({ length: Math.floor(duration_s / step + 1e-9) + 1 }, (_, i) => i * step);
}

/** Multiples of the smallest 1, 2 or 5 times a power of ten that gives at most `most` of them beside 0. */
export function decimalTicks(high: number, most: number): number[] {
  const decade = 10 ** Math.floor(Math.log10(high / most));
  const step = [1, 2, 5, 10].map((factor) => factor * decade).find((size) => high / size < most + 1) ?? high;
  return Array.from({ length: Math.floor(high / step + 1e-9) + 1 }, (_, i) => i * step);
}

/** 1, 2 and 5 times powers of ten between two values, thinned until at most `most` are left. */
export function logTicks(low: number, high: number, most: number): number[] {
  for (const factors of [[1, 2, 5], [1, 3], [1]]) {
    const ticks: number[] = [];
    for (let decade = Math.floor(Math.log10(low)); decade <= Math.ceil(Math.log10(high)); decade++) {
      for (const factor of factors) ticks.push(Number((factor * 10 ** decade).toPrecision(3)));
    }
    const inside = ticks.filter((tick) => tick >= low * 0.999 && tick <= high * 1.001);
    if (inside.length <= most || factors.length === 1) return inside;
  }
  return [];
}

/** A tick on a latency axis: `50 ms`, `2 s`. */
export function tickMs(value: number): string {
  return value < 1000 ? `${Number(value.toPrecision(3))} ms` : `${Number((value / 1000).toPrecision(3))} s`;
}

/** A tick on a money axis: `$400`, `$1.2k`. */
export function tickUsd(value: number): string {
  if (value >= 10_000) return `$${Number((value / 1000).toPrecision(3))}k`;
  return `$${Number(value.toPrecision(3)).toLocaleString('en-US')}`;
}
