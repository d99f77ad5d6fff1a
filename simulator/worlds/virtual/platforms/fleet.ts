import type { Usage } from '../../../domain/cell.ts';
import { Stream } from '../../../domain/draws.ts';
import { numberOf, samplerOf } from '../../../domain/part-values.ts';
import type { Part, PoolSizing } from '../../../domain/plan.ts';
import type { Sampler } from '../../../domain/sampler.ts';
import { type CalendarQueue, grown } from '../engine/calendar-queue.ts';
import { EVENT } from '../engine/events.ts';
import { MachineHours } from './machine-hours.ts';
import { Spot } from './spot.ts';

const STATE = { gone: 0, starting: 1, ready: 2, draining: 3 } as const;

/**
 * Machines that are started, take work, are drained and go: what servers and GPU workers have in common.
 *
 * Boot takes time; scale-in first cancels machines that are still starting, then drains the newest; a drained machine goes when its
 * last request is done; at the end of its patience a server's requests are cut off. Where some are bought on spot, these go first at
 * scale-in. Billed from launch, 60 s at least; after T only while it works.
 */
export class Fleet {
  ready = new Int32Array(64);
  readyCount = 0;
  starting = 0;
  draining = 0;
  wanted: number;
  busy = new Int32Array(64);
  readyAt = new Float64Array(64);
  readonly sizing: PoolSizing;
  private state = new Uint8Array(64);
  private position = new Int32Array(64);
  private launchedAt = new Float64Array(64);
  private busyFrom = new Float64Array(64);
  private created = 0;
  private readonly boot: Sampler;
  private readonly extraBootMs: number;
  private readonly drainMs: number;
  private readonly noise: Stream;
  private readonly events: CalendarQueue;
  private readonly pool: number;
  private readonly part: Part;
  private readonly endMs: number;
  private readonly onDemandHours: MachineHours;
  private readonly spotHours: MachineHours;
  /** Only where machines above an on-demand base are bought on spot. */
  readonly spot: Spot | undefined;
  /** While a fault lasts that leaves what is gone without replacement. */
  isHeld = false;

  constructor(part: Part, pool: number, o: { events: CalendarQueue; seed: number; endMs: number; extraBootMs: number }) {
    const sizing = part.sizing;
    if (sizing === undefined) throw new RangeError(`part ${part.path} has no sizing`);
    this.part = part;
    this.pool = pool;
    this.sizing = sizing;
    this.events = o.events;
    this.endMs = o.endMs;
    this.boot = samplerOf(part, 'boot_s');
    this.extraBootMs = o.extraBootMs;
    this.drainMs = numberOf(part, 'drain_s') * 1000;
    this.noise = new Stream(o.seed, part.path);
    this.onDemandHours = new MachineHours(o.endMs, sizing.reserved);
    this.spotHours = new MachineHours(o.endMs, 0);
    this.spot = sizing.onDemand === undefined ? undefined : new Spot(part, { seed: o.seed, base: sizing.onDemand });
    this.wanted = sizing.initial;
    for (let i = 0; i < sizing.initial; i++) this.enter(this.launch(0), Number.NEGATIVE_INFINITY);
  }

  get existingNow(): number {
    return this.onDemandHours.existing + this.spotHours.existing;
  }

  /** Asks for `wanted` machines, within the limits of the pool. */
  resize(wanted: number, now: number): void {
    this.wanted = Math.max(this.sizing.minimum, Math.min(this.sizing.maximum, wanted));
    while (!this.isHeld && this.readyCount + this.starting < this.wanted) {
      const i = this.launch(now);
      this.state[i] = STATE.starting;
      this.starting++;
      this.events.push(now + this.boot.at(this.noise.next()) * 1000 + this.extraBootMs, EVENT.booted, this.pool, i);
    }
    for (let i = this.created - 1; this.readyCount + this.starting > this.wanted && this.starting > 0 && i >= 0; i--) {
      if (this.state[i] === STATE.starting) this.cancel(i, now);
    }
    while (this.readyCount > this.wanted) this.drain(this.dispensable, now);
  }

  /** A machine has booted: it takes work from now on. False when it was cancelled meanwhile. */
  booted(i: number, now: number): boolean {
    if (this.state[i] !== STATE.starting) return false;
    this.starting--;
    this.enter(i, now);
    return true;
  }

  /** Machines that exist: starting, ready or draining. */
  get existingOnes(): number[] {
    return Array.from({ length: this.created }, (_, i) => i).filter((i) => this.exists(i));
  }

  exists(i: number): boolean {
    return this.state[i] !== STATE.gone;
  }

  /** Spot machines that exist and have had no notice. */
  get spotOnes(): number[] {
    return this.existingOnes.filter((i) => this.spot?.canBeTold(i));
  }

