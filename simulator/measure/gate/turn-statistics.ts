import type { Statistic } from './permutation.ts';

/** One action as it was answered: pair, action, operation, latency in ms (null: not served). */
export type TurnRow = readonly [pair: number, action: number, operation: number, latency_ms: number | null];

/** What both sides did with the same actions, in pairs of turns. */
export interface Turns {
  pairs: number;
  before: readonly TurnRow[];
  now: readonly TurnRow[];
}

/** Where a difference may be bounded: at these shares of all, by size. Below lies little more than a count of signs, above the mean. */
const BOUNDS = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
/** Shares of the distribution that make its slow end. */
const TAIL = [0.8, 0.85, 0.9, 0.95];
/** Fewer samples on a side say nothing of a tail. */
const TAIL_SAMPLES = 100;

/** By action: latency on each side. */
interface Both {
  pair: number;
  before: number | null;
  now: number | null;
}

/** The actions of an operation (null: of all) that both sides sent. */
export function bothOf({ before, now }: Turns, operation: number | null): Both[] {
  const theirs = new Map(now.map((row) => [row[1], row[3]]));
  return before.flatMap(([pair, action, of, latency]) => {
    const other = theirs.get(action);
    return other === undefined || (operation !== null && of !== operation) ? [] : [{ pair, before: latency, now: other }];
  });
}

/**
 * How much slower, as the logarithm of a factor: over actions that both served, each beside itself, so that what one action asks for more
 * than another cancels. Differences beyond a bound count as the bound, so that a stall of the machine or a page that only one side had in its
 * cache weighs little; of several bounds the one is taken that leaves the least spread. That depends on sizes alone, which swapping sides leaves
 * as they are.
 *
 * Source: Huber, Robust Estimation of a Location Parameter, Ann. Math. Statist. 35 (1964): one step from 0.
 */
export function latencyStatistic(all: readonly Both[], pairs: number): Statistic {
  const served = all.flatMap(({ pair, before, now }) =>
    before === null || now === null ? [] : [{ pair, by: Math.log(Math.max(now, 0.01) / Math.max(before, 0.01)) }],
  );
  const sizes = served.map(({ by }) => Math.abs(by)).sort((a, b) => a - b);
  const bounded = BOUNDS.map((share) => {
    const bound = sizes[Math.floor(share * (sizes.length - 1))] ?? 0;
    const [sums, counts] = [new Float64Array(pairs), new Float64Array(pairs)];
    for (const { pair, by } of served) {
      sums[pair] = (sums[pair] as number) + Math.max(-bound, Math.min(bound, by));
      counts[pair] = (counts[pair] as number) + Number(Math.abs(by) <= bound);
    }
    return { spread: Math.hypot(...sums) / counts.reduce((sum, count) => sum + count, 0), statistic: ratio(sums, counts) };
  });
  return bounded.reduce((best, one) => (one.spread < best.spread ? one : best)).statistic;
}

/** How many more of a hundred fail, as a share. */
export function errorStatistic(all: readonly Both[], pairs: number): Statistic {
  const [sums, counts] = [new Float64Array(pairs), new Float64Array(pairs)];
  for (const { pair, before, now } of all) {
    sums[pair] = (sums[pair] as number) + Number(now === null) - Number(before === null);
    counts[pair] = (counts[pair] as number) + 1;
  }
  return ratio(sums, counts);
}

/** How much less is served of what is asked for, as a share: `limit_ms` is how long an answer may take to count. */
export function throughputStatistic(all: readonly Both[], o: { pairs: number; limit_ms: number }): Statistic {
  const isServed = (latency: number | null) => Number(latency !== null && latency <= o.limit_ms);
  const [sums, counts] = [new Float64Array(o.pairs), new Float64Array(o.pairs)];
  for (const { pair, before, now } of all) {
    sums[pair] = (sums[pair] as number) + isServed(before) - isServed(now);
    counts[pair] = (counts[pair] as number) + 1;
  }
  return ratio(sums, counts);
}

/** How much later the slow end of the distribution lies, as the logarithm of a factor: what is not served lies beyond all. */
export function tailStatistic(all: readonly Both[]): Statistic | null {
  if (all.length < TAIL_SAMPLES) return null;
  const samples = all.flatMap(({ pair, before, now }) => [
    { pair, sign: 1, ms: before ?? Number.POSITIVE_INFINITY },
    { pair, sign: -1, ms: now ?? Number.POSITIVE_INFINITY },
  ]);
  samples.sort((a, b) => a.ms - b.ms);
  const logs = Float64Array.from(samples, ({ ms }) => Math.log(Math.max(ms, 0.01)));
  const end = logs.findLast(Number.isFinite) ?? 0;
  const pairOf = Int32Array.from(samples, ({ pair }) => pair);
  const sideOf = Int8Array.from(samples, ({ sign }) => sign);
  return (signs, weights) => {
    const of = weights === undefined ? all.length : all.reduce((sum, { pair }) => sum + (weights[pair] as number), 0);
    const ranks = TAIL.map((share) => Math.max(1, Math.ceil(share * of)));
    let [first, second, seenFirst, seenSecond, atFirst, atSecond] = [0, 0, 0, 0, 0, 0];
    for (let i = 0; i < logs.length; i++) {
      const pair = pairOf[i] as number;
      if (weights !== undefined && weights[pair] === 0) continue;
      const log = Math.min(logs[i] as number, end);
      if (sideOf[i] === signs[pair]) for (seenFirst++; seenFirst === ranks[atFirst]; atFirst++) first += log;
      else for (seenSecond++; seenSecond === ranks[atSecond]; atSecond++) second += log;
    }
    return (second - first) / TAIL.length;
  };
}

function ratio(sums: Float64Array, counts: Float64Array): Statistic {
  return (signs, weights) => {
    let [sum, count] = [0, 0];
    for (const [k, value] of sums.entries()) {
      const weight = weights === undefined ? 1 : (weights[k] as number);
      sum += weight * (signs[k] as number) * value;
      count += weight * (counts[k] as number);
    }
    return count === 0 ? 0 : sum / count;
  };
}
