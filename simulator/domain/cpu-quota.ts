import { numberOf } from './part-values.ts';
import type { Part } from './plan.ts';

/**
 * A share of a vCPU, as the kernel gives it: in every period of wall time so much CPU time, then a pause until the next one begins.
 *
 * Periods go by whether anybody works or not, so work begins somewhere in one, with its whole quota, and has another when the next begins: what
 * is not much longer than a quota often gets through without a pause, and what is very long takes `1 / share` times as long.
 */
export interface CpuQuota {
  /** Of one vCPU; 1 and more is not held back. */
  share: number;
  /** 0: held back evenly, `1 / share` times as long. */
  period_ms: number;
  /** CPU time beyond a quota until the kernel sees that it is used up; the next quota is less by it. */
  overrun_ms: number;
}

/** Period in which AWS Lambda counts CPU time. Source: github pwrdrvr/lambda-dispatch#246, 2024-12, observed: pauses until the end of 20 ms. */
export const CPU_PERIOD_MS = 20;
/** Moments of a period that stand for all of them. */
const MOMENTS = 20;
const ROUNDING = 1e-9;

/** What a function's memory gives it. */
export function quotaOf(part: Part): CpuQuota {
  const share = Math.min(1, numberOf(part, 'memory_mb') / numberOf(part, 'full_vcpu_mb'));
  return { share, period_ms: numberOf(part, 'cpu_period_ms'), overrun_ms: numberOf(part, 'cpu_overrun_ms') };
}

/** Whether it ever pauses anything. */
export function pauses({ share, period_ms }: CpuQuota): boolean {
  return share < 1 && period_ms > 0;
}

/** How long work of `cpu_ms` takes that begins `first_ms` before the next period. */
export function heldBack(cpu_ms: number, quota: CpuQuota, first_ms: number): number {
  if (!pauses(quota)) return cpu_ms / Math.min(1, quota.share);
  if (cpu_ms <= allowedIn(0, quota, first_ms)) return cpu_ms;
  const { period_ms, overrun_ms } = quota;
  const each = quota.share * period_ms;
  const period = Math.max(1, Math.ceil((cpu_ms - overrun_ms - Math.min(first_ms, each)) / each - ROUNDING));
  const rest = cpu_ms - allowedIn(period - 1, quota, first_ms);
  // What is left of a quota when the next period begins is nobody's: there is no pause then.
  return Math.max(cpu_ms, first_ms + (period - 1) * period_ms + rest);
}

/** The same for moments of a period that are equally likely. */
export function heldBackOver(cpu_ms: number, quota: CpuQuota): number[] {
  return Array.from({ length: MOMENTS }, (_, i) => heldBack(cpu_ms, quota, ((i + 0.5) / MOMENTS) * quota.period_ms));
}

/** CPU time that work may have had, all in all, when its pause in its `n`-th period begins; its first, which is not whole, is 0. */
export function allowedIn(n: number, { share, period_ms, overrun_ms }: CpuQuota, first_ms: number): number {
  const each = share * period_ms;
  return n === 0 ? Math.min(first_ms, each + overrun_ms) : Math.min(first_ms, each) + n * each + overrun_ms;
}
