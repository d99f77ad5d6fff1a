import type { Baseline } from '../../domain/baseline.ts';
import { type GateMeasure, worseDirection } from '../../domain/gate.ts';
import { calledAmong, isKnown, toleranceOf } from '../comparisons.ts';
import { type MeanDifference, meanOf, pairedDifference, welchDifference } from '../intervals.ts';

/** Measures that a gate watches in every row; of operations those that end so. Others bind only by a threshold. */
const WATCHED = ['throughput', 'cost_per_million', 'violation_minutes'];
const WATCHED_OF_OPERATIONS = [' p50', ' p95', ' p99', ' error_rate'];

export function isWatched(measure: string): boolean {
  return WATCHED.includes(measure) || WATCHED_OF_OPERATIONS.some((end) => measure.endsWith(end));
}

/**
 * Every watched measure of every row that both have.
 *
 * A difference is one only beyond its tolerance and beyond its interval over seeds; above the tolerance but within the noise it is
 * `unclear`. With the same seeds on both sides differences are paired, and of unchanged code exactly none: then every interval may speak for
 * itself. Other seeds are other runs, so that Holm's correction over all measures keeps luck from being taken for a difference.
 */
export function compareMeasures(before: Baseline, now: Baseline, o: { tolerance?: number } = {}): GateMeasure[] {
  const isPaired = JSON.stringify(before.seeds) === JSON.stringify(now.seeds);
  const differenceOf = isPaired ? pairedDifference : welchDifference;
  const all = Object.keys(now.rows).flatMap((row) => sidesOf(row, before, now));
  const found = all.flatMap((side) => {
    if (!isKnown(side.before) || !isKnown(side.now) || side.before.length === 0 || side.now.length === 0) return [];
    if (isPaired && side.before.length !== side.now.length) return [];
    return [{ side, tolerance: tolerated(side.measure, side.before, o.tolerance), ...differenceOf(side.now, side.before) }];
  });
  const isCalled = isPaired ? found.map(isBeyondInterval) : calledAmong(found);
  const judged = new Map(found.map((one, i) => [one.side, { ...one, isCalled: isCalled[i] === true }]));
  return all.map((side) => measureOf(side, judged.get(side)));
}

interface Side {
  row: string;
  measure: string;
  before: readonly (number | null)[];
  now: readonly (number | null)[];
}

type Judged = MeanDifference & { tolerance: number; isCalled: boolean };

function measureOf({ row, measure, before, now }: Side, judged: Judged | undefined): GateMeasure {
  const mean = (values: readonly (number | null)[]) => (isKnown(values) && values.length > 0 ? meanOf(values) : null);
  const sides = { row, measure, before: mean(before), now: mean(now) };
  if (judged === undefined) return { ...sides, difference: null, ci95: null, tolerance: null, standing: 'unknown' };
  const { difference, ci95, tolerance } = judged;
  return { ...sides, difference, ci95, tolerance, standing: standingOf(measure, judged) };
}

function isBeyondInterval({ difference, ci95 }: MeanDifference): boolean {
  return ci95 !== null && difference !== 0 && (ci95[0] > 0 || ci95[1] < 0);
}

function standingOf(measure: string, { difference, tolerance, isCalled }: Judged): GateMeasure['standing'] {
  if (Math.abs(difference) <= tolerance) return 'same';
  if (!isCalled) return 'unclear';
  return difference * worseDirection(measure) > 0 ? 'worse' : 'better';
}

function sidesOf(row: string, before: Baseline, now: Baseline): Side[] {
  const [mine, theirs] = [before.rows[row], now.rows[row]];
  if (mine === undefined || theirs === undefined) return [];
  const measures = Object.keys(theirs.measures).filter((measure) => isWatched(measure) && mine.measures[measure] !== undefined);
  return measures.map((measure) => ({
    row,
    measure,
    before: mine.measures[measure]?.per_seed ?? [],
    now: theirs.measures[measure]?.per_seed ?? [],
  }));
}

/** A share of what was measured before, as a difference of the measure. */
function tolerated(measure: string, before: readonly number[], share: number | undefined): number {
  if (share === undefined || measure.endsWith('error_rate')) return toleranceOf(measure, before);
  return share * Math.abs(meanOf(before));
}
