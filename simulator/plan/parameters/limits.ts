/**
 * Least values that a model can work with; parameters that are not named here may be 0.
 *
 * A batch of none or a server without slots would wait for ever instead of failing.
 */
export const AT_LEAST: Readonly<Record<string, number>> = {
  'gateway.burst': 1,
  'gateway.rate_limit_per_s': 0.001,
  'gateway.timeout_ms': 1,
  'function.memory_mb': 128,
  'function.full_vcpu_mb': 1,
  'function.speed': 0.001,
  'function.timeout_s': 0.001,
  'function.first_call_factor': 0.001,
  'server.cores': 1,
  'server.memory_gb': 0.001,
  'server.speed': 0.001,
  'server.slots': 1,
  'server.warmup_factor': 0.001,
  'gpu.batch_max': 1,
  'gpu.saturation_batch': 0.001,
  'gpu.speed': 0.001,
  'edge.capacity_rows': 1,
  'sqs.receives_max': 1,
  'sqs.retention_s': 1,
  'sqs.in_flight_max': 1,
  'sqs.batch_size': 1,
  'sqs.pollers_initial': 1,
  'sqs.pollers_max': 1,
  'postgres.vcpus': 1,
  'postgres.iops': 1,
  'postgres.connections': 1,
  'dynamodb.initial_write_units': 1,
  'dynamodb.initial_read_units': 1,
  'dynamodb.doubling_min': 0.001,
  'dynamodb.table_quota': 1,
  'dynamodb.partition_write_units': 1,
  'dynamodb.partition_read_units': 1,
  's3.gets_per_s': 1,
  's3.puts_per_s': 1,
};

/** Greatest values, where a share or a platform's limit ends the range. */
export const AT_MOST: Readonly<Record<string, number>> = {
  'function.memory_mb': 10_240,
  'function.timeout_s': 900,
  'postgres.serializable': 1,
  'sqs.duplicate_rate': 1,
  'sqs.batch_size': 10_000,
  'sqs.batch_window_ms': 300_000,
  'sqs.visibility_timeout_s': 43_200,
  'sqs.retention_s': 1_209_600,
  'server.slots': 10_000,
  'gpu.batch_max': 256,
};
