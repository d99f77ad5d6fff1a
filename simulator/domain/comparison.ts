import type { Report } from './report.ts';

/** A value that is not the same on both sides; left out where a side has none. */
export interface Change {
  path: string;
  a?: unknown;
  b?: unknown;
}

/** A number from outside the program, as one side had it. */
export type SourcedValue = Omit<Report['parameters'][number], 'path'>;

export interface ParameterChange {
  path: string;
  a: SourcedValue | null;
  b: SourcedValue | null;
}

/**
 * One measure of a row on both sides: means over seeds, and `difference` = b - a.
 *
 * Null where a seed has too few samples; `ci95` also with a single seed. `significant` as in a report, over the whole comparison.
 */
export interface MeasureDifference {
  measure: string;
  a: number | null;
  b: number | null;
  difference: number | null;
  ci95: [number, number] | null;
  tolerance: number | null;
  significant: boolean;
}

/** A strategy (under one controller, at one rate) that both reports have, or only one of them. */
export interface RowComparison {
  label: string;
  in: 'both' | 'a' | 'b';
  /** Placements, sizes, rules and controllers that differ. */
  decisions: Change[];
  month_usd: { a: number | null; b: number | null };
  measures: MeasureDifference[];
  /** Cases a run, and whether the check holds, where either differs. */
  checks: { name: string; a: CheckSide | null; b: CheckSide | null }[];
  objectives: { text: string; a: ObjectiveSide | null; b: ObjectiveSide | null }[];
}

export interface CheckSide {
  binds: boolean;
  holds: boolean;
  per_run: number;
}

export interface ObjectiveSide {
  met: boolean | null;
  value: number | null;
}

/** Two reports side by side: what went in, and what came out. */
export interface ReportComparison {
  schema: 'comparison@1';
  a: ComparedReport;
  b: ComparedReport;
  /** Both had the same seeds: differences are those of each seed. Else the runs are taken as independent (Welch). */
  is_paired: boolean;
  /** The scenario itself can be compared only where both reports hold it. */
  has_scenarios: boolean;
  scenario: Change[];
  parameters: ParameterChange[];
  rows: RowComparison[];
}

export interface ComparedReport {
  name: string;
  version: string;
  seeds: number[];
  verdict: Pick<Report['verdict'], 'chosen' | 'because'>;
}
