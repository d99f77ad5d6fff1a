import type { Usage } from '../../../domain/cell.ts';
import { numberOf } from '../../../domain/part-values.ts';
import type { Part } from '../../../domain/plan.ts';
import { type CalendarQueue, grown } from '../engine/calendar-queue.ts';
import { IntRing } from '../engine/int-ring.ts';
import { Fleet } from './fleet.ts';

/** What `admit` answers instead of an instance. */
export const QUEUED = -1;
export const REFUSED = -2;
export const FULL = -3;

/**
 * Servers of one component: instances x slots behind a round-robin balancer, a bounded queue, and cores that requests share.
 *
 * A slot is held for the whole call, waits included; CPU work queues for the instance's cores in order of arrival.
 *
 * Simplified: a core runs one burst to its end (run to completion, as an event loop does) instead of slicing time between bursts.
 */
export class ServerPool {
  readonly fleet: Fleet;
  readonly slots: number;
  readonly stretch: number;
  readonly queue = new IntRing();
  free: number;
  busy = 0;
  calls = 0;
  refusals = 0;
  /** Set by `release`: instance that the next request got. */
  nextInstance = -1;
  /** Set by `work`: how long the burst takes a core. */
  burst = 0;
  readonly cores: number;
  private readonly queueLimit: number;
  private readonly warmupMs: number;
  private readonly warmupFactor: number;
  private readonly overflows: boolean;
  private readonly part: Part;
  private coreFree = new Float64Array(64);
  private assignedMs = 0;
  private lastCore = 0;
  private turn = 0;

  constructor(part: Part, pool: number, o: { events: CalendarQueue; seed: number; endMs: number; overflows: boolean }) {
    this.part = part;
    this.overflows = o.overflows;
    this.cores = Math.max(1, Math.round(numberOf(part, 'cores')));
    this.slots = Math.round(numberOf(part, 'slots'));
    this.stretch = 1 / numberOf(part, 'speed');
    this.queueLimit = numberOf(part, 'queue_limit');
    this.warmupMs = numberOf(part, 'warmup_s') * 1000;
    this.warmupFactor = numberOf(part, 'warmup_factor');
    this.fleet = new Fleet(part, pool, { ...o, extraBootMs: numberOf(part, 'health_check_s') * 1000 });
    this.free = this.fleet.readyCount * this.slots;
  }

  /** A slot for `frame` at `now`: an instance, QUEUED, REFUSED (the queue is full), or FULL when an overflow should take it. */
  admit(frame: number, now: number): number {
    if (this.free > 0) return this.occupy(now);
    if (this.overflows) return FULL;
    if (this.queue.length >= this.queueLimit * Math.max(1, this.fleet.readyCount)) {
      this.refusals++;
      return REFUSED;
    }
    this.queue.push(frame);
    return QUEUED;
  }

  /** A free slot of the next instance in turn; there must be one. */
  occupy(now: number): number {
    const fleet = this.fleet;
    for (let k = 0; k < fleet.readyCount; k++) {
      if (++this.turn >= fleet.readyCount) this.turn = 0;
      const i = fleet.ready[this.turn] as number;
      if ((fleet.busy[i] as number) >= this.slots) continue;
      fleet.occupy(i, now);
      this.free--;
      this.busy++;
      this.calls++;
      return i;
    }
    throw new Error(`server pool ${this.part.path} counts ${this.free} free slots and has none`);
  }

  /** Time at which a CPU burst of `cpuMs` (already stretched) that is ready at `now` ends on instance `i`. */
  work(i: number, now: number, cpuMs: number): number {
    this.burst = 0;
    if (cpuMs <= 0) return now;
    const burst = this.burstOf(i, now, cpuMs);
    const first = i * this.cores;
    if (first + this.cores > this.coreFree.length) {
      this.coreFree = grown(this.coreFree, new Float64Array(Math.max(first + this.cores, this.coreFree.length * 2)));
    }
    const core = this.earliestCore(first, now);
    const end = Math.max(now, this.coreFree[core] as number) + burst;
    this.coreFree[core] = end;
    this.assignedMs += burst;
    this.burst = burst;
    return end;
  }

  /** How long a core takes on instance `i` for what needs `cpuMs` of a warm one; a host that all instances share has the cores then. */
  workOnHost(i: number, now: number, cpuMs: number): number {
    const burst = this.burstOf(i, now, cpuMs);
    this.assignedMs += burst;
    return burst;
  }

  private burstOf(i: number, now: number, cpuMs: number): number {
    const isWarming = now - (this.fleet.readyAt[i] as number) < this.warmupMs;
    return isWarming ? cpuMs * this.warmupFactor : cpuMs;
  }

  /** An idle core, or the one that is free first; idle ones are alike, so the search begins where the last one ended. */
  private earliestCore(first: number, now: number): number {
    const { coreFree, cores } = this;
    let core = first;
    let c = this.lastCore;
    for (let k = 0; k < cores; k++) {
      if (++c >= cores) c = 0;
      const free = coreFree[first + c] as number;
      if (free <= now) {
        this.lastCore = c;
        return first + c;
      }
      if (free < (coreFree[core] as number)) core = first + c;
    }
    return core;
  }

  /** Gives the slot back; returns the next waiting frame, which then holds a slot of `nextInstance`, or -1. */
  release(i: number, now: number): number {
    this.busy--;
    if (this.fleet.isReady(i)) this.free++;
    this.fleet.vacate(i, now);
    return this.next(now);
  }

  /** A waiting frame, if there is one and a slot for it. */
  next(now: number): number {
    if (this.queue.length === 0 || this.free <= 0) return -1;
    const frame = this.queue.shift();
    this.nextInstance = this.occupy(now);
    return frame;
  }

  booted(i: number, now: number): boolean {
    if (!this.fleet.booted(i, now)) return false;
    this.free += this.slots;
    return true;
  }

  resize(wanted: number, now: number): void {
    this.fleet.resize(wanted, now);
    this.countFree();
  }

  /** A machine is taken away. */
  evict(i: number, now: number, patienceMs: number): void {
    this.fleet.evict(i, now, patienceMs);
    this.countFree();
  }

  /** What machine `i` still had to compute is never done. */
  lose(i: number, now: number): void {
    for (let core = i * this.cores; core < (i + 1) * this.cores; core++) {
      const ahead = (this.coreFree[core] ?? 0) - now;
      if (ahead <= 0) continue;
      this.assignedMs -= ahead;
      this.coreFree[core] = now;
    }
  }

  private countFree(): void {
    let taken = 0;
    for (let k = 0; k < this.fleet.readyCount; k++) taken += this.fleet.busy[this.fleet.ready[k] as number] as number;
    this.free = this.fleet.readyCount * this.slots - taken;
  }

  /** Core-ms worked until `now` over all instances: what was handed out less what still lies ahead. */
  workedMs(now: number): number {
    let ahead = 0;
    for (const until of this.coreFree) if (until > now) ahead += until - now;
    return this.assignedMs - ahead;
  }

  get coresReady(): number {
    return this.fleet.readyCount * this.cores;
  }

  usage(now: number): Usage[] {
    const logs = (this.calls * numberOf(this.part, 'log_kb')) / 1e6;
    return [...this.fleet.usage(now), { component: this.part.owner, item: 'logs-gb', quantity: logs }];
  }
}
