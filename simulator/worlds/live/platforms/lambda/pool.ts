import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { Stream } from '../../../../domain/draws.ts';
import { Sampler } from '../../../../domain/sampler.ts';
import { TokenBucket } from '../../../../domain/token-bucket.ts';
import { signalGroup } from '../../stacks/process-group.ts';
import { ApiError, notFound, type ThrottleReason, throttled } from './api-error.ts';
import { type Done, Environment } from './environment.ts';
import { type Answer, billedMs, failure, type Invocation } from './invocation.ts';
import { Metrics } from './metrics.ts';
import { unpack } from './package.ts';
import type { PoolParameters } from './parameters.ts';
import type { Runtime } from './runtime.ts';
import { configurationOf, type Identity, type Settings, sha256 } from './settings.ts';
import { variablesOf } from './variables.ts';

interface Kept {
  generation: number;
  isProvisioned: boolean;
  timer: NodeJS.Timeout | undefined;
  invocations: number;
}

/**
 * Environments of one function: one invocation each, newest idle one first, a cold start when none is idle, gone after a while without work.
 *
 * Simplified: no versions or aliases; provisioned concurrency is not taken off the account's; an invocation stays with the environment that
 * was started for it, even if another becomes free during INIT.
 */
export class FunctionPool {
  readonly identity: Identity;
  readonly metrics = new Metrics();
  settings: Settings;
  private folder = '';
  private generation = 0;
  private made = 0;
  private busy = 0;
  private credit = 0;
  private isStopped = false;
  /** Environments that are kept started, and whether INIT of one has failed since they were asked for. */
  private provisioned = 0;
  private isUnprovisionable = false;
  private parameters: PoolParameters;
  private scaling: TokenBucket;
  private expiry: Sampler;
  private readonly noise: Stream;
  /** Newest idle one at the end, each with the timer of its expiry. */
  private readonly idle: Environment[] = [];
  private readonly all = new Map<Environment, Kept>();
  private readonly endings = new Set<() => void>();
  private readonly runtime: Runtime;

  constructor(name: string, runtime: Runtime, o: { settings: Settings; zip: Uint8Array }) {
    this.runtime = runtime;
    this.settings = o.settings;
    const arn = `arn:aws:lambda:${runtime.o.region}:000000000000:function:${name}`;
    this.identity = { name, arn, modified: new Date(), codeSize: 0, codeSha256: '' };
    this.noise = new Stream(runtime.parameters.seed, name);
    this.parameters = runtime.parameters;
    this.scaling = new TokenBucket(this.parameters.scaling_burst, this.parameters.scaling_per_s);
    this.expiry = new Sampler(this.parameters.idle_expiry_s);
    this.deploy(o.zip);
  }

  get configuration(): object {
    return configurationOf(this.identity, this.settings);
  }

  /** Puts other code in place: environments of the old one end as soon as they are idle. Throws: an ApiError 400 when it is no zip. */
  deploy(zip: Uint8Array): void {
    const folder = join(this.runtime.folder, `${this.identity.name}-${this.generation + 1}`);
    unpack(zip, folder);
    const old = this.folder;
    this.folder = folder;
    this.identity.codeSize = zip.length;
    this.identity.codeSha256 = sha256(zip);
    this.renew();
    if (old !== '') rmSync(old, { recursive: true, force: true });
  }

  configure(settings: Settings): void {
    this.settings = settings;
    this.renew();
  }

  tune(parameters: Partial<PoolParameters>): void {
    this.parameters = { ...this.parameters, ...parameters };
    this.scaling = new TokenBucket(this.parameters.scaling_burst, this.parameters.scaling_per_s);
    this.expiry = new Sampler(this.parameters.idle_expiry_s);
    this.credit = 0;
  }

