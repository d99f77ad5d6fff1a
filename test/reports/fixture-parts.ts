import { quantileOf } from '../../reports/histogram.ts';
import { quantile } from '../../simulator/domain/distribution.ts';
import type {
  Bill,
  CheckReport,
  ObjectiveReport,
  OperationReport,
  PoolReport,
  Report,
  StrategyReport,
} from '../../simulator/domain/report.ts';
import { Histogram } from '../../simulator/measure/histogram.ts';
import { DURATION, loadAt, type Shape } from './fixture-shape.ts';

/** What is different about a strategy: all numbers of the fixture follow from these. */
export interface Story {
  name: string;
  description: string;
  slower: number;
  dearer: number;
  loses: number;
  refuses: number;
}

interface Base {
  name: string;
  p50: number;
  p99: number;
  sent: number;
}

export const BASES: readonly Base[] = [
  { name: 'view-feed', p50: 42, p99: 240, sent: 24_000 },
  { name: 'create-post', p50: 86, p99: 610, sent: 4_200 },
  { name: 'sign-in', p50: 120, p99: 380, sent: 700 },
  { name: 'view-profile', p50: 31, p99: 170, sent: 12_000 },
  { name: 'like', p50: 18, p99: 90, sent: 9_000 },
  { name: 'comment', p50: 27, p99: 140, sent: 3_000 },
  { name: 'search', p50: 74, p99: 520, sent: 2_500 },
];

export function operationOf(base: Base, story: Story): OperationReport {
  const refused = Math.round(base.sent * story.refuses);
  const served = base.sent - refused;
  const histogram = new Histogram();
  const law = { kind: 'lognormal' as const, p50: base.p50 * story.slower, p99: base.p99 * story.slower };
  for (let i = 0; i < served; i++) {
    const isCold = story.name === 'all-functions' && i % 200 === 0;
    histogram.record(Math.round((quantile(law, (i + 0.5) / served) + (isCold ? 700 : 0)) * 1000));
  }
  const data = histogram.data();
  const at = {
    mean: data.sum_us / data.count / 1000,
    p50: quantileOf(data, 0.5),
    p95: quantileOf(data, 0.95),
    p99: quantileOf(data, 0.99),
    p999: quantileOf(data, 0.999),
  };
  const spread = (value: number | null): [number, number] | null => (value === null ? null : [value * 0.97, value * 1.04]);
  const seeds = (value: number | null) => [0.98, 1.01, 1.03, 0.99, 0.97].map((f) => (value === null ? null : value * f));
  return {
    ...{
      name: base.name,
      sent: base.sent,
      attempts: base.sent + refused,
      served,
      refused,
      timed_out: 0,
      failed: 0,
      pending: 0,
      error_rate: refused / base.sent,
    },
    latency_ms: {
      ...at,
      max: data.max_us / 1000,
      ci95: { mean: spread(at.mean), p50: spread(at.p50), p95: spread(at.p95), p99: spread(at.p99), p999: spread(at.p999) },
      per_seed: { mean: seeds(at.mean), p50: seeds(at.p50), p95: seeds(at.p95), p99: seeds(at.p99), p999: seeds(at.p999) },
      histogram: data,
    },
  };
}

const PARTS: readonly [string, number][] = [
  ['feed', 96],
  ['moderation', 81],
  ['fan-out', 44],
  ['posts', 38],
  ['gateway', 35],
  ['transcode', 33],
  ['auth', 22],
  ['recommend', 19],
  ['profile', 16],
  ['notify', 12],
  ['search', 9],
  ['edge', 7],
];

export function billOf(story: Story): Bill {
  const parts = PARTS.map(([component, usd], i) => ({ component, month: usd * (i % 2 === 0 ? story.dearer : 1) }));
  const month = parts.reduce((sum, part) => sum + part.month, 0);
  const share = DURATION / (730 * 3600);
  const lines = parts.flatMap(({ component, month: usd }, i) => [
    {
      component,
      item: i % 2 === 0 ? 'server-hours:m7g.large' : 'function-gb-s:arm64',
      quantity: usd * 3,
      unit: i % 2 === 0 ? 'instance-hour' : 'GB-second',
      price_usd: 0.0816,
      usd: usd * share * 0.8,
    },
    { component, item: 'logs-gb', quantity: usd / 900, unit: 'GB', price_usd: 0.5, usd: usd * share * 0.2 },
  ]);
  const run = month * share;
  return {
    run_usd: run,
    per_million_served_usd: (run / 181_000) * 1e6,
    month_usd: month,
    month_tiered_usd: month * 0.93,
    ci95: { run_usd: [run * 0.98, run * 1.02], per_million_served_usd: [1.5, 1.7], month_usd: [month * 0.98, month * 1.02] },
    by_component: parts.map((part) => ({ component: part.component, usd: part.month * share })),
    lines,
  };
}

