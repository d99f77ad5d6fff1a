/**
 * Everything that is metered, with the unit that quantities are counted in.
 *
 * Worlds meter these where they happen; `prices/` prices them; every key has exactly one price row.
 * Keys with `:` carry a size, e.g. `server-hours:m7g.large` or `server-hours-reserved:m7g.large`.
 */
export const USAGE_UNITS = {
  'function-requests': 'request',
  'function-gb-s:arm64': 'GB-second',
  'function-gb-s:x86_64': 'GB-second',
  'function-provisioned-gb-s:arm64': 'GB-second',
  'function-provisioned-gb-s:x86_64': 'GB-second',
  'function-provisioned-duration-gb-s:arm64': 'GB-second',
  'function-provisioned-duration-gb-s:x86_64': 'GB-second',
  'server-hours': 'instance-hour',
  'server-hours-reserved': 'instance-hour',
  'server-hours-spot': 'instance-hour',
  'disk-gb-months': 'GB-month',
  'gateway-requests': 'request',
  'load-balancer-hours': 'hour',
  'load-balancer-units': 'LCU-hour',
  'edge-requests': 'request',
  'edge-gb': 'GB',
  'transfer-out-gb': 'GB',
  'transfer-zone-gb': 'GB',
  'nat-hours': 'hour',
  'nat-gb': 'GB',
  'logs-gb': 'GB',
  'sqs-requests': 'request (64 KB chunk)',
  'dynamodb-read-units': 'read unit',
  'dynamodb-write-units': 'write unit',
  'dynamodb-gb-months': 'GB-month',
  'postgres-hours': 'instance-hour',
  'postgres-gb-months': 'GB-month',
  's3-puts': 'request',
  's3-gets': 'request',
  's3-gb-months': 'GB-month',
} as const;
export type UsageItem = keyof typeof USAGE_UNITS;
