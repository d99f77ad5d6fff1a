import type { FaultReport, Report } from '../simulator/domain/report.ts';
import { clock, duration } from './figures.ts';
import { listed, plain } from './text.ts';

/** Faults that happened in the window that was played, each until the part that it took away was back everywhere. */
export function faultsInWindow(report: Report): FaultReport[] {
  return (report.scenario.faults ?? []).flatMap((fault, i) => {
    if (fault.is_outside) return [];
    const lasted_s = awayBy(report, i).map(({ to_s }) => to_s - fault.at_s);
    return [{ ...fault, for_s: Math.max(fault.for_s, ...lasted_s) }];
  });
}

/** Every fault as a sentence: what, when, for how long, when a real part was away by it, and where it found nothing to act on. */
export function faultLines(report: Report): string[] {
  return (report.scenario.faults ?? []).map((fault, i) => {
    const text = plain(fault.text);
    if (fault.is_outside) return `${text}: outside the window that was played`;
    const lasts = fault.for_s > 0 ? ` for ${duration(fault.for_s)}` : '';
    const missed = fault.without_effect.map(plain).join(', ');
    return `${text} at ${clock(fault.at_s)}${lasts}${absence(report, i)}${missed === '' ? '' : `; no effect under ${missed}`}`;
  });
}

/** `; was away 30.2 to 44.1 s`, for each strategy where there are several: from the earliest to the latest of its cells. */
function absence(report: Report, fault: number): string {
  const away = awayBy(report, fault);
  if (away.length === 0) return '';
  const strategies = [...new Set(away.map(({ strategy }) => strategy))];
  const spans = strategies.map((strategy) => {
    const cells = away.filter((cell) => cell.strategy === strategy);
    const from_s = Math.min(...cells.map((cell) => cell.from_s));
    const to_s = Math.max(...cells.map((cell) => cell.to_s));
    const under = report.strategies.length > 1 ? ` under ${plain(strategy)}` : '';
    return `${from_s.toFixed(1)} to ${to_s.toFixed(1)} s${under}`;
  });
  return `; was away ${listed(spans)}`;
}

/** When the part of fault number `fault` was away, cell by cell; a virtual one keeps to its times. */
function awayBy({ live }: Report, fault: number) {
  return (live?.away ?? []).filter((one) => one.fault === fault);
}
