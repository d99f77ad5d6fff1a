import type { Report } from '../simulator/domain/report.ts';
import { ms, NONE, usd } from './figures.ts';
import type { Row } from './rows.ts';
import { plain } from './text.ts';

/** One candidate against load: a point for each rate that was played, the lowest first. */
export interface LoadLine {
  /** Stands for all rates of the candidate: its first row, under the candidate's name and colour. */
  row: Row;
  points: LoadPoint[];
}

export interface LoadPoint {
  rate: number;
  month_usd: number;
  p95: number | null;
  meets: boolean;
  /** Cheapest of those that meet everything at this rate. */
  wins: boolean;
}

/** Every candidate at every rate, in the order of the report; nothing when a single rate was played. */
export function loadLines(report: Report, rows: readonly Row[]): LoadLine[] {
  const { by_load } = report;
  if (by_load === undefined) return [];
  const winners = new Map(by_load.rates.map(({ rate, chosen }) => [rate, chosen === null ? null : plain(chosen)]));
  const ordered = [...rows].sort((a, b) => a.index - b.index);
  const names = [...new Set(ordered.map((row) => row.candidate))];
  return names.map((name, index) => {
    const own = ordered.filter((row) => row.candidate === name).sort((a, b) => a.strategy.rate - b.strategy.rate);
    const points = own.map(({ strategy: { rate, bill }, p95, standing }) => ({
      rate,
      month_usd: bill.month_usd,
      p95,
      meets: standing === 'chosen' || standing === 'meets',
      wins: winners.get(rate) === name,
    }));
    return { row: { ...(own[0] as Row), label: name, index }, points };
  });
}

/** Each rate with its winner, what it costs and how slow it is: one row of words a rate. */
export function winnersByRate(report: Report, rows: readonly Row[]): string[][] {
  const lines = loadLines(report, rows);
  return (report.by_load?.rates ?? []).map(({ rate, chosen }) => {
    const line = lines.find(({ points }) => points.some((point) => point.rate === rate && point.wins));
    const point = line?.points.find((one) => one.rate === rate);
    return [
      `x${rate}`,
      chosen === null ? 'no strategy' : plain(chosen),
      point ? usd(point.month_usd) : NONE,
      ms(point?.p95 ?? null),
    ];
  });
}

/** Why the winner changes where it does, and what is missed where nobody wins; a clause each, by rising rate. */
export function reasonsByLoad({ by_load }: Report): string[] {
  return (by_load?.rates ?? []).flatMap(({ rate, chosen, because }) => {
    if (chosen === null) return [`at x${rate}: ${plain(because)}`];
    const change = by_load?.changes.find((one) => one.between[1] === rate);
    return change === undefined ? [] : [`between x${change.between[0]} and x${rate}: ${plain(change.because)}`];
  });
}
