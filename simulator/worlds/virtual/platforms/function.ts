import type { Usage } from '../../../domain/cell.ts';
import { type CpuQuota, heldBack, quotaOf } from '../../../domain/cpu-quota.ts';
import { Stream } from '../../../domain/draws.ts';
import { numberOf, samplerOf } from '../../../domain/part-values.ts';
import type { Part } from '../../../domain/plan.ts';
import { provisionedGbS } from '../../../domain/provisioned.ts';
import type { Sampler } from '../../../domain/sampler.ts';
import { TokenBucket } from '../../../domain/token-bucket.ts';
import { Admission } from '../engine/admission.ts';
import { grown } from '../engine/calendar-queue.ts';
import { IdleSet } from '../engine/idle-set.ts';
import type { Account } from './account.ts';

export const THROTTLED = -1;

/**
 * Instances of one function: one request each, newest idle one first, cold start when none is idle.
 *
 * Idle instances expire without an event: an expired one is found when it would be picked, and its life is counted back to when it ended.
 *
 * Simplified: called by somebody who waits or by a queue's pollers, never asynchronously, so its own retries and dead letters are those of
 * the queue. Payloads above 6 MB, an INIT beyond 10 s, and environments recycled under load are not looked for: who has them would notice.
 *
 * Source: AWS Lambda developer guide (scaling behaviour) and SimFaaS (arXiv 2102.08904) for the choice of instance.
 */
export class FunctionPool {
  /** Set by `start`: time until the handler runs (overhead, and INIT when cold), and whether it was cold. */
  delay = 0;
  isCold = false;
  /** Set by `start`: the first call of an instance works this many times slower (JIT, empty caches). */
  slowness = 1;
  busy = 0;
  calls = 0;
  colds = 0;
  throttles = 0;
  /** Milliseconds: CPU time of one reference vCPU takes this many times longer here. */
  readonly quota: CpuQuota;
  private readonly speed: number;
  readonly timeoutMs: number;
  /** Sums in ms: time instances existed, time they worked (INIT apart), and billed time. */
  aliveMs = 0;
  busyMs = 0;
  private billedMs = 0;
  private provisionedMs = 0;

  private idleSince = new Float64Array(256);
  private expiry = new Float64Array(256);
  private bornAt = new Float64Array(256);
  private initMs = new Float64Array(256);
  private created = 0;
  /** Sum of the times at which busy instances were born. */
  private busyBorn = 0;
  private readonly idle = new IdleSet();
  private readonly provisionedIdle = new IdleSet();
  private readonly provisioned: number;
  private readonly reserved: number;
  private readonly memoryGb: number;
  private readonly init: Sampler;
  private readonly overhead: Sampler;
  private readonly expiryLaw: Sampler;
  private readonly firstCallMs: number;
  private readonly firstCallFactor: number;
  private readonly scaling: TokenBucket;
  private readonly noise: Stream;
  private readonly part: Part;
  private readonly account: Account;
  /** While a fault throttles it. */
  private gate: Admission | undefined = undefined;

  constructor(part: Part, account: Account, seed: number) {
    this.part = part;
    this.account = account;
    this.memoryGb = numberOf(part, 'memory_mb') / 1024;
    this.quota = quotaOf(part);
    this.speed = numberOf(part, 'speed');
    this.timeoutMs = numberOf(part, 'timeout_s') * 1000;
    this.provisioned = numberOf(part, 'provisioned');
    this.reserved = numberOf(part, 'reserved');
    this.init = samplerOf(part, 'init_ms');
    this.overhead = samplerOf(part, 'invoke_ms');
    this.expiryLaw = samplerOf(part, 'idle_expiry_s');
    this.firstCallMs = numberOf(part, 'first_call_ms');
    this.firstCallFactor = numberOf(part, 'first_call_factor');
    this.scaling = new TokenBucket(numberOf(part, 'scaling_burst'), numberOf(part, 'scaling_per_s'));
    this.noise = new Stream(seed, part.path);
    for (let i = 0; i < this.provisioned; i++) this.provisionedIdle.add(this.create(0));
  }

  /** Instances that exist now, idle ones that have expired left out as far as they were looked at. */
  get alive(): number {
    return this.busy + this.idle.size + this.provisionedIdle.size;
  }

  /** An instance for a request at `now`, or THROTTLED (429). Sets `delay` and `isCold`. */
  start(now: number): number {
    if (this.gate !== undefined && !this.gate.lets()) return this.throttle();
    const isReserved = this.reserved >= 0;
    if (!this.account.admits(now) || (isReserved ? this.busy >= this.reserved : !this.account.hasRoom)) return this.throttle();
    const warm = this.pickIdle(now);
    if (warm < 0 && !this.scaling.take(now, 1)) return this.throttle();
    this.isCold = warm < 0;
    const instance = warm < 0 ? this.create(now) : warm;
    this.slowness = warm < 0 ? this.firstCallFactor : 1;
    this.delay = this.overhead.isConstant ? this.overhead.mean : this.overhead.at(this.noise.next());
    if (warm < 0) {
      this.colds++;
      const init = this.init.at(this.noise.next()) + this.firstCallMs;
      this.initMs[instance] = init;
      this.delay += init;
    }
    this.calls++;
    this.busy++;
    this.busyBorn += this.bornAt[instance] as number;
    if (!isReserved) this.account.running++;
    return instance;
  }

