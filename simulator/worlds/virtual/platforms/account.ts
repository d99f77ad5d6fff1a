import { numberOf } from '../../../domain/part-values.ts';
import type { Part } from '../../../domain/plan.ts';
import { TokenBucket } from '../../../domain/token-bucket.ts';

/** What all functions of an account share: a limit on concurrent executions, and ten times that many requests a second. */
export class Account {
  running = 0;
  private readonly limit: number;
  private readonly requests: TokenBucket;

  /** `reserved` is the concurrency set aside for single functions, which the others cannot use. */
  constructor(part: Part, reserved: number) {
    const concurrency = numberOf(part, 'concurrency');
    const rate = concurrency * numberOf(part, 'rate_per_concurrency');
    this.limit = concurrency - reserved;
    this.requests = new TokenBucket(rate, rate);
  }

  /** Whether one more request may come in now at all. */
  admits(now: number): boolean {
    return this.requests.take(now, 1);
  }

  /** Whether an unreserved function may start one more execution. */
  get hasRoom(): boolean {
    return this.running < this.limit;
  }
}
