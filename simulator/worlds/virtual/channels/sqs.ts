import type { Usage } from '../../../domain/cell.ts';
import { Stream } from '../../../domain/draws.ts';
import type { Part } from '../../../domain/plan.ts';
import type { Sampler } from '../../../domain/sampler.ts';
import { DeadlineRing } from '../engine/deadline-ring.ts';
import { IntRing } from '../engine/int-ring.ts';
import { numberOf, samplerOf } from '../part-values.ts';
import { MESSAGE, type Messages } from './messages.ts';

/** Messages and KB that one SQS request takes, and KB that one request of the bill covers. */
const BATCH_API = 10;
const BATCH_KB = 1024;
const CHUNK_KB = 64;

/**
 * One standard queue: at least once, no order promised, a message that is received stays hidden for the visibility timeout and comes
 * back if it was not deleted by then; after `receives_max` receives it goes to the dead-letter queue.
 *
 * Function consumers are polled for by Lambda: 5 batches at once to begin with, 300 more a minute while there is a backlog.
 *
 * Simplified: every consumer reports the messages of a batch that failed (Lambda: ReportBatchItemFailures), so that the others are not
 * repeated with them; who leaves that out would see more repeats. Machines poll as Lambda's first pollers do.
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
  readonly inFlightMax: number;
  /** Takes nothing and gives nothing away, but keeps what it has. */
  isStopped = false;
  private duplicateRate: number;
  inFlight = 0;
  /** Messages being carried to a consumer that has not begun with them. */
  inTransit = 0;
  batchesOut = 0;
  /** True while a look at the queue is put off to a later event. */
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
  private readonly kb: number;
  private requests = 0;
  private idleMs = 0;
  /** What was so from the last look on: idle pollers, and whether the pollers grow (1) or shrink (-1). */
  private lookedAt = 0;
  private idlePollers: number;
  private trend = 0;

  constructor(part: Part, o: { seed: number; kb: number }) {
    this.part = part;
    this.kb = o.kb;
    this.batchSize = Math.round(numberOf(part, 'batch_size'));
    this.windowMs = numberOf(part, 'batch_window_ms');
    this.visibilityMs = numberOf(part, 'visibility_timeout_s') * 1000;
    this.receivesMax = Math.round(numberOf(part, 'receives_max'));
    this.retentionMs = numberOf(part, 'retention_s') * 1000;
    this.inFlightMax = numberOf(part, 'in_flight_max');
    this.duplicateRate = numberOf(part, 'duplicate_rate');
    this.pollersInitial = numberOf(part, 'pollers_initial');
    this.pollers = this.pollersInitial;
    this.idlePollers = this.pollersInitial;
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

  /** Stores at least this share of what is sent twice from now on. */
  duplicate(share: number): void {
    this.duplicateRate = Math.max(share, numberOf(this.part, 'duplicate_rate'));
  }

  /** Stops, or goes on; nobody polls meanwhile. */
  stop(isStopped: boolean, now: number): void {
    if (isStopped === this.isStopped) return;
    this.allowance(now);
    this.isStopped = isStopped;
    this.idlePollers = 0;
    this.trend = 0;
  }

  /** How many batches may be out at once at `now`: what was so since the last look has made pollers grow, shrink, or poll for nothing. */
  allowance(now: number): number {
    const span = now - this.lookedAt;
    this.lookedAt = now;
    this.idleMs += span * this.idlePollers;
    const pollers = this.pollers + this.trend * span * this.pollersPerMs;
    this.pollers = Math.max(this.pollersInitial, Math.min(this.pollersMax, pollers));
    return this.allowed;
  }

  private get allowed(): number {
    return Math.floor(this.pollers + 1e-9);
  }

  /** The look is over: what is so now stays so until the next. */
  looked(): void {
    const isEmpty = this.visible.length === 0;
    this.idlePollers = isEmpty ? Math.max(0, this.pollersInitial - this.batchesOut) : 0;
    this.trend = isEmpty ? -1 : this.batchesOut >= this.allowed ? 1 : 0;
  }

  /** Time until one more batch may be out, ms, while messages wait for pollers; infinite when that is not what they wait for. */
  get nextPollerMs(): number {
    if (this.trend <= 0 || this.pollers >= this.pollersMax || this.pollersPerMs === 0) return Number.POSITIVE_INFINITY;
    return (this.allowed + 1 - this.pollers) / this.pollersPerMs;
  }

  metersSends(messages: number): void {
    this.requests += this.requestsFor(messages);
  }

  metersReceive(messages: number): void {
    this.requests += this.requestsFor(messages);
  }

  /** Requests of the bill that carry `messages`: ten or 1 MB at a time, each 64 KB of them one. */
  private requestsFor(messages: number): number {
    const each = Math.max(1, Math.min(BATCH_API, Math.floor(BATCH_KB / this.kb)));
    const full = Math.floor(messages / each);
    return full * Math.ceil((each * this.kb) / CHUNK_KB) + Math.ceil(((messages - full * each) * this.kb) / CHUNK_KB);
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
