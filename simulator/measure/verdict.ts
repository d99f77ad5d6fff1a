import { nearest } from '../domain/nearest.ts';
import { InputError } from '../domain/problem.ts';
import type { Report, StrategyReport } from '../domain/report.ts';
import { type Candidate, candidatesOf, monthlyOf } from './candidates.ts';
import { type Failure, failuresOf } from './failures.ts';
import { counted, percent, usd } from './words.ts';

/** A candidate with all that speaks against it. */
export interface Judged extends Candidate {
  failures: Failure[];
}

export interface Judgement {
  judged: Judged[];
  chosen: Judged | null;
  /** The chosen one, else the one that came closest: what the others are compared with. */
  reference: Judged;
}

/**
 * Finds the cheapest candidate that meets every objective and every binding check.
 *
 * Closest, when none does: fewest lines missed, then the least excess over them, then the cheapest. Ties go to the
 * one that stands first in the scenario.
 */
export function judge(rows: readonly StrategyReport[], runs: number): Judgement {
  const judged = candidatesOf(rows).map((candidate) => ({ ...candidate, failures: failuresOf(candidate, runs) }));
  const excess = ({ failures }: Judged): number => failures.reduce((sum, f) => sum + f.excess, 0);
  const ranked = judged.toSorted(
    (a, b) => a.failures.length - b.failures.length || excess(a) - excess(b) || monthlyOf(a) - monthlyOf(b),
  );
  const [reference] = ranked;
  if (reference === undefined) throw new Error('a verdict over no strategies');
  return { judged, chosen: reference.failures.length === 0 ? reference : null, reference };
}

/** The verdict in words with numbers; `comparisons` say which differences in cost are more than noise. */
export function verdictOf(judgement: Judgement, comparisons: Report['comparisons']): Report['verdict'] {
  const { judged, chosen, reference } = judgement;
  const others = judged.filter((j) => j !== chosen);
  return {
    chosen: chosen === null ? null : chosen.label,
    because: chosen === null ? closest(reference) : meets(chosen, others),
    rejected: others.map((other) => ({ strategy: other.label, because: objection(other, { chosen, comparisons }) })),
  };
}

function linesOf(candidate: Candidate): string {
  const row = candidate.rows[0] as StrategyReport;
  const objectives = counted(row.objectives.length, 'objective');
  const checks = row.checks.filter((check) => check.binds).length;
  return checks === 0 ? objectives : `${objectives} and ${counted(checks, 'binding check')}`;
}

function costOf(candidate: Candidate): string {
  const [row] = candidate.rows;
  const million = candidate.rows.length === 1 ? (row?.bill.per_million_served_usd ?? null) : null;
  const month = `${usd(monthlyOf(candidate))} a month`;
  if (candidate.rows.length > 1) return `${month} (mean over ${counted(candidate.rows.length, 'rate')})`;
  return million === null ? month : `${month} (${usd(million)} per million served)`;
}

function meets(chosen: Judged, others: readonly Judged[]): string {
  const passing = others.filter((other) => other.failures.length === 0).toSorted((a, b) => monthlyOf(a) - monthlyOf(b));
  const row = chosen.rows[0] as StrategyReport;
  if (row.objectives.length === 0 && !row.checks.some((check) => check.binds)) {
    return `The scenario sets no line to meet; ${chosen.label} is the cheapest, at ${costOf(chosen)}.`;
  }
  const text = `${chosen.label} meets ${linesOf(chosen)}, at ${costOf(chosen)}`;
  const [next] = passing;
  if (next === undefined) return `${text}; no other strategy compared meets them all.`;
  return `${text}; the next cheapest that does, ${next.label}, costs ${more(next, chosen)}.`;
}

function closest(reference: Judged): string {
  const known = reference.failures.filter((failure) => !failure.isUnknown);
  const told = (known.length > 0 ? known : reference.failures).map((failure) => failure.text).join('; ');
  const verb = known.length > 0 ? 'misses' : 'cannot be told to meet';
  const head = known.length > 0 ? 'No strategy meets everything.' : 'No strategy is known to meet everything.';
  return `${head} ${reference.label} comes closest, at ${costOf(reference)}: it ${verb} ${told}.`;
}

/** `$120 more a month (+12 %)`, or `the same`. */
function more(dearer: Candidate, cheaper: Candidate): string {
  const base = monthlyOf(cheaper);
  const difference = monthlyOf(dearer) - base;
  if (usd(base + difference) === usd(base)) return 'the same';
  return base > 0 ? `${usd(difference)} more a month (+${percent(difference / base)})` : `${usd(difference)} more a month`;
}

function objection(other: Judged, o: { chosen: Judged | null; comparisons: Report['comparisons'] }): string {
  if (other.failures.length > 0) return other.failures.map((failure) => failure.text).join('; ');
  if (o.chosen === null) throw new Error(`${other.label} meets everything but was not chosen`);
  const compared = o.comparisons.filter((c) => c.measure === 'cost_per_million' && c.ci95 !== null && isOf(c.b, other.label));
  const noise =
    compared.length > 0 && !compared.some((c) => c.significant) ? ', a difference within the noise of these runs' : '';
  const costs = more(other, o.chosen);
  return costs === 'the same'
    ? 'meets everything and costs the same, but the scenario names it later'
    : `meets everything, but costs ${costs}${noise}`;
}

const isOf = (row: string, label: string): boolean => row === label || row.startsWith(`${label} x`);

/**
 * Exit code of a scenario: 0 met, 1 missed, 4 too noisy to tell (null lines, and nothing else failed).
 *
 * Without `require` one candidate that meets everything is enough; with it, every row of that strategy has to.
 *
 * Throws: InputError when the report has no strategy of that name.
 */
export function exitCodeOf(report: Report, require?: string): 0 | 1 | 4 {
  const { judged } = judge(report.strategies, report.seeds.length);
  if (require === undefined) {
    if (report.verdict.chosen !== null) return 0;
    return judged.some((j) => j.failures.every((failure) => failure.isUnknown)) ? 4 : 1;
  }
  const required = judged.filter((j) => j.name === require || j.label === require);
  if (required.length === 0) throw new InputError([unknownStrategy(require, judged)]);
  const failures = required.flatMap((j) => j.failures);
  if (failures.length === 0) return 0;
  return failures.every((failure) => failure.isUnknown) ? 4 : 1;
}

function unknownStrategy(name: string, judged: readonly Judged[]): InputError['problems'][number] {
  const names = judged.map((j) => j.name);
  const suggestion = nearest(name, names);
  const problem = { path: '--require', message: `no strategy '${name}' was run`, expected: `one of ${names.join(', ')}` };
  return suggestion === undefined ? problem : { ...problem, suggestion };
}
