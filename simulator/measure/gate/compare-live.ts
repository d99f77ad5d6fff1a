import type { GateMeasure } from '../../domain/gate.ts';
import { permutationTest, type Statistic, type Verdict } from './permutation.ts';
import { bothOf, errorStatistic, latencyStatistic, type Turns, tailStatistic, throughputStatistic } from './turn-statistics.ts';

export interface LiveRule {
  /** Chance of any false alarm over all measures. */
  alpha: number;
  /** A worsening of this size has to be visible, else the gate is too noisy to tell. */
  tolerance: number;
  /** Smaller changes are none, however certain: two starts of the same program differ by a few per cent. */
  floor: number;
}

/** What holds unless somebody says otherwise; measured in test/prove. */
export const LIVE_RULE: LiveRule = { alpha: 0.01, tolerance: 0.25, floor: 0.05 };

/** The slow end of a distribution, a fifth of the requests, is asked to show only what is so many times as large. */
export const TAIL_COARSER = 4;

/** An error rate that changes by less than this is the same. */
const ERROR_FLOOR = 0.01;

interface Measured {
  measure: string;
  /** Nothing where there are too few samples. */
  statistic: Statistic | null;
  /** Mean over what was sent or served, before and now, in the measure's unit. */
  before: number | null;
  now: number | null;
  kind: 'factor' | 'share';
}

type Watched = Measured & { statistic: Statistic };

const isWatched = (one: Measured): one is Watched => one.statistic !== null;

/** The measures of two versions that played in turns, each judged within the whole family. Pure: the same in, the same out. */
export function compareTurns(
  turns: Turns,
  o: { row: string; operations: readonly string[]; turn_ms: number; rule?: LiveRule },
): GateMeasure[] {
  const rule = o.rule ?? LIVE_RULE;
  const all = watchedOf(turns, o);
  const watched = all.filter(isWatched);
  const verdicts = permutationTest(
    watched.map((one) => one.statistic),
    turns.pairs,
    { alpha: rule.alpha, seed: 1 },
  );
  return all.map((one) =>
    isWatched(one)
      ? measureOf(o.row, one, { verdict: verdicts[watched.indexOf(one)] as Verdict, rule })
      : { ...unknownOf(one), row: o.row },
  );
}

function watchedOf(turns: Turns, o: { operations: readonly string[]; turn_ms: number }): Measured[] {
  const { pairs } = turns;
  const all = bothOf(turns, null);
  const byOperation = o.operations.flatMap((name, operation): Measured[] => {
    const both = bothOf(turns, operation);
    if (both.length === 0) return [];
    const served = both.filter((one) => one.before !== null && one.now !== null) as {
      before: number;
      now: number;
      pair: number;
    }[];
    const sides = (q: number) => ({
      before: quantile(
        both.map((b) => b.before),
        q,
      ),
      now: quantile(
        both.map((b) => b.now),
        q,
      ),
    });
    return [
      ...(served.length > 0
        ? [{ measure: `${name} latency`, statistic: latencyStatistic(both, pairs), ...sides(0.5), kind: 'factor' } as const]
        : []),
      { measure: `${name} tail`, statistic: tailStatistic(both), ...sides(0.95), kind: 'factor' },
      { measure: `${name} error_rate`, statistic: errorStatistic(both, pairs), ...failing(both), kind: 'share' },
    ];
  });
  const limit_ms = 2 * o.turn_ms;
  const rate = (side: 'before' | 'now') =>
    all.filter((one) => (one[side] ?? Number.POSITIVE_INFINITY) <= limit_ms).length / ((pairs * o.turn_ms) / 1000);
  const throughput = { before: rate('before'), now: rate('now') };
  return [
    ...byOperation,
    { measure: 'throughput', statistic: throughputStatistic(all, { pairs, limit_ms }), ...throughput, kind: 'share' },
  ];
}

function failing(both: readonly { before: number | null; now: number | null }[]): { before: number; now: number } {
  const share = (side: 'before' | 'now') => both.filter((one) => one[side] === null).length / both.length;
  return { before: share('before'), now: share('now') };
}

/** What was not served is slower than any. */
function quantile(values: readonly (number | null)[], q: number): number | null {
  const sorted = values.map((value) => value ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)];
  return value === undefined || !Number.isFinite(value) ? null : value;
}

function unknownOf({ measure, before, now }: Measured): Omit<GateMeasure, 'row'> {
  return { measure, before, now, difference: null, ci95: null, tolerance: null, standing: 'unknown' };
}

/** Differences are factors of what was before, but for error rates, which are shares themselves; throughput falls where its statistic rises. */
function measureOf(row: string, one: Watched, { verdict, rule }: { verdict: Verdict; rule: LiveRule }): GateMeasure {
  const isError = one.measure.endsWith('error_rate');
  const change = (value: number) => (one.kind === 'factor' ? Math.exp(value) - 1 : value);
  const sign = one.measure === 'throughput' ? -1 : 1;
  const scale = isError ? 1 : (one.before ?? 0);
  const size = change(verdict.estimate);
  const detectable = change(verdict.detectable);
  const floor = isError ? ERROR_FLOOR : rule.floor;
  const ends = [verdict.estimate - 1.96 * verdict.error, verdict.estimate + 1.96 * verdict.error].map(
    (end) => sign * change(end) * scale,
  );
  const tolerance = rule.tolerance * (one.measure.endsWith(' tail') ? TAIL_COARSER : 1);
  const isWorse = verdict.p_worse <= rule.alpha && size > floor;
  const isBetter = verdict.p_better <= rule.alpha && size < -floor;
  return {
    row,
    measure: one.measure,
    before: one.before,
    now: one.now,
    difference: sign * size * scale,
    ci95: [Math.min(...ends), Math.max(...ends)],
    tolerance: floor * scale,
    detectable: detectable * scale,
    standing: isWorse ? 'worse' : isBetter ? 'better' : detectable > tolerance ? 'unclear' : 'same',
  };
}
