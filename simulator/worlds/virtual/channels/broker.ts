import type { Usage } from '../../../domain/cell.ts';
import { numberOf } from '../../../domain/part-values.ts';
import type { Part } from '../../../domain/plan.ts';

const HOUR_MS = 3_600_000;
const MONTH_MS = 730 * HOUR_MS;

/** A queue as its broker sees it. */
export interface Held {
  /** Messages that it keeps, unacknowledged ones included, and KB of each. */
  readonly held: number;
  readonly kb: number;
}

/**
 * One RabbitMQ broker, alone or as a cluster: machines that are paid for whether busy or not, which carry so many messages a second and
 * hold so many in memory.
 *
 * Above the memory limit it blocks publishers; consumers go on, which is how it gets below again. While it is stopped nothing goes in or out.
 *
 * Simplified: a cluster stops as a whole; the loss of one of three machines, which a quorum queue survives, is not told apart. Memory is
 * messages only, and a message lies on one machine or on all three: connections and other queues of the same broker are not counted.
 *
 * Source: RabbitMQ documentation (memory, flow control), see plan/parameters/broker.ts.
 */
export class Broker {
  isStopped = false;
  readonly queues: Held[] = [];
  readonly pollMs: number;
  private readonly part: Part;
  private readonly msPerMessage: number;
  private readonly limitKb: number;
  private readonly overheadKb: number;
  private readonly patienceMs: number;
  private freeAt = 0;

  constructor(part: Part) {
    this.part = part;
    this.msPerMessage = 1000 / numberOf(part, 'messages_per_s');
    this.limitKb = numberOf(part, 'memory_mb') * 1024 * numberOf(part, 'memory_share');
    this.overheadKb = numberOf(part, 'overhead_kb');
    this.pollMs = numberOf(part, 'blocked_poll_ms');
    this.patienceMs = numberOf(part, 'publish_timeout_ms');
  }

  /** Whether the memory alarm is on. */
  get isFull(): boolean {
    let kb = 0;
    for (const queue of this.queues) kb += queue.held * (queue.kb + this.overheadKb);
    return kb > this.limitKb;
  }

  /** Whether a publisher that has been blocked `tries` times gives up. */
  isOutOfPatience(tries: number): boolean {
    return tries * this.pollMs >= this.patienceMs;
  }

  /** Time until `n` messages that come at `now` are through, ms. */
  throughMs(now: number, n: number): number {
    this.freeAt = Math.max(now, this.freeAt) + n * this.msPerMessage;
    return this.freeAt - now;
  }

  /** What it was busy with is gone when it starts again. */
  forgetWork(now: number): void {
    this.freeAt = Math.min(this.freeAt, now);
  }

  usage(endedAt: number): Usage[] {
    const component = this.part.owner;
    const nodes = numberOf(this.part, 'nodes');
    return [
      { component, item: `broker-hours:${this.part.words.instance}`, quantity: (nodes * endedAt) / HOUR_MS },
      { component, item: 'broker-gb-months', quantity: (nodes * numberOf(this.part, 'disk_gb') * endedAt) / MONTH_MS },
    ];
  }
}
