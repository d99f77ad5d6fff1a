import { numberOf } from '../../../domain/part-values.ts';
import type { Part } from '../../../domain/plan.ts';
import { TokenBucket } from '../../../domain/token-bucket.ts';
import { ADMITTED, TURNED_AWAY } from './channel.ts';
import { Deduplication } from './deduplication.ts';
import { Groups } from './groups.ts';
import { type QueueOptions, SqsQueue } from './sqs.ts';

/** Messages that one call of the API sends. */
const BATCH_API = 10;

/**
 * One FIFO queue: what a standard queue does, in order within each message group and one batch of a group at a time.
 *
 * A message that failed or is not deleted in time blocks its group until it succeeds or goes to the dead letters; the rest of its batch
 * comes back with it, and counts a receive. A delete after the visibility timeout does nothing. Repeats of an idempotent publisher are
 * sent, paid for, and dropped within the deduplication interval. AWS refuses a message without a group id, so a publisher that knows no
 * group makes one up: `none` is a new one for each message, which promises no order.
 *
 * Simplified: only sends count against the calls a second; consumers that take messages one by one at more than that rate would see it.
 *
 * Source: AWS SQS developer guide, see plan/parameters/sqs-fifo.ts.
 */
export class SqsFifoQueue extends SqsQueue {
  override readonly isOrdered = true;
  override readonly recognisesRepeats = true;
  private readonly groups: Groups;
  private readonly calls: TokenBucket;
  private readonly retries: number;
  private readonly retryBaseMs: number;
  private readonly known: Deduplication;

  constructor(part: Part, o: QueueOptions) {
    super(part, o);
    const rate = numberOf(part, 'calls_per_s');
    this.groups = new Groups(o.messages);
    this.calls = new TokenBucket(Math.max(1, rate), rate);
    this.retries = numberOf(part, 'retries');
    this.retryBaseMs = numberOf(part, 'retry_base_ms');
    this.known = new Deduplication(numberOf(part, 'deduplication_s') * 1000);
  }

  override get waiting(): number {
    return this.groups.waiting;
  }

  override get ready(): number {
    return this.groups.open;
  }

  override admits(now: number, n: number, tries: number): number {
    if (this.isStopped) return TURNED_AWAY;
    if (this.calls.take(now, Math.ceil(n / BATCH_API))) return ADMITTED;
    return tries < this.retries ? this.retryBaseMs * 2 ** tries : TURNED_AWAY;
  }

  override sent(sender: number, cause: number, now: number): void {
    this.known.remember(sender, cause, now);
  }

  override repeated(sender: number, now: number): number {
    return this.known.recognise(sender, now);
  }

  override put(m: number): void {
    this.groups.put(m, this.keyOf(m));
  }

  override back(m: number): void {
    this.groups.back(m);
  }

  override left(m: number): void {
    this.groups.left(m);
  }

  override take(n: number): number {
    return this.groups.take(n === 0);
  }

  override peek(): number {
    return this.groups.peek();
  }

  private keyOf(m: number): number {
    switch (this.part.words.group) {
      case 'actor':
        return this.messages.user[m] as number;
      case 'object':
        return this.messages.object[m] as number;
      case 'all':
        return 0;
      default:
        return m;
    }
  }
}
