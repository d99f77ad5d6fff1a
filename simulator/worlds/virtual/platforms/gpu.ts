import type { Usage } from '../../../domain/cell.ts';
import { numberOf } from '../../../domain/part-values.ts';
import type { Part } from '../../../domain/plan.ts';
import type { CalendarQueue } from '../engine/calendar-queue.ts';
import { EVENT } from '../engine/events.ts';
import type { Frames } from '../engine/frames.ts';
import { IntRing } from '../engine/int-ring.ts';
import { Fleet } from './fleet.ts';

/**
 * GPU workers of one component: requests gather in a batch, which closes when it is full or has waited long enough.
 *
 * With `fills_while_waiting` (as NVIDIA Triton's dynamic batcher does) a batch that is due takes more requests until a card is free.
 *
 * A batch of b takes gpu_ms x max(1, base + b / saturation): flat until the card is full, then linear.
 * Closed batches wait first in, first out for a free card; one card computes one batch at a time.
 *
 * Simplified: a drained card finishes its batch whatever its patience, and what finds no card waits for one; work goes to a CPU where its
 * component is placed on one, not when cards are short.
 *
 * Source of the shape: NVIDIA/DeepLearningExamples, T4 ResNet-50 (2024-04).
 */
export class GpuPool {
  readonly fleet: Fleet;
  calls = 0;
  refusals = 0;
  /** Requests that wait in the open batch or in closed ones, and those being computed. */
  waiting = 0;
  computing = 0;
  busy = 0;
  workedMs = 0;
  /** First frame of a batch by batch slot; members are linked through `frames.next`. */
  private readonly heads: number[] = [];
  private readonly sizes: number[] = [];
  private readonly work: number[] = [];
  private readonly ranOn: number[] = [];
  /** By batch slot: when a card began to compute it. */
  readonly beganAt: number[] = [];
  private readonly endsAt: number[] = [];
  private readonly freeSlots: number[] = [];
  private readonly closed = new IntRing();
  private open = -1;
  /** True when the open batch has waited long enough and only wants for a card. */
  private isDue = false;
  private serial = 0;
  private readonly batchMax: number;
  private readonly waitMs: number;
  private readonly fillsWhileWaiting: boolean;
  private readonly base: number;
  private readonly saturation: number;
  private readonly stretch: number;
  private readonly queueLimit: number;
  private readonly events: CalendarQueue;
  private readonly frames: Frames;
  private readonly pool: number;
  private readonly part: Part;

  constructor(part: Part, pool: number, o: { events: CalendarQueue; frames: Frames; seed: number; endMs: number }) {
    this.part = part;
    this.pool = pool;
    this.events = o.events;
    this.frames = o.frames;
    this.batchMax = Math.round(numberOf(part, 'batch_max'));
    this.waitMs = numberOf(part, 'batch_wait_ms');
    this.fillsWhileWaiting = numberOf(part, 'fills_while_waiting') > 0;
    this.base = numberOf(part, 'batch_base');
    this.saturation = numberOf(part, 'saturation_batch');
    this.stretch = 1 / numberOf(part, 'speed');
    this.queueLimit = numberOf(part, 'queue_limit');
    this.fleet = new Fleet(part, pool, { ...o, extraBootMs: numberOf(part, 'model_load_s') * 1000 });
  }

  /** Takes `frame`, which needs `gpuMs` alone; false when too many wait. */
  join(frame: number, now: number, gpuMs: number): boolean {
    if (this.waiting >= this.queueLimit * Math.max(1, this.fleet.readyCount)) {
      this.refusals++;
      return false;
    }
    if (this.open < 0) this.begin(now);
    const batch = this.open;
    this.frames.next[frame] = this.heads[batch] as number;
    this.heads[batch] = frame;
    this.sizes[batch] = (this.sizes[batch] as number) + 1;
    this.work[batch] = (this.work[batch] as number) + gpuMs;
    this.calls++;
    this.waiting++;
    if ((this.sizes[batch] as number) < this.batchMax) return true;
    this.close();
    this.startNext(now);
    return true;
  }

  /** The open batch has waited long enough, if it is still the one that the event was for. */
  due(serial: number, now: number): void {
    if (this.open < 0 || serial !== this.serial) return;
    if (this.fillsWhileWaiting) this.isDue = true;
    else this.close();
    this.startNext(now);
  }

  /** Card `i` is gone: the first frame of the batch that it computed, or -1. The batch's place is kept until its end was due. */
  lose(i: number, now: number): number {
    const batch = this.ranOn.indexOf(i);
    if (batch < 0) return -1;
    this.workedMs -= (this.endsAt[batch] as number) - now;
    this.leave(batch, now);
    return this.heads[batch] as number;
  }

  private leave(batch: number, now: number): void {
    this.computing -= this.sizes[batch] as number;
    this.busy--;
    this.fleet.vacate(this.ranOn[batch] as number, now);
    this.ranOn[batch] = -1;
  }

  /** A batch is computed: returns its first frame (linked by `frames.next`) and starts the next one; -1 if its card was lost. */
  done(batch: number, now: number): number {
    this.freeSlots.push(batch);
    if ((this.ranOn[batch] as number) < 0) return -1;
    const head = this.heads[batch] as number;
    this.leave(batch, now);
    this.startNext(now);
    return head;
  }

  evict(i: number, now: number, patienceMs: number): void {
    this.fleet.evict(i, now, patienceMs);
  }

  booted(i: number, now: number): boolean {
    if (!this.fleet.booted(i, now)) return false;
    this.startNext(now);
    return true;
  }

  /** How many more messages a queue may hand over: two full batches a ready card, so that a card never waits for its queue. */
  get room(): number {
    return this.fleet.readyCount * this.batchMax * 2 - this.waiting - this.computing;
  }

  usage(now: number): Usage[] {
    const logs = (this.calls * numberOf(this.part, 'log_kb')) / 1e6;
    return [...this.fleet.usage(now), { component: this.part.owner, item: 'logs-gb', quantity: logs }];
  }

  private begin(now: number): void {
    this.open = this.freeSlots.pop() ?? this.heads.length;
    this.heads[this.open] = -1;
    this.sizes[this.open] = 0;
    this.work[this.open] = 0;
    this.isDue = false;
    this.serial = (this.serial + 1) | 0;
    if (this.batchMax > 1) this.events.push(now + this.waitMs, EVENT.batchDue, this.pool, this.serial);
  }

  private close(): void {
    this.closed.push(this.open);
    this.open = -1;
    this.isDue = false;
  }

  private startNext(now: number): void {
    while (this.closed.length > 0 || this.isDue) {
      const card = this.freeCard();
      if (card < 0) return;
      if (this.closed.length === 0) this.close();
      const batch = this.closed.shift();
      const size = this.sizes[batch] as number;
      const alone = ((this.work[batch] as number) / size) * this.stretch;
      const span = alone * Math.max(1, this.base + size / this.saturation);
      this.ranOn[batch] = card;
      this.fleet.occupy(card, now);
      this.busy++;
      this.waiting -= size;
      this.computing += size;
      this.workedMs += span;
      this.beganAt[batch] = now;
      this.endsAt[batch] = now + span;
      this.events.push(now + span, EVENT.batchDone, this.pool, batch);
    }
  }

  private freeCard(): number {
    for (let k = 0; k < this.fleet.readyCount; k++) {
      const i = this.fleet.ready[k] as number;
      if (this.fleet.busy[i] === 0) return i;
    }
    return -1;
  }
}
