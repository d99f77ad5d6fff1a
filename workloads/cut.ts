import type { Workload } from '../simulator/domain/workload.ts';
import { rateAt } from './arrivals/index.ts';

/** Start of the window of `length_s` seconds with the most intended operations, in whole seconds. */
export function busiestWindow(workload: Workload, length_s: number): number {
  const seconds = Math.floor(workload.duration_s);
  const length = Math.min(seconds, Math.ceil(length_s));
  let sum = 0;
  for (let t = 0; t < length; t++) sum += rateAt(workload.arrivals, t + 0.5);
  let best = sum;
  let start = 0;
  for (let t = length; t < seconds; t++) {
    sum += rateAt(workload.arrivals, t + 0.5) - rateAt(workload.arrivals, t - length + 0.5);
    if (sum > best * (1 + 1e-12)) {
      best = sum;
      start = t - length + 1;
    }
  }
  return start;
}
