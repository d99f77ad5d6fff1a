import type { StrategyReport } from '../domain/report.ts';
import type { Sensitivity, SensitivityFigures, SensitivityRow } from '../domain/sensitivity.ts';
import { monthlyOf } from './candidates.ts';
import { TOLERANCE } from './comparisons.ts';
import { merged, quantileMs } from './histogram.ts';
import { restsOn } from './sensitivity-words.ts';
import { type Judged, judge } from './verdict.ts';

/** What one comparison of the study came to: small, so that the cells behind it can be let go. */
export interface Outcome {
  chosen: string | null;
  /** The chosen one, else the one that came closest. */
  reference: string;
  figures: ReadonlyMap<string, SensitivityFigures>;
}

/**
 * The choice among rows, and every candidate's figures.
 *
 * A study has few seeds, so a line with too few samples does not stand in the way: it is chosen what is not known to miss anything.
 */
export function outcomeOf(rows: readonly StrategyReport[], runs: number): Outcome | null {
  if (rows.length === 0) return null;
  const { judged, reference } = judge(rows, runs);
  const missed = (j: Judged) => j.failures.filter((failure) => !failure.isUnknown).map((failure) => failure.text);
  const passing = judged.filter((j) => missed(j).length === 0).toSorted((a, b) => monthlyOf(a) - monthlyOf(b));
  const chosen = passing[0]?.label ?? null;
  const figures = judged.map((j): [string, SensitivityFigures] => [
    j.label,
    { month_usd: monthlyOf(j), p95_ms: highest(j, 0.95), p99_ms: highest(j, 0.99), missed: missed(j) },
  ]);
  return { chosen, reference: chosen ?? reference.label, figures: new Map(figures) };
}

function highest({ rows }: Judged, q: number): number | null {
  const values = rows.map((row) => quantileMs(merged(row.operations.map((o) => o.latency_ms.histogram)), q));
  const known = values.filter((value) => value !== null);
  return known.length < values.length ? null : Math.max(...known);
}

export type Described = Omit<SensitivityRow, 'figures' | 'chosen' | 'matters'>;

export interface StudyInput {
  seeds: readonly number[];
  /** What the whole report chose, with all its seeds. */
  verdict: string | null;
  base: Outcome;
  /** Null where no strategy could be placed any more. */
  variations: readonly { described: Described; outcome: Outcome | null }[];
}

/** The study as the report shows it: what overturns the choice first, then by how much it moves the figures. */
export function sensitivityOf(o: StudyInput): Sensitivity {
  const strategy = o.base.reference;
  const base = o.base.figures.get(strategy);
  if (base === undefined) throw new Error(`${strategy} was compared and has no figures`);
  const rows = o.variations.map(({ described, outcome }): SensitivityRow => {
    const figures = outcome?.figures.get(strategy) ?? null;
    const chosen = outcome?.chosen ?? null;
    const matters = chosen !== o.base.chosen || figures === null || isMoved(base, figures);
    return { ...described, figures, chosen, matters };
  });
  const weight = (row: SensitivityRow) => (row.chosen === o.base.chosen ? 0 : 1000) + moveOf(base, row.figures);
  const ranked = rows.toSorted((a, b) => weight(b) - weight(a));
  const { seeds, verdict } = o;
  const because = restsOn({ seeds, verdict, strategy, chosen: o.base.chosen, rows: ranked });
  return { seeds: [...seeds], strategy, chosen: o.base.chosen, because, base, rows: ranked };
}

function isMoved(base: SensitivityFigures, now: SensitivityFigures): boolean {
  return moveOf(base, now) >= TOLERANCE.relative || namesOf(base) !== namesOf(now);
}

/** Lines that are missed, without by how much. */
function namesOf({ missed }: SensitivityFigures): string {
  return missed.map((text) => text.split(':')[0]).join('\n');
}

/** The largest change among cost, p95 and p99, as a share of what it was. */
function moveOf(base: SensitivityFigures, now: SensitivityFigures | null): number {
  if (now === null) return 100;
  return Math.max(
    ...(['month_usd', 'p95_ms', 'p99_ms'] as const).map((measure) => {
      const [before, after] = [base[measure], now[measure]];
      if (before === after) return 0;
      return before === null || after === null || before === 0 ? 100 : Math.abs(after / before - 1);
    }),
  );
}
