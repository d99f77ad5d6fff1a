/**
 * The integral of a rate over time, and its inverse: where the n-th expected arrival falls.
 *
 * Straight lines between points an eighth of a second apart (wider for runs above 62,500 s): what a shape does in less is averaged over
 * that time. `from_s` may be negative.
 */
export class Cumulative {
  readonly total: number;
  private readonly sums: Float64Array;
  private readonly from: number;
  private readonly width: number;
  private at = 0;

  constructor(rate: (t_s: number) => number, from_s: number, to_s: number) {
    const points = Math.max(1, Math.min(500_000, Math.ceil(8 * (to_s - from_s))));
    this.from = from_s;
    this.width = (to_s - from_s) / points;
    this.sums = new Float64Array(points + 1);
    for (let i = 0; i < points; i++) {
      const middle = from_s + (i + 0.5) * this.width;
      this.sums[i + 1] = (this.sums[i] as number) + rate(middle) * this.width;
    }
    this.total = this.sums[points] as number;
  }

  /** Time in s at which the integral reaches `sum`; sums must be asked for in rising order. Infinite beyond the end. */
  inverse(sum: number): number {
    if (sum >= this.total) return Number.POSITIVE_INFINITY;
    while ((this.sums[this.at + 1] as number) <= sum) this.at++;
    const low = this.sums[this.at] as number;
    const span = (this.sums[this.at + 1] as number) - low;
    return this.from + (this.at + (sum - low) / span) * this.width;
  }
}
