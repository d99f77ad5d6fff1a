import type { LagResult, OperationResult } from '../domain/cell.ts';
import type { Plan } from '../domain/plan.ts';
import { CoarseSlices } from './coarse-slices.ts';
import { Histogram } from './histogram.ts';
import { latencyLimits } from './objectives.ts';

export const OUTCOME = { served: 0, refused: 1, timedOut: 2, failed: 3, pending: 4 } as const;
/** How it ended, by the number of the outcome; pending has not. */
export const OUTCOME_WORDS = ['served', 'refused', 'timed-out', 'failed'] as const;

/** A latency limit of one operation, counted minute by minute. */
interface Limit {
  text: string;
  us: number;
  /** Share that may miss it. */
  allowed: number;
  sent: Int32Array;
  missed: Int32Array;
}

/** Fewest operations of a minute for it to be judged. */
const MINUTE_MIN = 20;

/** Counts what happened to every operation that was intended in the window, and how long it took. */
export class Recorder {
  readonly sliceMs: number;
  servedTotal = 0;
  requests = 0;
  private readonly latency: Histogram[];
  private readonly outcomes: Float64Array[];
  private readonly attempts: Float64Array;
  private readonly slices: CoarseSlices[];
  private readonly limits: Limit[][];
  private readonly lagKeys: { event: string; component: string; lag: Histogram; done: Int32Array; total: Float64Array }[] = [];
  private readonly plan: Plan;
  private readonly startMs: number;

  constructor(plan: Plan) {
    this.plan = plan;
    this.startMs = plan.warmup_ms;
    this.sliceMs = Math.max(1000, Math.ceil(plan.duration_ms / 180 / 1000) * 1000);
    const slices = Math.ceil(plan.duration_ms / this.sliceMs) + 1;
    const minutes = Math.ceil(plan.duration_ms / 60_000) + 1;
    this.latency = plan.operations.map(() => new Histogram());
    this.outcomes = plan.operations.map(() => new Float64Array(5));
    this.attempts = new Float64Array(plan.operations.length);
    this.slices = plan.operations.map(() => new CoarseSlices(slices));
    this.limits = plan.operations.map((o) =>
      latencyLimits(plan.objectives)
        .filter((l) => l.operation === null || l.operation === o.name)
        .map((l) => ({
          text: l.text,
          us: l.limit_ms * 1000,
          allowed: 1 - l.quantile,
          sent: new Int32Array(minutes),
          missed: new Int32Array(minutes),
        })),
    );
    for (const event of plan.events) {
      for (const c of event.consumers) {
        const component = plan.components[c.component]?.name ?? '';
        const [done, total] = [new Int32Array(slices), new Float64Array(slices)];
        this.lagKeys.push({ event: event.name, component, lag: new Histogram(), done, total });
      }
    }
  }

  /** A client has sent (or sent again). */
  attempt(operation: number, intendedAt: number): void {
    this.requests++;
    if (intendedAt >= this.startMs) this.attempts[operation] = (this.attempts[operation] as number) + 1;
  }

  /** The story of one operation is over: served `finishedAt`, or not. */
  settle(operation: number, intendedAt: number, outcome: number, finishedAt: number): void {
    if (outcome === OUTCOME.served) this.servedTotal++;
    if (intendedAt < this.startMs) return;
    const counts = this.outcomes[operation] as Float64Array;
    counts[outcome] = (counts[outcome] as number) + 1;
    const slices = this.slices[operation] as CoarseSlices;
    const slice = Math.floor(intendedAt / this.sliceMs);
    const us = outcome === OUTCOME.served ? Math.round((finishedAt - intendedAt) * 1000) : Number.POSITIVE_INFINITY;
    if (outcome === OUTCOME.served) {
      (this.latency[operation] as Histogram).record(us);
      slices.served(slice, us);
    } else slices.missed(slice);
    const limits = this.limits[operation] as Limit[];
    if (limits.length === 0) return;
    const minute = Math.floor(intendedAt / 60_000);
    for (let i = 0; i < limits.length; i++) {
      const limit = limits[i] as Limit;
      limit.sent[minute] = (limit.sent[minute] as number) + 1;
      if (us > limit.us) limit.missed[minute] = (limit.missed[minute] as number) + 1;
    }
  }

  /** A message has been worked off for the first time: published -> done. */
  lag(consumer: number, publishedAt: number, doneAt: number): void {
    if (publishedAt < this.startMs) return;
    const key = this.lagKeys[consumer];
    if (key === undefined) return;
    const slice = Math.min(key.done.length - 1, Math.floor(publishedAt / this.sliceMs));
    key.lag.record(Math.round((doneAt - publishedAt) * 1000));
    key.done[slice] = (key.done[slice] as number) + 1;
    key.total[slice] = (key.total[slice] as number) + doneAt - publishedAt;
  }

  /** Of the served operations of one kind; NaN where there are none. */
  medianUs(operation: number): number {
    return (this.latency[operation] as Histogram).quantile(0.5);
  }

  operations(): OperationResult[] {
    return this.plan.operations.map((o, i) => {
      const counts = this.outcomes[i] as Float64Array;
      const at = (outcome: number) => counts[outcome] as number;
      return {
        name: o.name,
        sent: counts.reduce((sum, n) => sum + n, 0),
        attempts: this.attempts[i] as number,
        served: at(OUTCOME.served),
        refused: at(OUTCOME.refused),
        timed_out: at(OUTCOME.timedOut),
        failed: at(OUTCOME.failed),
        pending: at(OUTCOME.pending),
        latency: (this.latency[i] as Histogram).data(),
        slices: (this.slices[i] as CoarseSlices).data(),
        violations: (this.limits[i] as Limit[]).map(violationOf),
      };
    });
  }

  lags(): LagResult[] {
    return this.lagKeys.map(({ event, component, lag, done, total }) => {
      return { event, component, lag: lag.data(), slices: { done: [...done], total_ms: [...total] } };
    });
  }
}

function violationOf(limit: Limit): { objective: string; minutes: number; counted: number } {
  let minutes = 0;
  let counted = 0;
  limit.sent.forEach((sent, minute) => {
    if (sent < MINUTE_MIN) return;
    counted++;
    if ((limit.missed[minute] as number) > limit.allowed * sent) minutes++;
  });
  return { objective: limit.text, minutes, counted };
}
