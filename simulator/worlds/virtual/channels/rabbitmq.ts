import type { Usage } from '../../../domain/cell.ts';
import { Stream } from '../../../domain/draws.ts';
import { numberOf, samplerOf } from '../../../domain/part-values.ts';
import type { Part } from '../../../domain/plan.ts';
import type { Sampler } from '../../../domain/sampler.ts';
import { DeadlineRing } from '../engine/deadline-ring.ts';
import { IntRing } from '../engine/int-ring.ts';
import type { Broker } from './broker.ts';
import { ADMITTED, type Channel, LOST, TURNED_AWAY } from './channel.ts';
import { MESSAGE, type Messages } from './messages.ts';
import { Pollers } from './pollers.ts';

export interface RabbitmqOptions {
  seed: number;
  kb: number;
  messages: Messages;
  broker: Broker;
  /** Machines that consume; undefined for functions, which Lambda polls for. */
  fleet: { readonly readyCount: number } | undefined;
  /** Message `m` is gone. */
  forget(m: number): void;
}

/**
 * One queue of a RabbitMQ broker: it pushes messages to its consumers, at most `prefetch` unacknowledged ones to each, and what is not
 * acknowledged goes back to its head at once; a quorum queue gives up after its delivery limit.
 *
 * With automatic acknowledgement the prefetch does not count and a message is forgotten as it leaves: it is lost when its consumer fails
 * or goes. Without confirms a publisher does not hear that the broker was away. Functions are consumed for by Lambda's event source for
 * Amazon MQ: whole batches, acknowledged only after the function succeeded, repeated whole after a failure.
 *
 * Simplified: a dead-letter exchange is there. What machines have prefetched and not begun is one heap, of which a machine that goes takes its share along; what is on
 * its way when the broker stops arrives; a consumer that never acknowledges is not cut off after half an hour.
 *
 * Source: RabbitMQ documentation (consumer prefetch, confirms, quorum queues), see plan/parameters/rabbitmq.ts.
 */
export class RabbitmqQueue implements Channel {
  readonly deadlines = new DeadlineRing();
  readonly batchSize: number;
  readonly windowMs: number;
  readonly receivesMax: number;
  readonly retentionMs = Number.POSITIVE_INFINITY;
  readonly inFlightMax = Number.POSITIVE_INFINITY;
  readonly isOrdered = false;
  readonly recognisesRepeats = false;
  readonly returnsAtOnce = true;
  /** It is the broker that stops (`broker-desk.ts`): consumers go on with what they have at hand. */
  readonly isStopped = false;
  readonly forgets: boolean;
  readonly isAllOrNothing: boolean;
  readonly isDurable: boolean;
  readonly kb: number;
  inFlight = 0;
  inTransit = 0;
  batchesOut = 0;
  isWaiting = false;
  private readonly o: RabbitmqOptions;
  private readonly confirms: boolean;
  private readonly prefetch: number;
  private readonly retryMs: number;
  private readonly pollers: Pollers;
  private readonly send: Sampler;
  private readonly commit: Sampler;
  private readonly delivery: Sampler;
  private readonly noise: Stream;
  /** In the broker: what came back, which goes first, and what is new. At the consumers: sent and not begun. */
  private readonly returned = new IntRing();
  private readonly queued = new IntRing();
  private readonly sentOut = new IntRing();
  private machines = 0;
  private allowed = 0;
  private storedMs = 0;
  private throughMs = 0;
  private batchAt = 0;

  constructor(part: Part, o: RabbitmqOptions) {
    const { words } = part;
    this.o = o;
    this.kb = o.kb;
    this.confirms = words.confirms === 'yes';
    this.isDurable = words.durable === 'yes';
    // Lambda acknowledges after the function, whatever is asked for.
    this.forgets = words.ack === 'automatic' && o.fleet !== undefined;
    this.isAllOrNothing = o.fleet === undefined;
    this.batchSize = Math.round(numberOf(part, 'batch_size'));
    this.windowMs = numberOf(part, 'batch_window_ms');
    this.receivesMax = Math.round(numberOf(part, 'delivery_limit')) + 1;
    this.prefetch = this.forgets ? Number.POSITIVE_INFINITY : Math.round(numberOf(part, 'prefetch'));
    this.retryMs = o.fleet === undefined ? numberOf(part, 'retry_ms') : 0;
    this.pollers = new Pollers(part);
    this.send = samplerOf(part, 'send_ms');
    this.commit = samplerOf(part, 'commit_ms');
    this.delivery = samplerOf(part, 'delivery_ms');
    this.noise = new Stream(o.seed, part.path);
    o.broker.queues.push(this);
  }

