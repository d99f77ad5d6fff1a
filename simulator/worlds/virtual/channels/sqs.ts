import type { Usage } from '../../../domain/cell.ts';
import { Stream } from '../../../domain/draws.ts';
import { numberOf, samplerOf } from '../../../domain/part-values.ts';
import type { Part } from '../../../domain/plan.ts';
import type { Sampler } from '../../../domain/sampler.ts';
import { DeadlineRing } from '../engine/deadline-ring.ts';
import { IntRing } from '../engine/int-ring.ts';
import { ADMITTED, type Channel, TURNED_AWAY } from './channel.ts';
import { MESSAGE, type Messages } from './messages.ts';
import { Pollers } from './pollers.ts';

/** Messages and KB that one SQS request takes, and KB that one request of the bill covers. */
const BATCH_API = 10;
const BATCH_KB = 1024;
const CHUNK_KB = 64;

export interface QueueOptions {
  seed: number;
  /** KB of one message. */
  kb: number;
  messages: Messages;
}

/**
 * One standard queue: at least once, no order promised, a message that is received stays hidden for the visibility timeout and comes
 * back if it was not deleted by then; after `receives_max` receives it goes to the dead-letter queue.
 *
 * Function consumers are polled for by Lambda: 5 batches at once to begin with, 300 more a minute while there is a backlog.
 *
 * Simplified: every consumer reports the messages of a batch that failed (Lambda: ReportBatchItemFailures), so that the others are not
 * repeated with them; who leaves that out would see more repeats. Machines poll as Lambda's first pollers do.
 * Lambda refuses a queue whose visibility timeout is shorter than its function's timeout; here that is played, and shows what it would do.
 *
 * Source: AWS SQS and Lambda developer guides, see plan/parameters/sqs.ts.
 */
export class SqsQueue implements Channel {
  readonly deadlines = new DeadlineRing();
  readonly batchSize: number;
  readonly windowMs: number;
  readonly receivesMax: number;
  readonly retentionMs: number;
  readonly inFlightMax: number;
  readonly isOrdered: boolean = false;
  readonly returnsAtOnce = false;
  readonly forgets = false;
  readonly isAllOrNothing = false;
  readonly recognisesRepeats: boolean = false;
  isStopped = false;
  inFlight = 0;
  inTransit = 0;
  batchesOut = 0;
  isWaiting = false;
  protected readonly messages: Messages;
  protected readonly part: Part;
  protected readonly pollers: Pollers;
  protected requests = 0;
  private readonly visible = new IntRing();
  private readonly visibilityMs: number;
  private readonly ownDuplicateRate: number;
  private duplicateRate: number;
  private readonly delivery: Sampler;
  private readonly send: Sampler;
  private readonly longPollMs: number;
  private readonly noise: Stream;
  private readonly kb: number;

  constructor(part: Part, o: QueueOptions) {
    this.part = part;
    this.kb = o.kb;
    this.messages = o.messages;
    this.batchSize = Math.round(numberOf(part, 'batch_size'));
    this.windowMs = part.values.batch_window_ms === undefined ? 0 : numberOf(part, 'batch_window_ms');
    this.visibilityMs = numberOf(part, 'visibility_timeout_s') * 1000;
    this.receivesMax = Math.round(numberOf(part, 'receives_max'));
    this.retentionMs = numberOf(part, 'retention_s') * 1000;
    this.inFlightMax = numberOf(part, 'in_flight_max');
    this.ownDuplicateRate = part.values.duplicate_rate === undefined ? 0 : numberOf(part, 'duplicate_rate');
    this.duplicateRate = this.ownDuplicateRate;
    this.pollers = new Pollers(part);
    this.delivery = samplerOf(part, 'delivery_ms');
    this.send = samplerOf(part, 'send_ms');
    this.longPollMs = numberOf(part, 'long_poll_s') * 1000;
    this.noise = new Stream(o.seed, part.path);
  }

  get waiting(): number {
    return this.visible.length;
  }

  get ready(): number {
    return this.visible.length;
  }

  admits(_now: number, _n: number, _tries: number): number {
    return this.isStopped ? TURNED_AWAY : ADMITTED;
  }

  storingMs(_now: number, _n: number): number {
    return 0;
  }

  sendMs(): number {
    return this.send.isConstant ? this.send.mean : this.send.at(this.noise.next());
  }

  /** Whether this send is stored twice. */
  isDuplicated(): boolean {
    return this.duplicateRate > 0 && this.noise.next() < this.duplicateRate;
  }

  /** A standard queue recognises nothing; who is idempotent does not send again. */
  repeated(_sender: number, _now: number): number {
    return -1;
  }

  sent(_sender: number, _cause: number, _now: number): void {}

  put(m: number): void {
    this.visible.push(m);
  }

  back(m: number, _now: number): void {
    this.visible.push(m);
  }

  left(_m: number): void {}

  /** Stores at least this share of what is sent twice from now on. */
  duplicate(share: number): void {
    this.duplicateRate = Math.max(share, this.ownDuplicateRate);
  }

  /** Stops, or goes on; nobody polls meanwhile. */
  stop(isStopped: boolean, now: number): void {
    if (isStopped === this.isStopped) return;
    this.isStopped = isStopped;
    this.pollers.rest(now);
  }

  allowance(now: number): number {
    return this.pollers.allowance(now);
  }

  looked(): void {
    this.pollers.looked(this.ready === 0, this.batchesOut);
  }

  get nextPollerMs(): number {
    return this.pollers.nextMs;
  }

  take(_n: number): number {
    return this.visible.shift();
  }

  peek(): number {
    return this.visible.peek();
  }

  /** Hides message `m` and counts the receive. */
  receive(m: number, now: number): void {
    const { messages } = this;
    messages.state[m] = MESSAGE.inFlight;
    messages.receives[m] = (messages.receives[m] as number) + 1;
    messages.generation[m] = ((messages.generation[m] as number) + 1) | 0;
    this.inFlight++;
    this.deadlines.push(now + this.visibilityMs, m, messages.generation[m] as number);
  }

  deliveryMs(_now: number): number {
    return this.delivery.isConstant ? this.delivery.mean : this.delivery.at(this.noise.next());
  }

  metersSends(messages: number): void {
    this.requests += this.requestsFor(messages);
  }

  metersReceive(messages: number): void {
    this.requests += this.requestsFor(messages);
  }

  metersDelete(messages: number): void {
    this.requests += Math.ceil(messages / BATCH_API);
  }

  /** Requests of the bill that carry `messages`: ten or 1 MB at a time, each 64 KB of them one. */
  private requestsFor(messages: number): number {
    const each = Math.max(1, Math.min(BATCH_API, Math.floor(BATCH_KB / this.kb)));
    const full = Math.floor(messages / each);
    return full * Math.ceil((each * this.kb) / CHUNK_KB) + Math.ceil(((messages - full * each) * this.kb) / CHUNK_KB);
  }

  /** Empty polls included: idle pollers ask once per long poll. */
  usage(now: number): Usage[] {
    const idleMs = this.pollers.idleUntil(now);
    const empty = this.longPollMs > 0 ? idleMs / this.longPollMs : 0;
    return [{ component: this.part.owner, item: `${this.part.kind}-requests`, quantity: this.requests + empty }];
  }
}
