import type { FaultReport, Report } from '../simulator/domain/report.ts';
import { clock, duration } from './figures.ts';
import { plain } from './text.ts';

/** Faults that happened in the window that was played. */
export function faultsInWindow(report: Report): FaultReport[] {
  return (report.scenario.faults ?? []).filter((fault) => !fault.is_outside);
}

/** Every fault as a sentence: what, when, for how long, and where it found nothing to act on. */
export function faultLines(report: Report): string[] {
  return (report.scenario.faults ?? []).map((fault) => {
    const text = plain(fault.text);
    if (fault.is_outside) return `${text}: outside the window that was played`;
    const lasts = fault.for_s > 0 ? ` for ${duration(fault.for_s)}` : '';
    const missed = fault.without_effect.map(plain).join(', ');
    return `${text} at ${clock(fault.at_s)}${lasts}${missed === '' ? '' : `; no effect under ${missed}`}`;
  });
}
