import { TokenBucket } from '../../../../domain/token-bucket.ts';
import { throttled } from './api-error.ts';
import type { Parameters } from './parameters.ts';

/** At least so much concurrency stays for functions that have reserved none. */
const UNRESERVED_MIN = 100;

/** What all functions of the account share: concurrency, and requests a second. */
export class Account {
  /** Running invocations of functions that have reserved no concurrency. */
  running = 0;
  readonly reserved = new Map<string, number>();
  readonly concurrency: number;
  private readonly rate: TokenBucket;

  constructor({ account_concurrency, rate_per_concurrency }: Parameters) {
    this.concurrency = account_concurrency;
    const perSecond = account_concurrency * rate_per_concurrency;
    this.rate = new TokenBucket(perSecond, perSecond);
  }

  get unreserved(): number {
    return this.concurrency - [...this.reserved.values()].reduce((sum, count) => sum + count, 0);
  }

  /** Whether a function may keep `count` to itself; small test accounts may hold less than the service's floor. */
  canReserve(name: string, count: number): boolean {
    const rest = this.unreserved + (this.reserved.get(name) ?? 0) - count;
    return rest >= Math.min(UNRESERVED_MIN, this.concurrency / 10);
  }

  /** Throws: the ApiError 429 of the limit that is met. */
  admit(name: string, busy: number): void {
    const reserved = this.reserved.get(name);
    if (reserved !== undefined && busy >= reserved) throw throttled('ReservedFunctionConcurrentInvocationLimitExceeded');
    if (reserved === undefined && this.running >= this.unreserved) throw throttled('ConcurrentInvocationLimitExceeded');
    if (!this.rate.take(performance.now(), 1)) throw throttled('FunctionInvocationRateLimitExceeded');
  }
}
