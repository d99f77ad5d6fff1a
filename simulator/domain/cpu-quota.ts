import { numberOf } from './part-values.ts';
import type { Part } from './plan.ts';

/**
 * A share of a vCPU, as the kernel gives it: in every period of wall time so much CPU time, then a pause until the next one begins.
 *
 * Work that fits into one quota is not slowed down at all, and what is much longer takes `1 / share` times as long.
 */
export interface CpuQuota {
  /** Of one vCPU; 1 and more is not held back. */
  share: number;
  /** 0: held back evenly, `1 / share` times as long. */
  period_ms: number;
}

/** Period in which AWS Lambda counts CPU time. Source: github pwrdrvr/lambda-dispatch#246, 2024-12, observed: pauses until the end of 20 ms. */
export const CPU_PERIOD_MS = 20;

/** What a function's memory gives it. */
export function quotaOf(part: Part): CpuQuota {
  const share = Math.min(1, numberOf(part, 'memory_mb') / numberOf(part, 'full_vcpu_mb'));
  return { share, period_ms: numberOf(part, 'cpu_period_ms') };
}

/** How long work of `cpu_ms` takes that begins with a period of its own. */
export function heldBack(cpu_ms: number, { share, period_ms }: CpuQuota): number {
  if (share >= 1) return cpu_ms;
  if (period_ms <= 0) return cpu_ms / share;
  const quota = share * period_ms;
  const periods = Math.max(0, Math.ceil(cpu_ms / quota - 1e-9) - 1);
  return periods * period_ms + (cpu_ms - periods * quota);
}

/** The CPU time of work that took `elapsed_ms`: the other way round. */
export function usedIn(elapsed_ms: number, { share, period_ms }: CpuQuota): number {
  if (share >= 1) return elapsed_ms;
  if (period_ms <= 0) return elapsed_ms * share;
  const quota = share * period_ms;
  const periods = Math.floor(elapsed_ms / period_ms);
  return periods * quota + Math.min(quota, elapsed_ms - periods * period_ms);
}
