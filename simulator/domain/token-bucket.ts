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

  /** Takes `amount` tokens if there is one at least: what is owed is waited for by those who come next. */
  take(now: number, amount: number): boolean {
    const tokens = Math.min(this.burst, this.tokens + (now - this.at) * this.perMs);
    this.at = now;
    if (tokens < 1) {
      this.tokens = tokens;
      return false;
    }
    this.tokens = tokens - amount;
    return true;
  }
}
