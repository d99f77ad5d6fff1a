import type { HistogramData } from '../domain/cell.ts';

/** Values below this have a bucket each (so has the octave above, whose buckets are one microsecond wide). */
const EXACT = 128;
const OCTAVES = 40;
const BUCKETS = EXACT * (1 + OCTAVES);
const LIMIT = 2 ** 47;

/**
 * Latencies of any length in 42 KB: integer microseconds in 128 buckets an octave, so never wrong by more than .8 %.
 *
 * Count, sum and maximum are exact, and merging adds counts: the order of cells does not matter.
 *
 * Units: microseconds. Range: whole numbers from 0; from 2^47 (4 years) on everything falls into the last bucket.
 */
export class Histogram {
  count = 0;
  sum = 0;
  max = 0;
  private readonly counts = new Float64Array(BUCKETS);

  /** Hot path: nothing is checked here; `data()` finds out whether a value was not a whole number from 0. */
  record(us: number): void {
    this.count++;
    this.sum += us;
    if (us > this.max) this.max = us;
    const i = us < EXACT ? us : indexOf(us);
    (this.counts[i] as number)++;
  }

  /** The same value `n` times. */
  recordMany(us: number, n: number): void {
    if (n === 0) return;
    this.count += n;
    this.sum += us * n;
    if (us > this.max) this.max = us;
    const i = us < EXACT ? us : indexOf(us);
    this.counts[i] = (this.counts[i] as number) + n;
  }

  /**
   * What crosses to other cells and into the report.
   *
   * Throws: Error when a value was recorded that no bucket takes (negative, a fraction, not a number).
   */
  data(): HistogramData {
    const buckets: [number, number][] = [];
    let total = 0;
    for (let i = 0; i < BUCKETS; i++) {
      const n = this.counts[i] as number;
      if (n > 0) buckets.push([i, n]);
      total += n;
    }
    if (total !== this.count || !Number.isSafeInteger(this.sum)) {
      throw new Error(`histogram: ${this.count} values with sum ${this.sum} us, of which ${total} are whole microseconds from 0`);
    }
    return { count: this.count, sum_us: this.sum, max_us: this.max, buckets };
  }

  merge(d: HistogramData): void {
    this.count += d.count;
    this.sum += d.sum_us;
    if (d.max_us > this.max) this.max = d.max_us;
    for (const [i, n] of d.buckets) this.counts[i] = (this.counts[i] as number) + n;
  }

  /** The value that a share `q` of samples does not exceed, in microseconds; NaN when empty. */
  quantile(q: number): number {
    const rank = rankOf(q, this.count);
    let seen = 0;
    for (let i = 0; i < BUCKETS; i++) {
      seen += this.counts[i] as number;
      if (seen >= rank) return Math.min(middleOf(i), this.max);
    }
    return Number.NaN;
  }

  /** How many samples lie in buckets above the one that holds `us`. */
  countAbove(us: number): number {
    let seen = 0;
    for (let i = us < EXACT ? us : indexOf(us); i >= 0; i--) seen += this.counts[i] as number;
    return this.count - seen;
  }

  static from(d: HistogramData): Histogram {
    const histogram = new Histogram();
    histogram.merge(d);
    return histogram;
  }
}

/**
 * Bucket of a value of at least 128: its octave, and its first seven bits after the leading one.
 *
 * `clz32` finds the octave of what fits 32 bits (71 minutes); longer values are first brought down by a power of two.
 */
function indexOf(us: number): number {
  if (us < 4294967296) {
    const shift = 24 - Math.clz32(us);
    return (shift << 7) + (us >>> shift);
  }
  const high = Math.floor(Math.min(us, LIMIT - 1) / 65536);
  const shift = 24 - Math.clz32(high);
  return ((shift + 16) << 7) + (high >>> shift);
}

/** Lowest value of a bucket and how many whole microseconds it holds. */
export function bucketRange(i: number): { low: number; width: number } {
  if (i < 2 * EXACT) return { low: i, width: 1 };
  const shift = (i >>> 7) - 1;
  return { low: (EXACT + (i & 127)) * 2 ** shift, width: 2 ** shift };
}

function middleOf(i: number): number {
  const { low, width } = bucketRange(i);
  return low + (width - 1) / 2;
}

/** Which sample in rising order stands for the quantile; products like .07 x 100 must not be rounded up. */
function rankOf(q: number, count: number): number {
  return Math.max(1, Math.ceil(q * count - 1e-12 * count));
}

/** Sum of histograms, in the order given. */
export function merged(parts: readonly HistogramData[]): HistogramData {
  const histogram = new Histogram();
  for (const part of parts) histogram.merge(part);
  return histogram.data();
}

/**
 * The quantile of `of` samples of which only those in `d` had an end: the others count as longer than any.
 *
 * Units: milliseconds. Infinite when the quantile falls among those without an end; null when there are fewer than
 * 10 / (1 - q) samples, because then a handful of values would decide.
 */
export function quantileAmongMs(d: HistogramData, q: number, of: number): number | null {
  if (of < 1 || of < 10 / (1 - q)) return null;
  const rank = rankOf(q, of);
  if (rank > d.count) return Number.POSITIVE_INFINITY;
  let seen = 0;
  for (const [i, n] of d.buckets) {
    seen += n;
    if (seen >= rank) return Math.min(middleOf(i), d.max_us) / 1000;
  }
  throw new Error(`histogram: ${seen} samples in buckets, ${d.count} counted`);
}

/** The quantile in milliseconds, or null when fewer than 10 / (1 - q) samples make it a guess. */
export function quantileMs(d: HistogramData, q: number): number | null {
  return quantileAmongMs(d, q, d.count);
}

/** Exact mean in milliseconds, or null without samples. */
export function meanMs(d: HistogramData): number | null {
  return d.count === 0 ? null : d.sum_us / d.count / 1000;
}