  /** Works on one invocation. Throws: an ApiError 429 when there is no environment for it; a failed invocation is an answer. */
  async invoke(invocation: Invocation): Promise<Answer> {
    this.admit();
    const warm = this.pickIdle();
    if (warm === undefined && !this.scaling.take(performance.now(), 1)) this.refuse('Scaling');
    const isUnreserved = !this.runtime.account.reserved.has(this.identity.name);
    this.busy++;
    if (isUnreserved) this.runtime.account.running++;
    this.metrics.invocations++;
    this.metrics.concurrentMax = Math.max(this.metrics.concurrentMax, this.busy);
    try {
      return await (warm === undefined ? this.cold(invocation) : this.work(warm, invocation, 0));
    } finally {
      this.busy--;
      if (isUnreserved) this.runtime.account.running--;
    }
  }

  /** Keeps so many environments started, in place of those that end; 0 lets go of them. */
  provision(count: number): void {
    this.provisioned = count;
    this.isUnprovisionable = false;
    for (const environment of this.idle.filter((one) => this.all.get(one)?.isProvisioned)) {
      this.drop(environment);
      environment.kill();
    }
    for (const kept of this.all.values()) kept.isProvisioned = false;
    this.topUp();
  }

  /** How many were asked for, and how many of them are there. */
  get provisioning(): { wanted: number; ready: number; hasFailed: boolean } {
    const ready = [...this.all].filter(([environment, kept]) => kept.isProvisioned && environment.initMs > 0).length;
    return { wanted: this.provisioned, ready, hasFailed: this.isUnprovisionable };
  }

  /** What happened so far, and the environments with their processes: faults kill these. */
  report(): object {
    const now = performance.now();
    const environments = [...this.all].map(([environment, { invocations }]) => ({
      id: environment.id,
      pid: environment.pid,
      state: this.idle.includes(environment) ? 'idle' : environment.initMs > 0 ? 'busy' : 'starting',
      age_ms: now - environment.bornAt,
      invocations,
    }));
    const aliveMs = environments.reduce((sum, { age_ms }) => sum + age_ms, 0);
    const log = [...this.all.keys()].at(-1)?.lastLog ?? '';
    return { function: this.identity.name, ...this.metrics.rendered({ aliveMs, concurrent: this.busy }), environments, log };
  }

  /** Ends at once what runs in these processes: a fault. */
  lose(pids: readonly number[]): void {
    for (const { pid } of this.all.keys()) if (pid !== undefined && pids.includes(pid)) signalGroup(pid, 'SIGKILL');
  }

