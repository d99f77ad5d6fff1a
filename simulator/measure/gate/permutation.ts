import { Stream } from '../../domain/draws.ts';

/**
 * A number that says how much worse B is than A over all pairs, 0 for no difference; a pair whose sign is -1 has its sides swapped.
 * `weights` leaves pairs out (0), for the jackknife.
 */
export type Statistic = (signs: Int8Array, weights?: Uint8Array) => number;

/** What a statistic says: the estimate, how likely anything as extreme is by chance alone among all statistics, and what could be seen. */
export interface Verdict {
  estimate: number;
  /** Family-wise: the chance that any statistic of the family would be this much worse (better) if no version differed from the other. */
  p_worse: number;
  p_better: number;
  /** Spread of the estimate, by the jackknife over pairs. */
  error: number;
  /** The worsening that would be found 19 times in 20. */
  detectable: number;
}

export interface PermutationOptions {
  /** Chance of any false alarm over the whole family. */
  alpha: number;
  seed: number;
  draws?: number;
}

/** Up to this many pairs every assignment is looked at; of more a sample. */
const ALL_UP_TO = 11;
const DRAWS = 2000;
/** Standard normal quantile of .95: how far beyond the critical value an effect has to lie to be found 19 times in 20. */
const POWER_Z = 1.645;

/**
 * Tests a family of statistics by swapping sides within pairs, which would change nothing if both versions were the same.
 *
 * Each statistic is standardised by its own spread over all assignments; the largest of them in each assignment is what a single one has to
 * beat. So the chance of any false alarm is `alpha` whatever hangs together with whatever, without assuming any distribution.
 *
 * Source: Westfall and Young, Resampling-Based Multiple Testing, 1993 (maxT); Efron, The Jackknife, 1982.
 */
export function permutationTest(statistics: readonly Statistic[], pairs: number, o: PermutationOptions): Verdict[] {
  const assignments = assignmentsOf(pairs, o);
  const plain = new Int8Array(pairs).fill(1);
  const spreads: number[] = [];
  const values = statistics.map((statistic) => Float64Array.from(assignments, (signs) => statistic(signs)));
  for (const all of values) spreads.push(Math.sqrt(all.reduce((sum, value) => sum + value * value, 0) / all.length));
  const largest = Float64Array.from(assignments, (_, i) => {
    let most = Number.NEGATIVE_INFINITY;
    for (const [m, all] of values.entries()) {
      const spread = spreads[m] as number;
      if (spread > 0) most = Math.max(most, (all[i] as number) / spread);
    }
    return most;
  }).sort();
  const critical = largest[Math.min(largest.length - 1, Math.ceil((1 - o.alpha) * largest.length))] as number;
  return statistics.map((statistic, m) => {
    const estimate = statistic(plain);
    const spread = spreads[m] as number;
    const error = jackknife(statistic, plain);
    const p = (z: number) =>
      spread === 0 || !Number.isFinite(z) ? 1 : (shareFrom(largest, z) * largest.length + 1) / (largest.length + 1);
    return {
      estimate,
      p_worse: p(estimate / spread),
      p_better: p(-estimate / spread),
      error,
      detectable: (Math.max(0, critical) + POWER_Z) * error,
    };
  });
}

/** Every way of swapping sides, or a sample with the plain one left out, as it is counted by the one that p adds. */
function assignmentsOf(pairs: number, { seed, draws = DRAWS }: PermutationOptions): Int8Array[] {
  if (pairs <= ALL_UP_TO)
    return Array.from({ length: 2 ** pairs }, (_, code) =>
      Int8Array.from({ length: pairs }, (__, k) => ((code >> k) & 1 ? -1 : 1)),
    );
  const stream = new Stream(seed, 'gate/permutation');
  return Array.from({ length: draws }, () => Int8Array.from({ length: pairs }, () => (stream.next() < 0.5 ? -1 : 1)));
}

/** Share of sorted values that are at least `z`, with room for what rounding takes from equal ones. */
function shareFrom(sorted: Float64Array, z: number): number {
  const limit = z - 1e-9;
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] as number) < limit) low = middle + 1;
    else high = middle;
  }
  return (sorted.length - low) / sorted.length;
}

function jackknife(statistic: Statistic, plain: Int8Array): number {
  const n = plain.length;
  const without = Array.from({ length: n }, (_, k) =>
    statistic(
      plain,
      Uint8Array.from({ length: n }, (__, i) => (i === k ? 0 : 1)),
    ),
  );
  const mean = without.reduce((sum, value) => sum + value, 0) / n;
  return Math.sqrt(((n - 1) / n) * without.reduce((sum, value) => sum + (value - mean) ** 2, 0));
}
