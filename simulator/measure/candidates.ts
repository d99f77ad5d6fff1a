import type { StrategyReport } from '../domain/report.ts';

/** One answer to the architect's question: a strategy under one controller, with a row for each rate it was run at. */
export interface Candidate {
  label: string;
  name: string;
  rows: StrategyReport[];
}

/**
 * Groups rows into candidates, because a placement is chosen once and has to stand every rate that was asked for.
 *
 * The label is the strategy's name, with its controller only where the report has several.
 */
export function candidatesOf(rows: readonly StrategyReport[]): Candidate[] {
  const controllers = new Map<string, Set<string>>();
  for (const row of rows) {
    const known = controllers.get(row.name) ?? new Set();
    controllers.set(row.name, known.add(row.controller));
  }
  const found = new Map<string, Candidate>();
  for (const row of rows) {
    const label = (controllers.get(row.name)?.size ?? 0) > 1 ? `${row.name} (${row.controller})` : row.name;
    const candidate = found.get(label);
    if (candidate === undefined) found.set(label, { label, name: row.name, rows: [row] });
    else candidate.rows.push(row);
  }
  return [...found.values()];
}

/** What a row is called where rates differ: `hybrid x2`. */
export function rowLabel(candidate: Candidate, row: StrategyReport): string {
  return candidate.rows.length > 1 ? `${candidate.label} x${row.rate}` : candidate.label;
}

/** What each row of a report is called. */
export function labelsOf(rows: readonly StrategyReport[]): Map<StrategyReport, string> {
  return new Map(candidatesOf(rows).flatMap((c) => c.rows.map((row): [StrategyReport, string] => [row, rowLabel(c, row)])));
}

/** Dollars a month, mean over the rates. */
export function monthlyOf(candidate: Candidate): number {
  return candidate.rows.reduce((sum, row) => sum + row.bill.month_usd, 0) / candidate.rows.length;
}
