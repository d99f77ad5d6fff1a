import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { unzipSync } from 'fflate';
import { Stream } from '../../../../domain/draws.ts';
import { Sampler } from '../../../../domain/sampler.ts';
import { invalid, throttled } from './api-error.ts';
import { type Done, Environment } from './environment.ts';
import { type Answer, billedMs, failure, type Invocation } from './invocation.ts';
import { Metrics } from './metrics.ts';
import type { PoolParameters } from './parameters.ts';
import type { Runtime } from './runtime.ts';
import { configurationOf, type Identity, type Settings, sha256 } from './settings.ts';
import { TokenBucket } from './token-bucket.ts';

/**
 * Environments of one function: one invocation each, newest idle one first, a cold start when none is idle, gone after a while without work.
 *
 * Simplified: no versions or aliases, no provisioned concurrency; an invocation stays with the environment that was started for it, even if
 * another becomes free during INIT.
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
  private parameters: PoolParameters;
  private scaling: TokenBucket;
  private expiry: Sampler;
  private readonly noise: Stream;
  /** Newest idle one at the end, each with the timer of its expiry. */
  private readonly idle: Environment[] = [];
  private readonly all = new Map<Environment, { generation: number; timer: NodeJS.Timeout | undefined; invocations: number }>();
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
    const files = unzipped(zip);
    const folder = join(this.runtime.folder, `${this.identity.name}-${this.generation + 1}`);
    for (const [name, content] of Object.entries(files)) {
      if (name.endsWith('/')) continue;
      const path = normalize(join(folder, name));
      if (!path.startsWith(`${folder}/`)) throw invalid(`ZipFile: ${name} lies outside the package`);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
    }
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
    const warm = this.idle.pop();
    if (warm === undefined && !this.scaling.take()) this.refuse('Scaling');
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

  /** What happened so far, and the environments with their processes: faults kill these. */
  report(): object {
    const now = performance.now();
    const environments = [...this.all].map(([environment, { invocations }]) => ({
      id: environment.id,
      pid: environment.pid,
      state: this.idle.includes(environment) ? 'idle' : 'busy',
      age_ms: now - environment.bornAt,
      invocations,
    }));
    const aliveMs = environments.reduce((sum, { age_ms }) => sum + age_ms, 0);
    const log = [...this.all.keys()].at(-1)?.lastLog ?? '';
    return { function: this.identity.name, ...this.metrics.rendered({ aliveMs, concurrent: this.busy }), environments, log };
  }

  /** Ends every environment and waits until no process is left. */
  async stop(): Promise<void> {
    for (const environment of this.all.keys()) environment.kill();
    if (this.all.size > 0) await new Promise<void>((resolve) => this.endings.add(resolve));
    rmSync(this.folder, { recursive: true, force: true });
  }

  private admit(): void {
    this.credit = Math.min(this.credit + this.parameters.admitted_share, 2);
    if (this.credit < 1 - 1e-9) this.refuse('Fault');
    this.credit -= 1;
    try {
      this.runtime.account.admit(this.identity.name, this.busy);
    } catch (error) {
      this.metrics.throttled((error as { fields: { Reason: 'ConcurrentInvocationLimitExceeded' } }).fields.Reason);
      throw error;
    }
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
    this.metrics.billed(Math.ceil(environment.initMs), this.settings.MemorySize);
    const payload = Buffer.isBuffer(failed) ? failed : failure(invocation.requestId, failed);
    return { payload, error: 'Unhandled', log: environment.lastLog };
  }

  private async work(environment: Environment, invocation: Invocation, initMs: number): Promise<Answer> {
    const memoryMb = this.settings.MemorySize;
    const done = await environment.invoke(invocation, initMs);
    this.count(done, { initMs, memoryMb });
    if (done.ending === 'answered' || done.ending === 'failed') this.release(environment);
    return done;
  }

  private count(done: Done, o: { initMs: number; memoryMb: number }): void {
    this.metrics.busyMs += done.durationMs;
    this.metrics.billed(billedMs({ durationMs: done.durationMs, initMs: o.initMs }), o.memoryMb);
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
    else kept.timer = setTimeout(() => this.expire(environment), this.expiry.at(this.noise.next()) * 1000);
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
    for (const environment of this.idle.splice(0)) environment.kill();
  }

  private create(): Environment {
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
        variables: this.variables(id, cpu.by === 'cgroup' ? 1 : share),
      },
      gone: (gone) => this.gone(gone),
    });
    this.all.set(environment, { generation: this.generation, timer: undefined, invocations: 0 });
    return environment;
  }

  private variables(id: string, share: number): Record<string, string> {
    const { region, accessKeyId, secretAccessKey } = this.runtime.o;
    return {
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      ...this.settings.Environment.Variables,
      AWS_REGION: region,
      AWS_DEFAULT_REGION: region,
      AWS_LAMBDA_FUNCTION_NAME: this.identity.name,
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(this.settings.MemorySize),
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_EXECUTION_ENV: `AWS_Lambda_${this.settings.Runtime}`,
      LAMBDA_TASK_ROOT: this.folder,
      _HANDLER: this.settings.Handler,
      PLACEMENT_ENVIRONMENT: id,
      PLACEMENT_CPU_SHARE: String(share),
    };
  }

  private gone(environment: Environment): void {
    clearTimeout(this.all.get(environment)?.timer);
    this.all.delete(environment);
    this.drop(environment);
    this.metrics.endedMs += performance.now() - environment.bornAt;
    if (this.all.size > 0) return;
    for (const resolve of this.endings) resolve();
  }
}

function unzipped(zip: Uint8Array): Record<string, Uint8Array> {
  try {
    return unzipSync(zip);
  } catch (error) {
    throw invalid(`ZipFile: not a zip that can be read: ${(error as Error).message}`);
  }
}
