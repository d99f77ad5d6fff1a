import { numberOf } from '../../../domain/part-values.ts';
import type { Part } from '../../../domain/plan.ts';
import { wallMs } from '../clock.ts';
import type { Story } from '../contract.ts';
import { type Place, post, type Result } from '../wire.ts';

/** A running instance, and where it listens. */
export interface Instance {
  id: number;
  at: Place;
}

/** What the pool has done since the start; differences between two looks are what a controller sees. */
export interface PoolCounters {
  busy: number;
  queued: number;
  arrivals: number;
  completions: number;
  refusals: number;
  /** Integral of busy slots over time, slot-ms. */
  area_ms: number;
}

interface Slot extends Instance {
  busy: number;
}

interface Waiting {
  take: (instance: Slot) => void;
}

/** Instances x slots of one component behind a balancer, with one bounded queue, first come, first served: as the virtual pool has it. */
export class ServerPool {
  private readonly part: Part;
  private readonly slots: number;
  private readonly queueLimit: number;
  private readonly overflows: boolean;
  private readonly waited: (story: Story, since_ms: number) => void;
  private instances: Slot[] = [];
  private queue: Waiting[] = [];
  private turn = 0;
  private busy = 0;
  private since = wallMs();
  private readonly counts = { arrivals: 0, completions: 0, refusals: 0, area_ms: 0 };

  constructor(part: Part, o: { overflows: boolean; waited(story: Story, since_ms: number): void }) {
    this.part = part;
    this.slots = Math.max(1, Math.round(numberOf(part, part.kind === 'gpu' ? 'batch_max' : 'slots')));
    this.queueLimit = numberOf(part, 'queue_limit');
    this.overflows = o.overflows;
    this.waited = o.waited;
  }

  /** The instances that take work from now on; what runs elsewhere is finished there. */
  resize(instances: readonly Instance[]): void {
    const known = new Map(this.instances.map((slot) => [slot.id, slot]));
    this.instances = instances.map((instance) => known.get(instance.id) ?? { ...instance, busy: 0 });
    this.feed();
  }

  /** Sends a call to a free slot, or lets it wait for one; `full` where an overflow should take it. */
  async call(component: number, story: Story): Promise<Result | 'full'> {
    const free = this.freeSlot();
    if (free === undefined && this.overflows) return 'full';
    this.counts.arrivals++;
    if (free === undefined && this.queue.length >= this.queueLimit * Math.max(1, this.instances.length)) {
      this.counts.refusals++;
      return 'refused';
    }
    const slot = free ?? (await this.turnOf(story));
    if (free) this.hold(free);
    const result = await post({ ...slot.at, path: `/calls/${component}`, story });
    this.leave(slot);
    return result;
  }

  counters(): PoolCounters {
    this.account();
    return { ...this.counts, busy: this.busy, queued: this.queue.length };
  }

  get places(): Place[] {
    return this.instances.map(({ at }) => at);
  }

  get path(): string {
    return this.part.path;
  }

  private async turnOf(story: Story): Promise<Slot> {
    const since = wallMs();
    const slot = await new Promise<Slot>((take) => this.queue.push({ take }));
    this.waited(story, since);
    return slot;
  }

  private freeSlot(): Slot | undefined {
    const { instances } = this;
    for (let k = 0; k < instances.length; k++) {
      this.turn = (this.turn + 1) % instances.length;
      const slot = instances[this.turn] as Slot;
      if (slot.busy < this.slots) return slot;
    }
    return undefined;
  }

  private hold(slot: Slot): void {
    this.account();
    slot.busy++;
    this.busy++;
  }

  private leave(slot: Slot): void {
    this.account();
    slot.busy--;
    this.busy--;
    this.counts.completions++;
    this.feed();
  }

  /** Whoever waits longest gets what is free. */
  private feed(): void {
    while (this.queue.length > 0) {
      const slot = this.freeSlot();
      if (slot === undefined) return;
      this.hold(slot);
      (this.queue.shift() as Waiting).take(slot);
    }
  }

  private account(): void {
    const now = wallMs();
    this.counts.area_ms += this.busy * (now - this.since);
    this.since = now;
  }
}
