import { describe, expect, test } from 'vitest';
import { DistributionSchema, mean, quantile } from '../../simulator/domain/distribution.ts';
import type { PartKind } from '../../simulator/domain/plan.ts';
import { momentsOf, plus, quantileOf } from '../../simulator/plan/moments.ts';
import { firstCallOf, initOf } from '../../simulator/plan/parameters/cold-start.ts';
import { PARAMETERS } from '../../simulator/plan/parameters/index.ts';
import { AT_LEAST, AT_MOST } from '../../simulator/plan/parameters/limits.ts';

const ALL = Object.entries(PARAMETERS).flatMap(([kind, list]) =>
  Object.entries(list).map(([name, p]) => [`${kind}.${name}`, p] as const),
);

describe('parameters', () => {
  test.each(ALL)('%s says where it comes from', (path, parameter) => {
    expect(parameter.source.length).toBeGreaterThan(10);
    expect(parameter.date).toMatch(/^\d{4}(-\d\d){0,2}$/);
    expect(parameter.unit).not.toBe('');
    if (path !== 'function.reserved') expect(DistributionSchema.safeParse(parameter.value).success).toBe(true);
  });

  test.each(ALL.filter(([, p]) => p.kind === 'assumed'))('%s is assumed, says so, and lies in its range', (_, parameter) => {
    expect(parameter.source).toMatch(/^assumed: /);
    const [low, high] = parameter.range ?? [Number.NaN, Number.NaN];
    expect(quantile(parameter.value, 0.5)).toBeGreaterThanOrEqual(low);
    expect(quantile(parameter.value, 0.5)).toBeLessThanOrEqual(high);
  });

  test('every default is within the limits that the scenario is held to', () => {
    const paths = new Set(ALL.map(([path]) => path));
    for (const path of [...Object.keys(AT_LEAST), ...Object.keys(AT_MOST)]) expect(paths).toContain(path);
    for (const [path, { value }] of ALL) {
      if (path === 'function.reserved') continue;
      expect(mean(value), path).toBeGreaterThanOrEqual(AT_LEAST[path] ?? 0);
      expect(mean(value), path).toBeLessThanOrEqual(AT_MOST[path] ?? Number.MAX_VALUE);
    }
  });

  const NAMES: Record<PartKind, string> = {
    gateway: 'client_ms added_ms cpu_ms hop_ms rate_limit_per_s burst payload_limit_kb timeout_ms retry_base_ms retry_cap_ms',
    account: 'concurrency rate_per_concurrency',
    host: 'cores other_load other_ms',
    function:
      'memory_mb full_vcpu_mb cpu_period_ms cpu_overrun_ms speed invoke_ms init_ms first_call_ms first_call_factor idle_expiry_s timeout_s scaling_burst ' +
      'scaling_per_s provisioned reserved log_kb cpu_per_gpu',
    server:
      'cores memory_gb speed slots queue_limit boot_s warmup_s warmup_factor health_check_s drain_s log_kb disk_gb cpu_per_gpu',
    gpu:
      'batch_max batch_wait_ms batch_base saturation_batch speed boot_s model_load_s memory_gb queue_limit ' +
      'drain_s log_kb disk_gb',
    edge: 'hit_ms miss_ms capacity_rows',
    sqs:
      'send_ms delivery_ms visibility_timeout_s receives_max retention_s batch_size batch_window_ms duplicate_rate ' +
      'pollers_initial pollers_per_min pollers_max long_poll_s',
    'sqs-fifo':
      'send_ms delivery_ms visibility_timeout_s receives_max retention_s in_flight_max batch_size calls_per_s retries ' +
      'retry_base_ms deduplication_s pollers_initial pollers_per_min pollers_max long_poll_s',
    rabbitmq:
      'send_ms commit_ms delivery_ms prefetch delivery_limit batch_size batch_window_ms retry_ms ' +
      'pollers_initial pollers_per_min pollers_max',
    broker: 'nodes messages_per_s memory_mb memory_share overhead_kb blocked_poll_ms publish_timeout_ms disk_gb',
    postgres: 'vcpus cpu_ms_read cpu_ms_write iops io_per_read io_per_write connections wait_timeout_ms network_ms disk_ms',
    dynamodb:
      'read_ms write_ms initial_write_units initial_read_units doubling_min table_quota partition_write_units ' +
      'partition_read_units burst_s retry_base_ms retries stale_lag_ms',
    s3: 'get_ms put_ms gets_per_s puts_per_s retry_base_ms retries',
  };
  test.each(Object.entries(NAMES))('%s has every number that its model reads', (kind, names) => {
    for (const name of names.split(' ')) expect(Object.keys(PARAMETERS[kind as PartKind])).toContain(name);
  });
});

describe('measured laws', () => {
  test.each([
    ['nodejs22', 'x86_64', 142.25, 203.31],
    ['nodejs22', 'arm64', 129.62, 167.47],
    ['python3.13', 'arm64', 80.4, 123.42],
    ['java21', 'arm64', 247.96, 589.18],
    ['go', 'x86_64', 50.14, 66.98],
  ])('init of %s on %s has the published median and 99th percentile', (runtime, architecture, p50, p99) => {
    const { value } = initOf(runtime, architecture);
    expect(quantile(value, 0.5)).toBe(p50);
    expect(quantile(value, 0.99)).toBe(p99);
  });

  test('sending and delivery together make the published hop of a queue', () => {
    const send = quantile(PARAMETERS.sqs.send_ms?.value ?? 0, 0.5);
    for (const [p, ms] of [[0.1, 13.7] as const, [0.5, 16.2] as const, [0.9, 33.8] as const, [0.99, 105] as const]) {
      expect(send + quantile(PARAMETERS.sqs.delivery_ms?.value ?? 0, p)).toBeCloseTo(ms, 9);
    }
  });

  test('the first call of a new instance is slow on a sliver of a CPU', () => {
    expect(firstCallOf('java21', 128).value).toBe(101.1);
    expect(firstCallOf('java21', 3008).value).toBe(6.54);
    expect(firstCallOf('nodejs22', 300).value).toBe(3.77);
  });
});

describe('moments', () => {
  test.each([
    [{ kind: 'exponential', mean: 3 }, 3, 9],
    [{ kind: 'uniform', min: 1, max: 4 }, 2.5, 0.75],
    [{ kind: 'pareto', min: 1, exponent: 3, cap: 1e9 }, 1.5, 0.75],
    [{ kind: 'pareto', min: 1, exponent: 1, cap: Math.E }, 2, 2 * (Math.E - 1) + 1 - 4],
    [{ kind: 'quantiles', points: [[0, 2] as [number, number], [1, 2] as [number, number]] }, 2, 0],
  ] as const)('of %o are those on paper', (law, m, variance) => {
    expect(momentsOf(law as never).mean).toBeCloseTo(m, 6);
    expect(momentsOf(law as never).variance).toBeCloseTo(variance, 6);
  });

  test('of a log-normal law agree with its own quantiles, one by one and added', () => {
    const law = { kind: 'lognormal', p50: 10, p99: 40 } as const;
    expect(momentsOf(law).mean).toBeCloseTo(mean(law), 6);
    for (const q of [0.1, 0.5, 0.95, 0.99]) expect(quantileOf(momentsOf(law), q)).toBeCloseTo(quantile(law, q), 6);
    expect(quantileOf(plus(momentsOf(law), { mean: 0, variance: 0 }), 0.5)).toBeCloseTo(10, 9);
  });
});
