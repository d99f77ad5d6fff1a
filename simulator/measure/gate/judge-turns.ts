import type { GateLine, GateMeasure, GateReport } from '../../domain/gate.ts';
import type { Report } from '../../domain/report.ts';
import { LATE_MS } from '../../domain/workload.ts';
import type { Objective } from '../objectives.ts';
import { baselineOf } from './baseline-of.ts';
import { compareTurns, LIVE_RULE, TAIL_COARSER } from './compare-live.ts';
import { linesOf, outcomeOf, requiredFailure } from './judge.ts';
import { checkLines } from './lines.ts';
import type { TurnRow } from './turn-statistics.ts';
import { whyOf } from './why.ts';

/** What one side of a live gate brought back. */
export interface PlayedSide {
  report: Report;
  turns: readonly TurnRow[];
  lateness_p99_ms: number;
  event_loop_p99_ms: number;
}

export interface TurnsPlayed {
  before: PlayedSide;
  now: PlayedSide;
  turns: { pairs: number; turn_ms: number; gap_ms: number };
}

/** A bill may differ by this much because a controller sizes pools by what it saw: a pool of one that was two for a while has been seen. */
const COST_TOLERANCE = 0.15;

const LATE = 'the driver sent too late: it has measured itself';

/** Judges two versions that played in turns: what noise could be is asked of the turns, correctness and cost of the whole of each side. */
export function judgeTurns(
  played: TurnsPlayed,
  o: { against: string; thresholds: readonly Objective[]; tolerance?: number; require?: string },
): GateReport {
  const { report } = played.now;
  const [before, now] = [baselineOf(played.before.report), baselineOf(report)];
  const row = Object.keys(now.rows)[0] ?? '';
  const lines = linesOf(report, before, o.thresholds);
  const operations = report.strategies[0]?.operations.map((operation) => operation.name) ?? [];
  const rule = { ...LIVE_RULE, ...(o.tolerance === undefined ? {} : { tolerance: o.tolerance }) };
  const turns = { pairs: played.turns.pairs, before: played.before.turns, now: played.now.turns };
  const measures = [
    ...compareTurns(turns, { row, operations, turn_ms: played.turns.turn_ms, rule }),
    ...wholeMeasures(row, played),
  ];
  const found = {
    changes: whyOf(before, now),
    measures,
    checks: checkLines(report, before),
    lines: lines.map((line) => beyondNoise(line, measures)),
  };
  const late = Math.max(played.before.lateness_p99_ms, played.now.lateness_p99_ms) > LATE_MS;
  const judged = outcomeOf(found, requiredFailure(lines, found.checks, o.require));
  const isUnclear = late && !found.checks.some((one) => one.standing === 'worse');
  return {
    schema: 'gate@1',
    scenario: report.scenario.name,
    world: 'live',
    version: report.version,
    against: { kind: 'git ref', name: o.against, version: before.version },
    outcome: isUnclear ? 'unclear' : judged.outcome,
    because: isUnclear ? [LATE, ...(judged.outcome === 'passed' ? [] : judged.because)] : judged.because,
    ...found,
    rows: { both: [row], only_before: [], only_now: [] },
    notes: [noteOf(played, rule)],
  };
}

/** A line of the scenario that is missed only now may be missed for noise: where no measure says that something is worse, nobody knows. */
function beyondNoise(line: GateLine, measures: readonly GateMeasure[]): GateLine {
  const isNoise = line.of === 'scenario' && line.standing === 'worse' && !measures.some((one) => one.standing === 'worse');
  return isNoise ? { ...line, standing: 'unknown' } : line;
}

function noteOf({ turns, before, now }: TurnsPlayed, rule: typeof LIVE_RULE): string {
  const share = (value: number) => `${Number((value * 100).toPrecision(3))} %`;
  const late = [before, now].map((side) => `${side.lateness_p99_ms.toFixed(1)} ms`).join(' and ');
  return (
    `${turns.pairs} pairs of turns of ${turns.turn_ms} ms, A B, B A; at most ${share(rule.alpha)} false alarms over all measures. ` +
    `Worse is what is so beyond noise and by more than ${share(rule.floor)}; a measure in which a worsening of ${share(rule.tolerance)} ` +
    `(of a tail ${share(TAIL_COARSER * rule.tolerance)}) could not be seen is too noisy. The drivers' p99 of lateness: ${late}.`
  );
}

/**
 * Measures of a side as a whole: cost has no noise but that of durations. Minutes in which a line was violated are shown, and judged by the
 * latencies and errors that they count; the driver's health is that of the machine.
 */
function wholeMeasures(row: string, played: TurnsPlayed): GateReport['measures'] {
  const cost = (side: PlayedSide) => side.report.strategies[0]?.bill.per_million_served_usd ?? null;
  const [before, now] = [cost(played.before), cost(played.now)];
  const difference = before === null || now === null ? null : now - before;
  const tolerance = before === null ? null : COST_TOLERANCE * before;
  const isSame = difference === null || Math.abs(difference) <= (tolerance ?? 0);
  const standing = difference === null ? 'unknown' : isSame ? 'same' : difference > 0 ? 'worse' : 'better';
  const shown = (name: string, of: (side: PlayedSide) => number | null, limit: number | null = null) => {
    const sides = { before: of(played.before), now: of(played.now) };
    const by = sides.before === null || sides.now === null ? null : sides.now - sides.before;
    return { row, measure: name, ...sides, difference: by, ci95: null, tolerance: limit, standing: 'same' as const };
  };
  return [
    { row, measure: 'cost_per_million', before, now, difference, ci95: null, tolerance, standing },
    shown('violation_minutes', (side) => side.report.strategies[0]?.violation_minutes ?? null),
    shown('driver lateness', (side) => side.lateness_p99_ms, LATE_MS),
    shown('driver event_loop', (side) => side.event_loop_p99_ms, LATE_MS),
  ];
}
