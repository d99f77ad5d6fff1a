import type { Parameter } from '../../domain/sourced.ts';
import { assumed, lognormal } from './cite.ts';

/** Objects in a bucket. */
export const S3_BUCKET: Record<string, Parameter> = {
  get_ms: assumed(lognormal(25, 200), 'ms', {
    range: [15, 111],
    because: 'small read 50 ms with 20-30 ms of internet (mikhail.io 2019); 1 MB 111 ms, p99 1,177 (STeLLAR 2021)',
  }),
  put_ms: assumed(lognormal(40, 300), 'ms', {
    range: [20, 200],
    because: 'no percentiles are known; taken as slower than a read',
  }),
  gets_per_s: assumed(5_500, 'request/s', {
    range: [5_500, 55_000],
    because: 'AWS promises at least this for each prefix; the page was not recorded',
  }),
  puts_per_s: assumed(3_500, 'request/s', {
    range: [3_500, 35_000],
    because: 'AWS promises at least this for each prefix; the page was not recorded',
  }),
  retry_base_ms: assumed(100, 'ms', { range: [25, 1_000], because: 'back-off after 503 with full jitter; a common SDK choice' }),
  retries: assumed(3, 'retry', { range: [0, 10], because: 'SDKs differ between 2 and 10' }),
};
