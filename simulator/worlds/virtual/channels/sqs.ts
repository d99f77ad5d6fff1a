import type { Usage } from '../../../domain/cell.ts';
import { Stream } from '../../../domain/draws.ts';
import type { Part } from '../../../domain/plan.ts';
import type { Sampler } from '../../../domain/sampler.ts';
import { DeadlineRing } from '../engine/deadline-ring.ts';
import { IntRing } from '../engine/int-ring.ts';
import { numberOf, samplerOf } from '../part-values.ts';
import { MESSAGE, type Messages } from './messages.ts';

/** Messages in one SQS request, and bytes that one request of the bill covers. */
const BATCH_API = 10;
const CHUNK_KB = 64;

/**
 * One standard queue: at least once, no order promised, a message that is received stays hidden for the visibility timeout and comes
 * back if it was not deleted by then; after `receives_max` receives it goes to the dead-letter queue.
 *
 * Function consumers are polled for by Lambda: 5 batches at once to begin with, 300 more a minute while there is a backlog.
 *
 * Source: AWS SQS and Lambda developer guides, see plan/parameters/sqs.ts.
 */
export class SqsQueue {
  readonly visible = new IntRing();
  readonly deadlines = new DeadlineRing();
  readonly batchSize: number;
  readonly windowMs: number;
  readonly visibilityMs: number;
  readonly receivesMax: number;
  readonly retentionMs: number;
  readonly duplicateRate: number;
  inFlight = 0;
  /** Messages being carried to a consumer that has not begun with them. */
  inTransit = 0;
  batchesOut = 0;
  published = 0;
  deadLettered = 0;
  /** True while a dispatch event is pending for the batch window. */
  isWaiting = false;
  private pollers: number;
  private readonly pollersInitial: number;
  private readonly pollersPerMs: number;
  private readonly pollersMax: number;
  private readonly delivery: Sampler;
  private readonly send: Sampler;
  private readonly longPollMs: number;
  private readonly noise: Stream;
  private readonly part: Part;
  private readonly chunks: number;
  private requests = 0;
  private idleMs = 0;
  private lookedAt = 0;

  constructor(part: Part, o: { seed: number; kb: number }) {
    this.part = part;
    this.chunks = Math.max(1, Math.ceil(o.kb / CHUNK_KB));
    this.batchSize = Math.round(numberOf(part, 'batch_size'));
    this.windowMs = numberOf(part, 'batch_window_ms');
    this.visibilityMs = numberOf(part, 'visibility_timeout_s') * 1000;
    this.receivesMax = Math.round(numberOf(part, 'receives_max'));
    this.retentionMs = numberOf(part, 'retention_s') * 1000;
    this.duplicateRate = numberOf(part, 'duplicate_rate');
    this.pollersInitial = numberOf(part, 'pollers_initial');
    this.pollers = this.pollersInitial;
    this.pollersPerMs = numberOf(part, 'pollers_per_min') / 60_000;
    this.pollersMax = numberOf(part, 'pollers_max');
    this.delivery = samplerOf(part, 'delivery_ms');
    this.send = samplerOf(part, 'send_ms');
    this.longPollMs = numberOf(part, 'long_poll_s') * 1000;
    this.noise = new Stream(o.seed, part.path);
  }

  /** Visible -> handler, ms. */
  deliveryMs(): number {
    return this.delivery.isConstant ? this.delivery.mean : this.delivery.at(this.noise.next());
  }

  /** Time the publisher waits for its send, ms. */
  sendMs(): number {
    return this.send.isConstant ? this.send.mean : this.send.at(this.noise.next());
  }

  /** Whether this send is stored twice. */
  isDuplicated(): boolean {
    return this.duplicateRate > 0 && this.noise.next() < this.duplicateRate;
  }

  /** Messages that the queue knows: waiting and in flight (what KEDA scales on). */
  get depth(): number {
    return this.visible.length + this.inFlight;
  }

  /** How many batches may be out at once at `now`; grows while messages wait, falls back while none do. */
  allowance(now: number): number {
    const span = now - this.lookedAt;
    this.lookedAt = now;
    const idle = Math.max(0, this.pollersInitial - this.batchesOut);
    if (this.visible.length === 0) this.idleMs += span * idle;
    const step = span * this.pollersPerMs;
    const isBacklogged = this.visible.length > 0 && this.batchesOut >= Math.floor(this.pollers);
    if (isBacklogged) this.pollers = Math.min(this.pollersMax, this.pollers + step);
    else if (this.visible.length === 0) this.pollers = Math.max(this.pollersInitial, this.pollers - step);
    return Math.floor(this.pollers);
  }

  metersSends(messages: number): void {
    this.published += messages;
    this.requests += Math.ceil(messages / BATCH_API) * this.chunks;
  }

  metersReceive(messages: number): void {
    this.requests += Math.ceil(messages / BATCH_API) * this.chunks;
  }

  metersDelete(messages: number): void {
    this.requests += Math.ceil(messages / BATCH_API);
  }

  /** Hides message `m` and counts the receive. */
  receive(messages: Messages, m: number, now: number): void {
    messages.state[m] = MESSAGE.inFlight;
    messages.receives[m] = (messages.receives[m] as number) + 1;
    messages.generation[m] = ((messages.generation[m] as number) + 1) | 0;
    this.inFlight++;
    this.deadlines.push(now + this.visibilityMs, m, messages.generation[m] as number);
  }

  /** Empty polls included: idle pollers ask once per long poll. */
  usage(now: number): Usage[] {
    this.allowance(now);
    const empty = this.longPollMs > 0 ? this.idleMs / this.longPollMs : 0;
    return [{ component: this.part.owner, item: 'sqs-requests', quantity: this.requests + empty }];
  }
}
