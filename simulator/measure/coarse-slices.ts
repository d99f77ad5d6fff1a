/** 8 buckets an octave up to 2^40 us: fine enough for a line on a chart. */
const BUCKETS = 328;

/** Counts and rough latency quantiles of one operation in thin slices of run time. */
export class CoarseSlices {
  private readonly servedCounts: Int32Array;
  private readonly missedCounts: Int32Array;
  private readonly buckets: Int32Array;

  constructor(slices: number) {
    this.servedCounts = new Int32Array(slices);
    this.missedCounts = new Int32Array(slices);
    this.buckets = new Int32Array(slices * BUCKETS);
  }

  served(slice: number, us: number): void {
    this.servedCounts[slice] = (this.servedCounts[slice] as number) + 1;
    const at = slice * BUCKETS + bucketOf(us);
    this.buckets[at] = (this.buckets[at] as number) + 1;
  }

  missed(slice: number): void {
    this.missedCounts[slice] = (this.missedCounts[slice] as number) + 1;
  }

  data(): { sent: number[]; served: number[]; failed: number[]; p50_ms: (number | null)[]; p95_ms: (number | null)[] } {
    const served = Array.from(this.servedCounts);
    const failed = Array.from(this.missedCounts);
    return {
      sent: served.map((n, i) => n + (failed[i] as number)),
      served,
      failed,
      p50_ms: served.map((_, i) => this.quantile(i, 0.5)),
      p95_ms: served.map((_, i) => this.quantile(i, 0.95)),
    };
  }

  private quantile(slice: number, q: number): number | null {
    const count = this.servedCounts[slice] as number;
    if (count === 0) return null;
    let left = Math.ceil(count * q);
    for (let b = 0; b < BUCKETS; b++) {
      left -= this.buckets[slice * BUCKETS + b] as number;
      if (left <= 0) return Math.round(middleOf(b) * 10) / 10_000;
    }
    return null;
  }
}

function bucketOf(us: number): number {
  if (us < 8) return us;
  const whole = us < 4_294_967_296 ? us >>> 0 : 4_294_967_295;
  const octave = 31 - Math.clz32(whole);
  return (octave - 2) * 8 + ((whole >>> (octave - 3)) & 7);
}

/** Middle of a bucket, us. */
function middleOf(bucket: number): number {
  if (bucket < 8) return bucket;
  const octave = (bucket >> 3) + 2;
  return ((bucket & 7) + 8.5) * 2 ** (octave - 3);
}
