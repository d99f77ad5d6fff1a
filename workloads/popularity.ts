/**
 * Ranks drawn by Zipf's law: rank k (0 is the most popular) with probability proportional to (k + 1)^-exponent.
 *
 * Constant time for any number of ranks, from uniforms that the caller gives.
 *
 * Source: W. Hörmann and G. Derflinger, "Rejection-inversion to generate variates from monotone discrete distributions", TOMACS 6(3), 1996.
 */
export class Zipf {
  readonly count: number;
  private readonly exponent: number;
  private readonly low: number;
  private readonly high: number;
  private readonly shortcut: number;

  constructor(count: number, exponent: number) {
    this.count = count;
    this.exponent = exponent;
    this.low = this.area(1.5) - 1;
    this.high = this.area(count + 0.5);
    this.shortcut = 2 - this.inverse(this.area(2.5) - this.weight(2));
  }

  /** A rank in [0, count); asks `uniformAt(try)` for a fresh uniform per try. */
  rank(uniformAt: (attempt: number) => number): number {
    if (this.exponent === 0) return Math.min(this.count - 1, Math.floor(uniformAt(0) * this.count));
    for (let attempt = 0; attempt < 64; attempt++) {
      const k = this.tryOnce(uniformAt(attempt));
      if (k >= 0) return k;
    }
    return 0;
  }

  /** One trial with uniform `u`: a rank, or -1 when it is rejected. */
  tryOnce(u: number): number {
    if (this.exponent === 0) return Math.min(this.count - 1, Math.floor(u * this.count));
    const area = this.high + u * (this.low - this.high);
    const x = this.inverse(area);
    const k = Math.max(1, Math.min(this.count, Math.floor(x + 0.5)));
    const isIn = k - x <= this.shortcut || area >= this.area(k + 0.5) - this.weight(k);
    return isIn ? k - 1 : -1;
  }

  private weight(x: number): number {
    return x ** -this.exponent;
  }

  /** Integral of the weight up to x. */
  private area(x: number): number {
    const power = 1 - this.exponent;
    return Math.abs(power) < 1e-9 ? Math.log(x) : (x ** power - 1) / power;
  }

  private inverse(y: number): number {
    const power = 1 - this.exponent;
    return Math.abs(power) < 1e-9 ? Math.exp(y) : Math.max(1e-300, 1 + y * power) ** (1 / power);
  }
}
