import type { ObjectiveReport, OperationReport, StrategyReport } from '../domain/report.ts';
import { meanMs, quantileAmongMs } from './histogram.ts';
import { factorOf, type Objective, type Operator, parseObjective, QUANTILES } from './objectives.ts';

/** What a line is held against: a row of the report, finished as far as its objectives need it. */
export interface Measured
  extends Pick<StrategyReport, 'operations' | 'lags' | 'bill' | 'checks' | 'violation_minutes' | 'throughput'> {
  /** How many runs (seeds) the counts are sums over. */
  runs: number;
  /** Violation minutes of each operation, mean over runs. */
  violations?: ReadonlyMap<string, number>;
}

/**
 * How a row stands to one line. `subject` is the operation or lag that was worst.
 *
 * `value` is in base units and infinite when what was not served decides; null when nobody can tell.
 */
export interface Evaluation {
  objective: Objective;
  met: boolean | null;
  value: number | null;
  subject: string | null;
}

/** A measure's value of one operation or lag, or of the whole row (`subject` null), in base units. */
export interface Reading {
  subject: string | null;
  value: number | null;
}

/**
 * Holds one line against a row.
 *
 * A line without a name holds for every operation that was sent, and the worst one speaks for it. Whatever was not
 * served counts as slower than any limit in quantiles and in `max`; `mean` is that of served operations.
 */
export function evaluate(objective: Objective, row: Measured): Evaluation {
  const limit = objective.value * factorOf(objective);
  const judged = readingsOf(objective, row).map((reading) => ({
    ...reading,
    met: reading.value === null ? null : compares(reading.value, objective.op, limit),
  }));
  const met = judged.some((j) => j.met === false)
    ? false
    : judged.length === 0 || judged.some((j) => j.met === null)
      ? null
      : true;
  const speakers = judged.filter((j) => j.met === met);
  const [first, ...others] = speakers;
  if (first === undefined) return { objective, met: null, value: null, subject: objective.operation };
  const badness = ({ value }: Reading): number => (value === null ? 0 : excessOf(value, objective.op, limit));
  const worst = others.reduce((a, b) => (badness(b) > badness(a) ? b : a), first);
  return { objective, met, value: worst.value, subject: worst.subject };
}

/** The line of the report: the value in the unit that the line is written in, null when infinite or unknown. */
export function objectiveReport(evaluation: Evaluation): ObjectiveReport {
  const { objective, met, value } = evaluation;
  return { text: objective.text, met, value: value === null || !Number.isFinite(value) ? null : value / factorOf(objective) };
}

/**
 * Evaluates every line of a scenario; a line that is relative to a baseline is left to the gate, which has one.
 *
 * Throws: Error for a line that does not parse; scenarios are checked when they are loaded.
 */
export function evaluateAll(objectives: readonly string[], row: Measured): Evaluation[] {
  return objectives.flatMap((text) => {
    const parsed = parseObjective(text);
    if ('problem' in parsed) throw new Error(`objective '${text}': ${parsed.problem.message}`);
    return parsed.objective.baseline === undefined ? [evaluate(parsed.objective, row)] : [];
  });
}

function compares(value: number, op: Operator, limit: number): boolean {
  switch (op) {
    case '<=':
      return value <= limit;
    case '<':
      return value < limit;
    case '>=':
      return value >= limit;
    case '>':
      return value > limit;
    case '==':
      return value === limit;
  }
}

/** How far a value lies on the wrong side of its limit; negative on the right side. */
export function excessOf(value: number, op: Operator, limit: number): number {
  if (op === '==') return Math.abs(value - limit);
  return op === '<=' || op === '<' ? value - limit : limit - value;
}

/** Everything that a line looks at: one reading, or one of each operation or lag where it names none. */
export function readingsOf(objective: Pick<Objective, 'measure' | 'operation'>, row: Measured): Reading[] {
  const { measure, operation } = objective;
  if (measure === 'lag_p99') {
    const lags = row.lags.filter((lag) => operation === null || lag.event === operation || lag.component === operation);
    return lags.map((lag) => ({ subject: `${lag.event} -> ${lag.component}`, value: lag.p99_ms }));
  }
  const whole = ofStrategy(measure, row);
  if (operation === null && whole !== undefined) return [{ subject: null, value: whole }];
  return row.operations
    .filter((o) => (operation === null ? o.sent > 0 : o.name === operation))
    .map((o) => ({ subject: o.name, value: ofOperation(measure, o, row) }));
}

function ofStrategy(measure: string, row: Measured): number | undefined {
  if (measure === 'cost_per_month') return row.bill.month_usd;
  if (measure === 'cost_per_million') return row.bill.per_million_served_usd ?? Number.POSITIVE_INFINITY;
  if (measure === 'throughput') return row.throughput.served_per_s;
  if (measure === 'violation_minutes') return row.violation_minutes;
  const check = row.checks.find((c) => c.name === measure);
  return check === undefined ? undefined : check.count / row.runs;
}

function ofOperation(measure: string, o: OperationReport, row: Measured): number | null {
  if (measure === 'error_rate') return o.error_rate;
  if (measure === 'violation_minutes') return row.violations?.get(o.name) ?? 0;
  if (measure === 'throughput') return throughputOf(o, row);
  const { histogram } = o.latency_ms;
  if (measure === 'mean') return o.sent === 0 ? null : (meanMs(histogram) ?? Number.POSITIVE_INFINITY);
  if (measure === 'max') return o.sent === 0 ? null : o.served < o.sent ? Number.POSITIVE_INFINITY : histogram.max_us / 1000;
  const q = QUANTILES.get(measure);
  if (q === undefined) throw new Error(`no cell measured '${measure}'`);
  return quantileAmongMs(histogram, q, o.sent);
}

/** The operation's part of what the strategy served a second. */
function throughputOf(o: OperationReport, row: Measured): number {
  const served = row.operations.reduce((sum, other) => sum + other.served, 0);
  return served === 0 ? 0 : (row.throughput.served_per_s * o.served) / served;
}
