/** Tokens that refill at a steady rate up to a burst; time in ms, rate per second. */
export class TokenBucket {
  private tokens: number;
  private at = 0;
  private readonly burst: number;
  private readonly perMs: number;

  constructor(burst: number, perSecond: number) {
    this.tokens = burst;
    this.burst = burst;
    this.perMs = perSecond / 1000;
  }

  /** Takes one token if there is one. */
  take(now: number): boolean {
    const tokens = Math.min(this.burst, this.tokens + (now - this.at) * this.perMs);
    this.at = now;
    if (tokens < 1) {
      this.tokens = tokens;
      return false;
    }
    this.tokens = tokens - 1;
    return true;
  }
}
