import { performance } from 'node:perf_hooks';

/** Wall time in ms with the resolution of the monotonic clock. */
export function wallMs(): number {
  return performance.timeOrigin + performance.now();
}

/** Resolves after `ms`; at once when there is nothing to wait for. */
export function wait(ms: number): Promise<void> {
  return ms > 0 ? new Promise((resolve) => setTimeout(resolve, ms)) : Promise.resolve();
}