  /** Machine `i` takes nothing new from now on, and is gone when it is idle, or taken away after `patienceMs`. */
  evict(i: number, now: number, patienceMs: number): void {
    if (this.state[i] === STATE.starting) this.cancel(i, now);
    else if (this.state[i] === STATE.ready) this.withdraw(i, now);
    if (this.state[i] === STATE.draining) this.events.push(now + patienceMs, EVENT.reclaimed, this.pool, i);
  }

  /** Work begins on machine `i`. */
  occupy(i: number, now: number): void {
    if (this.busy[i] === 0) this.busyFrom[i] = now;
    this.busy[i] = (this.busy[i] as number) + 1;
  }

  /** Work ends on machine `i`; a draining one may go. */
  vacate(i: number, now: number): void {
    const busy = (this.busy[i] as number) - 1;
    this.busy[i] = busy;
    if (busy > 0) return;
    this.hoursOf(i).worked(this.busyFrom[i] as number, now);
    if (this.state[i] === STATE.draining) {
      this.draining--;
      this.leave(i, now);
    }
  }

  isReady(i: number): boolean {
    return this.state[i] === STATE.ready;
  }

  isDraining(i: number): boolean {
    return this.state[i] === STATE.draining;
  }

  /** Machine-ms that existed until T, for utilisation. */
  existedUntil(now: number): number {
    return this.onDemandHours.existedUntil(now) + this.spotHours.existedUntil(now);
  }

  /** Hours on demand, on spot and reserved, and the root disks. */
  usage(now: number): Usage[] {
    const component = this.part.owner;
    const type = this.part.words.instance ?? 'unknown';
    const reservedHours = (this.sizing.reserved * this.endMs) / 3_600_000;
    const diskGb = numberOf(this.part, 'disk_gb');
    const months = (this.existedUntil(Math.max(now, this.endMs)) / 3_600_000 / 730) * diskGb;
    return [
      { component, item: `server-hours:${type}`, quantity: this.onDemandHours.billedMs(now) / 3_600_000 },
      { component, item: `server-hours-spot:${type}`, quantity: this.spotHours.billedMs(now) / 3_600_000 },
      { component, item: `server-hours-reserved:${type}`, quantity: reservedHours },
      { component, item: 'disk-gb-months', quantity: months },
    ].filter((line) => line.quantity > 0);
  }

  private launch(now: number): number {
    const i = this.created++;
    if (i === this.state.length) this.grow();
    this.launchedAt[i] = now;
    const noticeAt = now + (this.spot?.launched(i) ?? Number.POSITIVE_INFINITY);
    if (noticeAt < this.endMs) this.events.push(noticeAt, EVENT.interrupted, this.pool, i);
    this.hoursOf(i).launched(now);
    return i;
  }

  private enter(i: number, now: number): void {
    this.state[i] = STATE.ready;
    this.readyAt[i] = now;
    this.position[i] = this.readyCount;
    this.ready[this.readyCount++] = i;
  }

  /** What goes first: the last spot machine, else the last of all. */
  private get dispensable(): number {
    for (let k = this.readyCount - 1; this.spot !== undefined && k >= 0; k--) {
      const i = this.ready[k] as number;
      if (this.spot.has(i)) return i;
    }
    return this.ready[this.readyCount - 1] as number;
  }

  private cancel(i: number, now: number): void {
    this.starting--;
    this.spot?.withdrawn(i);
    this.leave(i, now);
  }

  private drain(i: number, now: number): void {
    this.withdraw(i, now);
    if (this.state[i] === STATE.draining) this.events.push(now + this.drainMs, EVENT.drained, this.pool, i);
  }

  private withdraw(i: number, now: number): void {
    this.spot?.withdrawn(i);
    const last = this.ready[--this.readyCount] as number;
    this.ready[this.position[i] as number] = last;
    this.position[last] = this.position[i] as number;
    if (this.busy[i] === 0) {
      this.leave(i, now);
      return;
    }
    this.state[i] = STATE.draining;
    this.draining++;
  }

  private leave(i: number, now: number): void {
    this.state[i] = STATE.gone;
    this.hoursOf(i).left(now, this.launchedAt[i] as number);
  }

  private hoursOf(i: number): MachineHours {
    return this.spot?.has(i) ? this.spotHours : this.onDemandHours;
  }

  private grow(): void {
    const size = this.state.length * 2;
    this.state = grown(this.state, new Uint8Array(size));
    for (const name of ['ready', 'busy', 'position'] as const) this[name] = grown(this[name], new Int32Array(size));
    for (const name of ['readyAt', 'launchedAt', 'busyFrom'] as const) this[name] = grown(this[name], new Float64Array(size));
  }
}