  /** How long work takes here that takes the reference vCPU `cpuMs` and begins `firstMs` before the next period of the quota. */
  taken(cpuMs: number, firstMs: number): number {
    return heldBack(this.onWholeVcpu(cpuMs), this.quota, firstMs);
  }

  /** The same on a vCPU that nothing holds back. */
  onWholeVcpu(cpuMs: number): number {
    return cpuMs / this.speed;
  }

  /** The request on `instance` is done; it worked for `workedMs` since its handler ran. */
  finish(instance: number, now: number, workedMs: number): void {
    this.count(instance, workedMs);
    this.idleSince[instance] = now;
    if (instance < this.provisioned) this.provisionedIdle.add(instance);
    else this.idle.add(instance);
  }

  /** The request on `instance` ran into the timeout: the environment is gone, the next call is cold. */
  kill(instance: number, now: number, workedMs: number): void {
    this.count(instance, workedMs);
    if (instance < this.provisioned) this.provisionedIdle.add(instance);
    else this.aliveMs += now - (this.bornAt[instance] as number);
  }

  /** Lets through only this share of its calls from now on. */
  limit(share: number): void {
    this.gate = share < 1 ? new Admission(share) : undefined;
  }

  /** Instances that wait for work; provisioned ones are left out, since the platform puts another in their place at once. */
  idleNow(now: number): number[] {
    this.sweep(now);
    const ids: number[] = [];
    this.idle.forEach((id) => {
      ids.push(id);
    });
    return ids;
  }

  /** Idle instance `id` is gone. */
  lose(id: number, now: number): void {
    this.idle.remove(id);
    this.aliveMs += now - (this.bornAt[id] as number);
  }

  /** Lets go of idle instances that have expired by `now`, so that `alive` is right. */
  sweep(now: number): void {
    this.idle.forEach((id) => {
      if (now - (this.idleSince[id] as number) > (this.expiry[id] as number)) this.expire(id);
    });
  }

  /** Ends the books at `now`: instances that live on are counted until then. */
  close(now: number): void {
    this.sweep(now);
    this.idle.forEach((id) => {
      this.aliveMs += now - (this.bornAt[id] as number);
    });
    this.aliveMs += this.provisionedIdle.size * now + this.busy * now - this.busyBorn;
  }

  /** `durationMs` is how long provisioned concurrency was kept. */
  usage(durationMs: number): Usage[] {
    const architecture = this.part.words.architecture ?? 'arm64';
    const component = this.part.owner;
    const lines: Usage[] = [
      { component, item: 'function-requests', quantity: this.calls },
      { component, item: `function-gb-s:${architecture}`, quantity: (this.billedMs / 1000) * this.memoryGb },
      { component, item: 'logs-gb', quantity: (this.calls * numberOf(this.part, 'log_kb')) / 1e6 },
    ];
    if (this.provisioned === 0) return lines;
    const kept = provisionedGbS({ count: this.provisioned, memory_gb: this.memoryGb, kept_s: durationMs / 1000 });
    lines.push({ component, item: `function-provisioned-gb-s:${architecture}`, quantity: kept });
    lines.push({
      component,
      item: `function-provisioned-duration-gb-s:${architecture}`,
      quantity: (this.provisionedMs / 1000) * this.memoryGb,
    });
    return lines;
  }

  private throttle(): number {
    this.throttles++;
    return THROTTLED;
  }

  private pickIdle(now: number): number {
    const kept = this.provisionedIdle.newest();
    if (kept >= 0) {
      this.provisionedIdle.remove(kept);
      return kept;
    }
    for (let id = this.idle.newest(); id >= 0; id = this.idle.newest()) {
      if (now - (this.idleSince[id] as number) <= (this.expiry[id] as number)) {
        this.idle.remove(id);
        return id;
      }
      this.expire(id);
    }
    return -1;
  }

  private expire(id: number): void {
    this.idle.remove(id);
    this.aliveMs += (this.idleSince[id] as number) + (this.expiry[id] as number) - (this.bornAt[id] as number);
  }

  private create(now: number): number {
    const id = this.created++;
    if (id >= this.bornAt.length) {
      const size = this.bornAt.length * 2;
      this.idleSince = grown(this.idleSince, new Float64Array(size));
      this.expiry = grown(this.expiry, new Float64Array(size));
      this.bornAt = grown(this.bornAt, new Float64Array(size));
      this.initMs = grown(this.initMs, new Float64Array(size));
    }
    this.bornAt[id] = now;
    this.expiry[id] = 1000 * (this.expiryLaw.isConstant ? this.expiryLaw.mean : this.expiryLaw.at(this.noise.next()));
    return id;
  }

  /** Books one finished or killed call: INIT is billed with it (since 2025-08-01), whole milliseconds. */
  private count(instance: number, workedMs: number): void {
    const init = this.initMs[instance] as number;
    this.initMs[instance] = 0;
    this.busy--;
    this.busyBorn -= this.bornAt[instance] as number;
    if (this.reserved < 0) this.account.running--;
    this.busyMs += workedMs + init;
    if (instance < this.provisioned) this.provisionedMs += Math.ceil(workedMs);
    else this.billedMs += Math.ceil(workedMs + init);
  }
}
