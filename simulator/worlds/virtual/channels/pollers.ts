import { numberOf } from '../../../domain/part-values.ts';
import type { Part } from '../../../domain/plan.ts';

/**
 * Pollers that carry batches from a queue to a function: some to begin with, more each minute while there is a backlog, fewer again
 * while there is none.
 */
export class Pollers {
  private count: number;
  private readonly initial: number;
  private readonly perMs: number;
  private readonly most: number;
  private idleMs = 0;
  /** What was so from the last look on: idle pollers, and whether the pollers grow (1) or shrink (-1). */
  private lookedAt = 0;
  private idle: number;
  private trend = 0;

  constructor(part: Part) {
    this.initial = numberOf(part, 'pollers_initial');
    this.count = this.initial;
    this.idle = this.initial;
    this.perMs = numberOf(part, 'pollers_per_min') / 60_000;
    this.most = numberOf(part, 'pollers_max');
  }

  /** How many batches may be out at once at `now`: what was so since the last look has made pollers grow, shrink, or poll for nothing. */
  allowance(now: number): number {
    const span = now - this.lookedAt;
    this.lookedAt = now;
    this.idleMs += span * this.idle;
    const pollers = this.count + this.trend * span * this.perMs;
    this.count = Math.max(this.initial, Math.min(this.most, pollers));
    return this.allowed;
  }

  private get allowed(): number {
    return Math.floor(this.count + 1e-9);
  }

  /** The look is over: what is so now stays so until the next. */
  looked(isEmpty: boolean, batchesOut: number): void {
    this.idle = isEmpty ? Math.max(0, this.initial - batchesOut) : 0;
    this.trend = isEmpty ? -1 : batchesOut >= this.allowed ? 1 : 0;
  }

  /** Nobody polls, and there are neither more nor fewer, until the next look is over. */
  rest(now: number): void {
    this.allowance(now);
    this.idle = 0;
    this.trend = 0;
  }

  /** Time until there is one more, ms, while messages wait for pollers; infinite when that is not what they wait for. */
  get nextMs(): number {
    if (this.trend <= 0 || this.count >= this.most || this.perMs === 0) return Number.POSITIVE_INFINITY;
    return (this.allowed + 1 - this.count) / this.perMs;
  }

  /** Poller-ms spent on asking a queue that had nothing, until `now`. */
  idleUntil(now: number): number {
    this.allowance(now);
    return this.idleMs;
  }
}