  /** Ends every environment and waits until no process is left. */
  async stop(): Promise<void> {
    this.isStopped = true;
    for (const environment of this.all.keys()) environment.kill();
    if (this.all.size > 0) await new Promise<void>((resolve) => this.endings.add(resolve));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private admit(): void {
    if (this.isStopped) throw notFound(`Function ${this.identity.name}`);
    this.credit = Math.min(this.credit + this.parameters.admitted_share, 2);
    if (this.credit < 1 - 1e-9) this.refuse('Fault');
    this.credit -= 1;
    try {
      this.runtime.account.admit(this.identity.name, this.busy);
    } catch (error) {
      if (error instanceof ApiError) this.metrics.throttled(error.fields.Reason as ThrottleReason);
      throw error;
    }
  }

  /** Newest idle one first, provisioned ones before others. */
  private pickIdle(): Environment | undefined {
    const at = this.idle.findLastIndex((environment) => this.all.get(environment)?.isProvisioned);
    return this.idle.splice(at, 1)[0];
  }

  private refuse(why: 'Scaling' | 'Fault'): never {
    this.metrics.throttled(why);
    throw throttled('ConcurrentInvocationLimitExceeded');
  }

  private async cold(invocation: Invocation): Promise<Answer> {
    this.metrics.colds++;
    const environment = this.create();
    const failed = await environment.start();
    this.metrics.initMs += environment.initMs;
    if (failed === undefined) return this.work(environment, invocation, environment.initMs);
    this.metrics.initErrors++;
    this.metrics.errors++;
    this.metrics.billed(Math.ceil(environment.initMs), { memoryMb: this.settings.MemorySize });
    const payload = Buffer.isBuffer(failed) ? failed : failure(invocation.requestId, failed);
    this.metrics.ended(payload);
    return { payload, error: 'Unhandled', log: environment.lastLog };
  }

  private async work(environment: Environment, invocation: Invocation, initMs: number): Promise<Answer> {
    const memoryMb = this.settings.MemorySize;
    const isProvisioned = this.all.get(environment)?.isProvisioned === true;
    const done = await environment.invoke(invocation, initMs);
    this.count(done, { initMs, memoryMb, isProvisioned });
    if (done.ending === 'answered' || done.ending === 'failed') this.release(environment);
    return done;
  }

  private count(done: Done, o: { initMs: number; memoryMb: number; isProvisioned: boolean }): void {
    this.metrics.busyMs += done.durationMs;
    if (done.ending === 'timed-out' || done.ending === 'lost') this.metrics.ended(done.payload);
    this.metrics.billed(billedMs({ durationMs: done.durationMs, initMs: o.initMs }), o);
    if (done.ending === 'failed') this.metrics.errors++;
    if (done.ending === 'timed-out') this.metrics.timeouts++;
    if (done.ending === 'lost') this.metrics.lost++;
  }

  private release(environment: Environment): void {
    const kept = this.all.get(environment);
    if (kept === undefined) return;
    kept.invocations++;
    if (kept.generation === this.generation) this.idle.push(environment);
    else environment.kill();
    if (kept.timer !== undefined) kept.timer.refresh();
    else if (!kept.isProvisioned)
      kept.timer = setTimeout(() => this.expire(environment), this.expiry.at(this.noise.next()) * 1000);
  }

  /** An environment that is at work when its time is up gets it anew when it is done. */
  private expire(environment: Environment): void {
    if (!this.idle.includes(environment)) return;
    this.drop(environment);
    environment.kill();
  }

  private drop(environment: Environment): void {
    const place = this.idle.indexOf(environment);
    if (place >= 0) this.idle.splice(place, 1);
  }

  private renew(): void {
    this.generation++;
    this.identity.modified = new Date();
    this.isUnprovisionable = false;
    for (const environment of this.idle.splice(0)) environment.kill();
  }

  /** What is missing of the provisioned ones is started; not again and again where INIT fails. */
  private topUp(): void {
    const kept = [...this.all.values()].filter(
      ({ isProvisioned, generation }) => isProvisioned && generation === this.generation,
    );
    if (this.isStopped || this.isUnprovisionable) return;
    for (let i = kept.length; i < this.provisioned; i++) {
      const environment = this.create(true);
      void environment.start().then((failed) => {
        if (failed === undefined) this.idle.push(environment);
        else this.isUnprovisionable = true;
      });
    }
  }

  private create(isProvisioned = false): Environment {
    const { runtime, settings } = this;
    const { parameters, cpu } = runtime;
    const share = Math.min(1, settings.MemorySize / parameters.full_vcpu_mb);
    const id = `${this.identity.name}-${this.made++}`;
    const environment = new Environment({
      id,
      arn: this.identity.arn,
      timeoutMs: settings.Timeout * 1000,
      initTimeoutMs: parameters.init_timeout_s * 1000,
      memoryMaxMb: settings.MemorySize + parameters.runtime_allowance_mb,
      memorySampleMs: parameters.memory_sample_ms,
      cpu,
      share,
      start: {
        program: runtime.o.program,
        folder: this.folder,
        memoryMb: settings.MemorySize,
        variables: variablesOf(this, {
          id,
          folder: this.folder,
          isProvisioned,
          credentials: runtime.o,
          share: cpu.by === 'cgroup' ? 1 : share,
        }),
      },
      gone: (gone) => this.gone(gone),
    });
    this.all.set(environment, { generation: this.generation, isProvisioned, timer: undefined, invocations: 0 });
    return environment;
  }

  private gone(environment: Environment): void {
    clearTimeout(this.all.get(environment)?.timer);
    this.all.delete(environment);
    this.drop(environment);
    this.metrics.endedMs += performance.now() - environment.bornAt;
    this.topUp();
    if (this.all.size > 0) return;
    for (const resolve of this.endings) resolve();
  }
}
