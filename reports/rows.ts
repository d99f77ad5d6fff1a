import type { HistogramData } from '../simulator/domain/cell.ts';
import type { CheckReport, ObjectiveReport, Report, StrategyReport } from '../simulator/domain/report.ts';
import { mergedHistogram, quantileOf } from './histogram.ts';
import { measuredValue } from './objective-text.ts';
import { counted, plain, worded } from './text.ts';

/** `unknown`: fails nothing, but an objective had too few samples to say that it is met. */
export type Standing = 'chosen' | 'meets' | 'unknown' | 'fails';

/** A strategy as every report shows it: one row, with what is true of all its operations together. */
export interface Row {
  strategy: StrategyReport;
  /** The strategy's name; with controller and rate where the comparison has several of them. */
  label: string;
  /** What the verdict names: one placement at every rate that it was run at. */
  candidate: string;
  /** Its place in the report: colours keep to it, however rows are ranked. */
  index: number;
  standing: Standing;
  because: string;
  histogram: HistogramData;
  sent: number;
  p50: number | null;
  p95: number | null;
  p99: number | null;
  error_rate: number | null;
  checks: { held: number; of: number };
  objectives: { met: number; of: number };
}

/** Every strategy of a report, the best first: the chosen one, then those that meet everything, then by cost. */
export function rowsOf(report: Report): Row[] {
  const { chosen, rejected } = report.verdict;
  const rows = report.strategies.map((strategy, index) => {
    const candidate = candidateOf(strategy, report.strategies);
    const label = labelOf(strategy, candidate, report.strategies);
    const standing = chosen === candidate ? 'chosen' : standingOf(strategy);
    const because = rejected.find((one) => one.strategy === candidate)?.because ?? '';
    return rowOf({ strategy, label, index, candidate: plain(candidate), standing, because: plain(because) });
  });
  return rows.sort((a, b) => RANK[a.standing] - RANK[b.standing] || a.strategy.bill.month_usd - b.strategy.bill.month_usd);
}

const RANK: Record<Standing, number> = { chosen: 0, meets: 1, unknown: 2, fails: 3 };

/** What a standing is called, with a mark that does not need colour. */
export const MARKS: Record<Standing, { mark: string; word: string }> = {
  chosen: { mark: '★', word: 'chosen' },
  meets: { mark: '✓', word: 'meets all' },
  unknown: { mark: '?', word: 'too few samples' },
  fails: { mark: '✗', word: 'fails' },
};

/** Objectives that are not met, in the order of the scenario. */
export function missed(strategy: StrategyReport): ObjectiveReport[] {
  return strategy.objectives.filter((objective) => objective.met === false);
}

/** Binding checks that do not hold. */
export function broken(strategy: StrategyReport): CheckReport[] {
  return strategy.checks.filter((check) => check.binds && !check.holds);
}

/** What was not chosen, once for each candidate: its worst row, under the candidate's name. */
export function othersOf(rows: readonly Row[]): Row[] {
  const worst = new Map<string, Row>();
  for (const row of rows) if (row.standing !== 'chosen') worst.set(row.candidate, { ...row, label: row.candidate });
  return [...worst.values()];
}

/** What keeps a row from being chosen, a clause each: the verdict's own words, or what the row itself says. */
export function reasonsOf(row: Row): string[] {
  if (row.because !== '') return row.because.split('; ');
  const checks = broken(row.strategy);
  const objectives = missed(row.strategy).filter((one) => !checks.some((check) => one.text.split(/\s+/).includes(check.name)));
  return [
    ...objectives.map((objective) => `${plain(objective.text)}: ${measuredValue(objective)}`),
    ...checks.map((check) => `${worded(check.name)}: ${counted(check.count, 'case')}`),
  ];
}

/** What the list of those that were not chosen is called. */
export function othersTitle(rows: readonly Row[]): string {
  if (rows.some((row) => row.standing === 'chosen')) return 'Why not the others';
  return rows.every((row) => row.standing === 'unknown') ? 'What cannot be told' : 'What each one fails';
}

/** The first case of each check that binds and does not hold: one story says more than a count. */
export function examplesOf(row: Row): string[] {
  return broken(row.strategy).flatMap((check) => (check.examples[0] === undefined ? [] : [plain(check.examples[0])]));
}

/** Names of all operations, in the order of the application. */
export function operationNames(report: Report): string[] {
  return [...new Set(report.strategies.flatMap((strategy) => strategy.operations.map((operation) => operation.name)))];
}

function standingOf(strategy: StrategyReport): Standing {
  if (broken(strategy).length > 0 || missed(strategy).length > 0) return 'fails';
  return strategy.objectives.some((objective) => objective.met === null) ? 'unknown' : 'meets';
}

function rowOf(known: Pick<Row, 'strategy' | 'label' | 'candidate' | 'index' | 'standing' | 'because'>): Row {
  const { operations, checks, objectives } = known.strategy;
  const histogram = mergedHistogram(operations.map((operation) => operation.latency_ms.histogram));
  const sent = operations.reduce((sum, operation) => sum + operation.sent, 0);
  const wrong = operations.reduce((sum, operation) => sum + (operation.error_rate ?? 0) * operation.sent, 0);
  const binding = checks.filter((check) => check.binds);
  return {
    ...known,
    histogram,
    sent,
    p50: quantileOf(histogram, 0.5),
    p95: quantileOf(histogram, 0.95),
    p99: quantileOf(histogram, 0.99),
    error_rate: sent > 0 ? wrong / sent : null,
    checks: { held: binding.filter((check) => check.holds).length, of: binding.length },
    objectives: { met: objectives.filter((objective) => objective.met === true).length, of: objectives.length },
  };
}

/** The candidate that a row belongs to, as the verdict names it: the strategy, with its controller where it has several. */
function candidateOf(strategy: StrategyReport, all: readonly StrategyReport[]): string {
  const isAmbiguous = all.some((other) => other.name === strategy.name && other.controller !== strategy.controller);
  return isAmbiguous ? `${strategy.name} (${strategy.controller})` : strategy.name;
}

function labelOf(strategy: StrategyReport, candidate: string, all: readonly StrategyReport[]): string {
  const { name, controller, rate } = strategy;
  const hasRates = all.some((other) => other.name === name && other.controller === controller && other.rate !== rate);
  return plain(hasRates ? `${candidate} x${rate}` : candidate);
}

/** The verdict as a first sentence and its reasons, without naming the winner twice. */
export function verdictOf(report: Report): { head: string; because: string } {
  const chosen = report.verdict.chosen === null ? null : plain(report.verdict.chosen);
  const because = plain(report.verdict.because);
  if (chosen === null) {
    const head = /^No strategy [^.]*\./.exec(because)?.[0];
    return head === undefined ? { head: NOBODY, because } : { head, because: because.slice(head.length).trim() };
  }
  return { head: `Choose ${chosen}.`, because: because.startsWith(`${chosen} `) ? `It${because.slice(chosen.length)}` : because };
}

const NOBODY = 'No strategy meets everything.';
