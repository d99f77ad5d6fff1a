import type { StrategyReport } from '../domain/report.ts';
import type { Candidate } from './candidates.ts';
import { type Evaluation, evaluateAll, excessOf } from './evaluate.ts';
import type { Objective, Operator } from './objectives.ts';
import { apart, counted, percent, plain } from './words.ts';

/** A line or check that a candidate does not meet, in words; `isUnknown` when too few samples could tell. */
export interface Failure {
  text: string;
  isUnknown: boolean;
  /** How far off, as a share of the limit, at most 10: to say which candidate came closest. */
  excess: number;
}

const FAR = 10;
const OPPOSITE: Readonly<Record<Operator, string>> = { '<=': '>', '<': '>=', '>=': '<', '>': '<=', '==': 'not' };

/** Everything that keeps a candidate from being chosen, at every rate it was run at. */
export function failuresOf(candidate: Candidate, runs: number): Failure[] {
  return candidate.rows.flatMap((row) => {
    const failures = [...objectiveFailures(row, runs), ...checkFailures(row, runs)];
    return candidate.rows.length === 1 ? failures : failures.map((f) => ({ ...f, text: `${f.text} at rate x${row.rate}` }));
  });
}

function objectiveFailures(row: StrategyReport, runs: number): Failure[] {
  const evaluations = evaluateAll(
    row.objectives.map((o) => o.text),
    { ...row, runs },
  );
  return row.objectives.flatMap(({ met, value }, i) => {
    if (met === true) return [];
    const evaluation = evaluations[i] as Evaluation;
    const { subject, objective } = evaluation;
    const name = subject === null ? objective.measure : `${objective.measure} of ${subject}`;
    if (met === null) return [{ text: `${name}: too few samples to tell`, isUnknown: true, excess: 0 }];
    if (value === null) return [unserved(name, evaluation, row)];
    const excess = Math.min(FAR, excessOf(value, objective.op, objective.value) / Math.max(objective.value, 1e-9));
    const check = row.checks.find((c) => c.name === objective.measure);
    const found = check === undefined ? '' : `${counts(check.count, runs)}, `;
    return [{ text: `${name}: ${found}${missed(value, objective, check !== undefined)}`, isUnknown: false, excess }];
  });
}

const counts = (count: number, runs: number): string => `${plain(count)} in ${counted(runs, 'run')}`;

/** `412 ms > 250 ms`, with as many digits as tell the two apart. */
function missed(value: number, objective: Objective, isCount: boolean): string {
  const [found, limit] = apart(value, objective.value);
  const unit = isCount ? ' a run' : objective.unit === '' ? '' : ` ${objective.unit}`;
  if (objective.op === '==') return `${found}${unit}, not ${limit}`;
  return `${found}${unit} ${OPPOSITE[objective.op]} ${limit}${unit}`;
}

function unserved(name: string, { objective, subject }: Evaluation, row: StrategyReport): Failure {
  const share = row.operations.find((o) => o.name === subject)?.error_rate ?? 1;
  const limit = `${plain(objective.value)} ${objective.unit}`;
  return { text: `${name}: beyond ${limit}, ${percent(share)} were not served`, isUnknown: false, excess: FAR };
}

/** Checks that bind and do not hold; one that binds through an objective has been told by it. */
function checkFailures(row: StrategyReport, runs: number): Failure[] {
  const isTold = (name: string): boolean => row.objectives.some((o) => o.met !== true && o.text.split(/[\s<>=]+/).includes(name));
  return row.checks
    .filter((check) => check.binds && !check.holds && !isTold(check.name))
    .map((check) => ({ text: `${check.name}: ${counts(check.count, runs)}`, isUnknown: false, excess: FAR }));
}