export function checksOf(story: Story): CheckReport[] {
  const example =
    'post 1841 of user 77: accepted 18:02.114, published 18:02.151, received 3 times by moderation, dead-lettered 19:33.020';
  return [
    {
      name: 'lost',
      description: 'What was accepted is applied in the end.',
      binds: true,
      holds: story.loses === 0,
      count: story.loses,
      examples: story.loses > 0 ? [example, example.replace('1841', '1902')] : [],
    },
    { name: 'twice', description: 'Nothing takes effect twice.', binds: true, holds: true, count: 0, examples: [] },
    {
      ...{
        name: 'shown_before_moderated',
        description: 'No post is shown before it was moderated.',
        binds: false,
        holds: false,
        count: 318,
      },
      exposure_s: { mean: 0.42, max: 9.1 },
      examples: ['post 12 shown at 0:31.204, moderated at 0:31.900: .7 s exposed'],
    },
    {
      name: 'stale_read',
      description: 'A read returns the last committed write.',
      binds: false,
      holds: true,
      count: 0,
      examples: [],
    },
  ];
}

export function objectivesOf(story: Story): ObjectiveReport[] {
  return [
    { text: 'view-feed p99 <= 320 ms', met: story.refuses <= 0.01, value: story.refuses <= 0.01 ? story.slower * 240 : null },
    { text: 'create-post p95 <= 600 ms', met: true, value: 342 * story.slower },
    { text: 'error_rate <= 1 %', met: story.refuses <= 0.01, value: story.refuses * 100 },
    { text: 'lost == 0', met: story.loses === 0, value: story.loses },
    { text: 'moderation lag_p99 <= 15 s', met: true, value: 9.4 * story.slower },
  ];
}

export function decisionsOf(story: Story): StrategyReport['decisions'] {
  const onFunctions = story.name === 'all-functions';
  return [
    {
      subject: 'feed',
      placed: onFunctions ? 'function, 512 MB' : 'server m7g.large x 3',
      rule: 'persistent work on servers',
      because: 'called 93 times a second at the peak',
    },
    {
      subject: 'moderation',
      placed: onFunctions ? 'function, 3,008 MB' : 'server c7g.xlarge x 2',
      rule: 'heavy work on servers',
      because: '180 ms of CPU a call',
    },
    {
      subject: 'post-created -> fan-out',
      placed: 'sqs',
      rule: 'events over a queue',
      because: 'at least once is enough: fan-out is idempotent',
    },
    { subject: 'posts', placed: 'dynamodb', rule: 'key-value rows on DynamoDB', because: 'key-value' },
  ];
}

export function poolsOf(story: Story, shape: Shape): PoolReport[] {
  return PARTS.slice(0, shape.pools).map(([name, size], p) => {
    const kind: PoolReport['kind'] =
      story.name === 'all-functions'
        ? 'function'
        : p === 1 && story.name === 'hybrid-gpu'
          ? 'gpu'
          : p % 3 === 2
            ? 'function'
            : 'server';
    const demandAt = (t: number) => Math.max(1, Math.ceil((loadAt(t) * size) / 2400));
    let wanted = demandAt(0);
    return {
      ...{ name: `${kind}/${name}`, kind, controller: kind === 'function' ? 'platform' : 'target-utilization' },
      timeline: Array.from({ length: shape.samples }, (_, i) => {
        const at_s = (i * DURATION) / shape.samples;
        const before = wanted;
        wanted = Math.max(demandAt(Math.max(0, at_s - 20)), i % 6 === 0 ? before - 1 : before);
        const ready = Math.min(wanted, demandAt(Math.max(0, at_s - 60)) + 1);
        const demand = demandAt(at_s);
        return {
          ...{
            at_s,
            wanted,
            ready,
            starting: wanted - ready,
            busy: Math.min(ready, demand),
            queued: Math.max(0, demand - ready) * 7,
            demand,
          },
          ...(wanted === before
            ? {}
            : { because: `utilisation ${(0.5 + (i % 40) / 100).toFixed(2)} against .6: ${before} to ${wanted}` }),
        };
      }),
      elasticity: {
        accuracy_under: 0.031 * (p + 1),
        accuracy_over: 0.21,
        timeshare_under: 0.05,
        timeshare_over: 0.62,
        jitter_per_min: -0.13,
        instance_hours: size / 20,
      },
      cold_starts: kind === 'function' ? 340 + p : 0,
      calls: 40_000,
    };
  });
}

export const PARAMETERS: Report['parameters'] = [
  {
    path: 'function.init_ms',
    value: { kind: 'lognormal', p50: 210, p99: 640 },
    unit: 'ms',
    source: 'https://example.org/cold-starts, table 2',
    date: '2026-08',
    kind: 'measured',
  },
  {
    path: 'function.full_vcpu_mb',
    value: 1769,
    unit: 'MB',
    source: 'AWS Lambda developer guide, "Memory and computing power"',
    date: '2026-09-28',
    kind: 'documented',
  },
  {
    path: 'server.boot_s',
    value: { kind: 'uniform', min: 35, max: 80 },
    unit: 's',
    source: 'assumed from forum reports',
    date: '2026-09-30',
    kind: 'assumed',
    range: [20, 180],
  },
  {
    path: 'sqs.visibility_timeout_s',
    value: 30,
    unit: 's',
    source: 'Amazon SQS developer guide',
    date: '2026-09-28',
    kind: 'documented',
  },
  {
    path: 'price.server-hours:m7g.large',
    value: 0.0816,
    unit: 'USD per instance-hour',
    source: 'AWS price list, us-east-1',
    date: '2026-09-28',
    kind: 'documented',
  },
  { path: 'server.feed.type', value: 'm7g.large', unit: '', source: 'sizing rule', date: '2026-11-24', kind: 'assumed' },
];