  /** Messages in the broker's memory: with automatic acknowledgement it keeps none that it has sent. */
  get held(): number {
    const kept = this.returned.length + this.queued.length;
    return this.forgets ? kept : kept + this.sentOut.length + this.inFlight;
  }

  get waiting(): number {
    return this.returned.length + this.queued.length + this.sentOut.length;
  }

  get ready(): number {
    return this.sentOut.length;
  }

  admits(_now: number, _n: number, tries: number): number {
    const { broker } = this.o;
    if (broker.isStopped) return this.confirms ? TURNED_AWAY : LOST;
    if (!broker.isFull) return ADMITTED;
    return broker.isOutOfPatience(tries) ? TURNED_AWAY : broker.pollMs;
  }

  storingMs(now: number, n: number): number {
    this.throughMs = this.o.broker.throughMs(now, n);
    this.storedMs = this.throughMs + this.draw(this.commit);
    return this.storedMs;
  }

  sendMs(): number {
    if (this.o.broker.isStopped) return this.draw(this.send);
    // Who does not wait for the confirm is still slowed down by the broker's flow control.
    return this.draw(this.send) + (this.confirms ? this.storedMs : this.throughMs);
  }

  isDuplicated(): boolean {
    return false;
  }

  repeated(_sender: number, _now: number): number {
    return -1;
  }

  sent(_sender: number, _cause: number, _now: number): void {}

  put(m: number): void {
    this.queued.push(m);
  }

  back(m: number, now: number): void {
    this.returnTo(m, now + this.retryMs);
  }

  left(_m: number): void {}

  /** Sends out what the consumers may hold. For functions: how many batches may be out at once. */
  allowance(now: number): number {
    this.allowed = this.pollers.allowance(now);
    this.noticeMachines(now);
    if (!this.o.broker.isStopped) this.push(now);
    return this.allowed;
  }

  looked(): void {
    this.pollers.looked(this.ready === 0, this.batchesOut);
  }

  get nextPollerMs(): number {
    return this.pollers.nextMs;
  }

  take(n: number): number {
    const m = this.sentOut.shift();
    if (m < 0) return -1;
    const at = this.o.messages.visibleAt[m] as number;
    this.batchAt = n === 0 ? at : Math.max(at, this.batchAt);
    return m;
  }

  peek(): number {
    return this.sentOut.peek();
  }

  receive(m: number, _now: number): void {
    const { messages } = this.o;
    messages.state[m] = MESSAGE.inFlight;
    messages.receives[m] = (messages.receives[m] as number) + 1;
    messages.generation[m] = ((messages.generation[m] as number) + 1) | 0;
    this.inFlight++;
  }

  deliveryMs(now: number): number {
    return Math.max(0, this.batchAt - now);
  }

  metersSends(_messages: number): void {}
  metersReceive(_messages: number): void {}
  metersDelete(_messages: number): void {}

  /** The broker is paid for, not what goes through. */
  usage(_now: number): Usage[] {
    return [];
  }

  /** The broker is gone, and with it every connection: what it kept is forgotten unless durable. */
  connectionLost(now: number): void {
    if (!this.forgets) for (let m = this.sentOut.shift(); m >= 0; m = this.sentOut.shift()) this.returnTo(m, now);
    if (this.isDurable) return;
    for (const ring of [this.returned, this.queued]) for (let m = ring.shift(); m >= 0; m = ring.shift()) this.o.forget(m);
  }

  private returnTo(m: number, at: number): void {
    this.o.messages.visibleAt[m] = at;
    this.returned.push(m);
  }

  /** Machines that have gone since the last look had their share of what was sent out. */
  private noticeMachines(now: number): void {
    const machines = this.o.fleet?.readyCount ?? 0;
    const gone = this.machines - machines;
    if (gone > 0) {
      let share = Math.ceil((this.sentOut.length * gone) / this.machines);
      for (; share > 0; share--) {
        const m = this.sentOut.shift();
        if (this.forgets) this.o.forget(m);
        else this.returnTo(m, now);
      }
    }
    this.machines = machines;
  }

  private push(now: number): void {
    const { fleet, messages } = this.o;
    const most = fleet === undefined ? this.allowed * this.batchSize : this.machines > 0 ? this.machines * this.prefetch : 0;
    while (this.inFlight + this.sentOut.length < most) {
      const isAgain = this.returned.length > 0;
      const m = isAgain ? this.returned.shift() : this.queued.shift();
      if (m < 0) return;
      messages.visibleAt[m] = Math.max(now, messages.visibleAt[m] as number) + this.draw(this.delivery);
      this.sentOut.push(m);
    }
  }

  private draw(law: Sampler): number {
    return law.isConstant ? law.mean : law.at(this.noise.next());
  }
}
