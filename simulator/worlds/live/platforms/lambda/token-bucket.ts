/** Tokens that refill at a steady rate up to a burst, in wall time: a platform's own rate limits. */
export class TokenBucket {
  private tokens: number;
  private atMs = performance.now();
  private readonly burst: number;
  private readonly perMs: number;

  constructor(burst: number, perSecond: number) {
    this.tokens = burst;
    this.burst = burst;
    this.perMs = perSecond / 1000;
  }

  take(): boolean {
    const now = performance.now();
    this.tokens = Math.min(this.burst, this.tokens + (now - this.atMs) * this.perMs);
    this.atMs = now;
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }
}
