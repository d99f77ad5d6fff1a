import type { Parameter } from '../../domain/sourced.ts';
import { assumed, cite, lognormal } from './cite.ts';

const DYNAMODB = cite(
  'AWS DynamoDB developer guide (awsdocs dynamodb@cb6dd0d); repost.aws on-demand-table-throttling',
  '2024-11',
);
const DEBRIE = cite('github alexdebrie/dynamodb-performance-testing@d526e9f, from Lambda with boto3', '2020-02');

/** A key-value table on demand. Latencies were seen by the caller, so they hold the network too. */
export const DYNAMODB_TABLE: Record<string, Parameter> = {
  read_ms: assumed(lognormal(5, 12), 'ms', {
    range: [2, 20],
    because: 'about 5 ms a call (cebert 2025-11); percentiles of GetItem are not known; 10-20 ms by dynobase 2022',
  }),
  write_ms: DEBRIE.measured(
    {
      kind: 'quantiles',
      points: [
        [0, 5.47],
        [0.5, 7.55],
        [0.9, 11.3],
        [0.95, 13.2],
        [0.99, 16.2],
        [1, 29],
      ],
    },
    'ms',
    'PutItem, n = 400',
  ),
  initial_write_units: DYNAMODB.documented(4_000, 'write unit/s', 'a new table'),
  initial_read_units: DYNAMODB.documented(12_000, 'read unit/s', 'a new table'),
  doubling_min: DYNAMODB.documented(30, 'min', 'more than twice the previous peak within this time may be throttled'),
  table_quota: DYNAMODB.documented(40_000, 'unit/s', 'default for reads and for writes'),
  partition_write_units: DYNAMODB.documented(1_000, 'write unit/s'),
  partition_read_units: DYNAMODB.documented(3_000, 'read unit/s'),
  burst_s: DYNAMODB.documented(300, 's', 'unused capacity kept for bursts'),
  retry_base_ms: assumed(50, 'ms', {
    range: [25, 500],
    because: 'back-off of a throttled caller with full jitter; a common SDK choice',
  }),
  retries: assumed(3, 'retry', { range: [0, 10], because: 'SDKs differ between 2 and 10' }),
  stale_lag_ms: DEBRIE.measured(
    {
      kind: 'quantiles',
      points: [
        [0, 0],
        [0.995, 0],
        [0.9968, 10],
        [1, 100],
      ],
    },
    'ms',
    'eventual read after a write: current in 99.50 % at once, 99.68 % after 10 ms, 100 % after 100 ms, n = 5,000',
  ),
};
