import type { ThrottleReason } from './api-error.ts';

/** What a function did since it was created: the bill and the pools' timeline of a run are made of it. Times in ms. */
export class Metrics {
  invocations = 0;
  colds = 0;
  errors = 0;
  timeouts = 0;
  /** Environments that ended under an invocation, by a fault, by memory or by themselves. */
  lost = 0;
  initErrors = 0;
  /** What the platform itself said of calls that it ended, and how often. */
  readonly ends: Record<string, number> = {};
  throttles: Partial<Record<ThrottleReason | 'Scaling' | 'Fault', number>> = {};
  billedMs = 0;
  gbSeconds = 0;
  /** In provisioned environments, whose seconds have a price of their own. */
  provisionedGbSeconds = 0;
  initMs = 0;
  busyMs = 0;
  /** Of environments that are gone. */
  endedMs = 0;
  concurrentMax = 0;
  deadLetters = 0;

  throttled(why: ThrottleReason | 'Scaling' | 'Fault'): void {
    this.throttles[why] = (this.throttles[why] ?? 0) + 1;
  }

  /** A call that no handler answered, by the payload that its caller got. */
  ended(payload: Buffer): void {
    const { errorType, errorMessage } = JSON.parse(payload.toString()) as { errorType?: string; errorMessage?: string };
    const words = `${errorType}: ${errorMessage?.replace(/^RequestId: \S+ Error: /, '')}`;
    this.ends[words] = (this.ends[words] ?? 0) + 1;
  }

  billed(ms: number, o: { memoryMb: number; isProvisioned?: boolean }): void {
    this.billedMs += ms;
    const gbSeconds = (ms / 1000) * (o.memoryMb / 1024);
    if (o.isProvisioned) this.provisionedGbSeconds += gbSeconds;
    else this.gbSeconds += gbSeconds;
  }

  /** As the extension endpoint gives it. `aliveMs` of environments that still live is added. */
  rendered(o: { aliveMs: number; concurrent: number }): Record<string, unknown> {
    return {
      invocations: this.invocations,
      colds: this.colds,
      errors: this.errors,
      timeouts: this.timeouts,
      lost: this.lost,
      init_errors: this.initErrors,
      ends: this.ends,
      throttles: this.throttles,
      dead_letters: this.deadLetters,
      billed_ms: this.billedMs,
      gb_s: this.gbSeconds,
      provisioned_gb_s: this.provisionedGbSeconds,
      init_ms: this.initMs,
      busy_ms: this.busyMs,
      alive_ms: this.endedMs + o.aliveMs,
      concurrent: o.concurrent,
      concurrent_max: this.concurrentMax,
    };
  }
}
