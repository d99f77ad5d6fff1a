import type { Markish } from '@observablehq/plot';
import type { FaultReport } from '../../simulator/domain/report.ts';
import { shortened } from '../text.ts';
import type { Plot } from './canvas.ts';

/** Lines of labels below each other before they begin again at the top. */
const LINES = 4;

/** Where something went wrong, to stand behind everything: a band over the time it lasted, a line where it began. */
export function faultBands(plot: Plot, faults: readonly FaultReport[], { duration_s }: { duration_s: number }): Markish[] {
  if (faults.length === 0) return [];
  const bands = faults.filter((fault) => fault.for_s > 0);
  const end = (fault: FaultReport) => Math.min(duration_s, fault.at_s + fault.for_s);
  return [
    plot.rect(bands, { x1: 'at_s', x2: end, fill: 'var(--bad-tint)' }),
    plot.ruleX(faults, { x: 'at_s', stroke: 'var(--bad)', strokeDasharray: '2 2' }),
  ];
}

/** What went wrong, to stand above everything. */
export function faultLabels(plot: Plot, faults: readonly FaultReport[], o: { duration_s: number; width: number }): Markish[] {
  return faults.map((fault, i) => label(plot, fault, { ...o, line: i % LINES }));
}

/** Beside the line, on the side where there is more room. */
function label(plot: Plot, fault: FaultReport, o: { duration_s: number; width: number; line: number }): Markish {
  const isRight = fault.at_s > o.duration_s / 2;
  const room = (o.width * Math.max(fault.at_s, o.duration_s - fault.at_s)) / o.duration_s / 7;
  return plot.text([fault], {
    x: 'at_s',
    text: () => shortened(fault.text, room),
    frameAnchor: 'top',
    textAnchor: isRight ? 'end' : 'start',
    dx: isRight ? -4 : 4,
    dy: 2 + 12 * o.line,
    fill: 'var(--bad)',
    stroke: 'var(--surface)',
    strokeWidth: 3,
  });
}
