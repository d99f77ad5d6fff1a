import type { Baseline } from '../../domain/baseline.ts';
import { type GateCheck, type GateLine, type GateMeasure, type GateReport, mayBeWorse } from '../../domain/gate.ts';
import type { Report } from '../../domain/report.ts';
import { type Objective, parseObjective } from '../objectives.ts';
import { counted, listed, plain } from '../words.ts';
import { baselineOf } from './baseline-of.ts';
import { compareMeasures } from './compare.ts';
import { checkLines, objectiveLines, thresholdLines } from './lines.ts';
import { whyOf } from './why.ts';

export interface GateOptions {
  against: { kind: GateReport['against']['kind']; name: string };
  /** Lines of the command line, which every row must meet. */
  thresholds: readonly Objective[];
  /** Share of what was measured before that a difference has to exceed; the report's own tolerances when left out. */
  tolerance?: number;
  /** Row that must meet all that the scenario asks for. */
  require?: string;
  options: Baseline['options'];
}

/** Compares a run with what was measured before, and says whether it may pass. Pure: the same in and the same out. */
export function judgeGate(report: Report, before: Baseline, o: GateOptions): GateReport {
  const now = baselineOf(report, o.options);
  const lines = linesOf(report, before, o.thresholds);
  const found = {
    changes: whyOf(before, now),
    measures: compareMeasures(before, now, o.tolerance === undefined ? {} : { tolerance: o.tolerance }),
    checks: checkLines(report, before),
    lines,
  };
  const rows = {
    both: Object.keys(now.rows).filter((row) => before.rows[row] !== undefined),
    only_before: Object.keys(before.rows).filter((row) => now.rows[row] === undefined),
    only_now: Object.keys(now.rows).filter((row) => before.rows[row] === undefined),
  };
  return {
    schema: 'gate@1',
    scenario: report.scenario.name,
    world: report.world,
    version: report.version,
    against: { ...o.against, version: before.version },
    ...outcomeOf(found, requiredFailure(lines, found.checks, o.require)),
    ...found,
    rows,
    notes: report.world === 'live' ? [ABSOLUTE_ONLY] : [],
  };
}

const ABSOLUTE_ONLY =
  'Real time is that of this machine in this hour, so a baseline file says nothing about it: only checks and absolute lines were judged. ' +
  '--against GIT-REF plays both versions in turns.';

/** Every line: those of the scenario, then those of the command line. A live run without its like has nothing for lines relative to one. */
export function linesOf(report: Report, before: Baseline, thresholds: readonly Objective[]): GateLine[] {
  const relative = report.world === 'live' && before.world !== 'live' ? [] : relativeLines(report);
  return [
    ...objectiveLines(report, before),
    ...thresholdLines(relative, { report, before, of: 'scenario' }),
    ...thresholdLines(thresholds, { report, before, of: 'command line' }),
  ];
}

/** Lines of the scenario that only a gate can judge. */
function relativeLines({ scenario }: Report): Objective[] {
  const texts = (scenario.data?.objectives ?? []) as string[];
  return texts.flatMap((text) => {
    const parsed = parseObjective(text);
    return 'objective' in parsed && parsed.objective.baseline !== undefined ? [parsed.objective] : [];
  });
}

export function requiredFailure(
  lines: readonly GateLine[],
  checks: readonly GateCheck[],
  required: string | undefined,
): string[] {
  if (required === undefined) return [];
  const missed = lines.filter((line) => line.row === required && line.met === false).map((line) => line.text);
  const broken = checks.filter((check) => check.row === required && !check.holds).map((check) => check.check);
  return missed.length + broken.length === 0
    ? []
    : [`${required} is required and does not meet ${listed([...missed, ...broken])}`];
}

type Found = Pick<GateReport, 'measures' | 'checks' | 'lines'>;

/** Fails for a reason, else is unclear for one, else passes. */
export function outcomeOf(found: Found, also: readonly string[] = []): Pick<GateReport, 'outcome' | 'because'> {
  const { measures, checks, lines } = found;
  const bad = [
    ...checks.filter((one) => one.standing === 'worse').map((one) => `${one.row}: ${checkWords(one)}`),
    ...lines.filter((one) => one.standing === 'worse').map((one) => `${one.row}: ${lineWords(one)}`),
    ...measures.filter((one) => one.standing === 'worse').map((one) => `${one.row}: ${one.measure} is worse${shareOf(one)}`),
    ...also,
  ];
  if (bad.length > 0) return { outcome: 'failed', because: bad };
  const unclear = [
    ...lines
      .filter((one) => one.standing === 'unknown')
      .map((one) => `${one.row}: too few samples, or too much noise, to tell whether ${one.text}`),
    ...measures
      .filter((one) => one.standing === 'unclear' && mayBeWorse(one))
      .map((one) => `${one.row}: ${one.measure} may be worse${shareOf(one)}, or it is noise${seenFrom(one)}`),
  ];
  if (unclear.length > 0) return { outcome: 'unclear', because: unclear };
  const known = measures.filter((one) => one.standing !== 'unknown').length;
  return {
    outcome: 'passed',
    because: [
      `nothing is worse: ${counted(known, 'measure')}, ${counted(checks.length, 'check')}, ${counted(lines.length, 'line')}`,
    ],
  };
}

function checkWords({ check, before, now }: GateCheck): string {
  return before === null || before === now
    ? `${check} does not hold (${now} a run)`
    : `${check} went from ${before} to ${now} cases a run`;
}

function lineWords({ text, of, before }: GateLine): string {
  return of === 'scenario' && before === true ? `${text} was met and is missed` : `${text} is missed`;
}

/** From which size on a worsening would have been found. */
function seenFrom({ before, detectable }: GateMeasure): string {
  if (!detectable) return '';
  return `; only ${before ? `+${plain((detectable / before) * 100, 2)} %` : plain(detectable, 2)} or more would be found for sure`;
}

function shareOf({ before, difference }: GateMeasure): string {
  if (before === null || difference === null || before === 0) return '';
  const share = (difference / Math.abs(before)) * 100;
  return ` (${share < 0 ? '' : '+'}${share.toPrecision(3)} %)`;
}
