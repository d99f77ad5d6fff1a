import type { LiveReport } from '../../simulator/domain/live-report.ts';
import type { PoolReport, Report, StrategyReport } from '../../simulator/domain/report.ts';
import { lagsOf } from './fixture-lags.ts';
import {
  BASES,
  billOf,
  checksOf,
  decisionsOf,
  objectivesOf,
  operationOf,
  PARAMETERS,
  poolsOf,
  type Story,
} from './fixture-parts.ts';
import { DURATION, loadAt, type Shape } from './fixture-shape.ts';

/** Where a live run ran; it stands in no golden. */
export const LIVE: LiveReport = {
  label: 'durations of this machine',
  stack: 'embedded',
  machine: { node: 'v20', system: 'Linux', cpu: 'a test', cores: 2, memory_gb: 8 },
  parts: [],
  scale: { factor: 1, cores_needed: 0.7, cores: 2 },
  cpu_share: 'none',
  driver: [],
  notes: [],
};

const SMALL: Shape = { strategies: 4, operations: 3, pools: 3, samples: 60 };
export const LARGE: Shape = { strategies: 7, operations: 7, pools: 12, samples: 180 };
const STORIES: readonly Story[] = [
  { name: 'all-functions', slower: 1.25, dearer: 1.9, loses: 0, refuses: 0.0004, description: 'Every component on functions.' },
  {
    name: 'all-servers',
    slower: 1,
    dearer: 1.3,
    loses: 0,
    refuses: 0.031,
    description: 'Every component on servers behind a load balancer.',
  },
  {
    name: 'hybrid',
    slower: 0.9,
    dearer: 1.05,
    loses: 12,
    refuses: 0.002,
    description: 'Light event work on functions; persistent, heavy and GPU work on servers.',
  },
  {
    name: 'hybrid-burst',
    slower: 0.93,
    dearer: 1,
    loses: 0,
    refuses: 0.0002,
    description: 'Servers for the base, functions for the overflow.',
  },
  {
    name: 'hybrid-gpu',
    slower: 0.8,
    dearer: 1.55,
    loses: 0,
    refuses: 0.0002,
    description: 'Moderation, transcode and recommendation on GPU workers.',
  },
  {
    name: 'reserved-base',
    slower: 1.02,
    dearer: 0.82,
    loses: 0,
    refuses: 0.012,
    description: 'A reserved base with on-demand above.',
  },
  {
    name: 'spot-servers',
    slower: 1.02,
    dearer: 0.78,
    loses: 0,
    refuses: 0.02,
    description: 'Servers on spot machines.',
  },
];

/** A report that could have come from `social-peak`: deterministic, valid, with a winner and four kinds of failure. */
export function reportOf(shape: Partial<Shape> = {}): Report {
  const full = { ...SMALL, ...shape };
  const strategies = [3, 0, 1, 2, 4, 5, 6].slice(0, full.strategies).map((i) => strategyOf(STORIES[i] as Story, full));
  return {
    schema: 'report@1',
    version: '0.1.0',
    scenario: {
      name: 'social-peak',
      description: "A social network's evening: ramp, peak, and a flash crowd on one celebrity's post.",
      duration_s: DURATION,
      warmup_s: 60,
      cut_start_s: 0,
      load: Array.from({ length: 91 }, (_, i) => [i * 20, Math.round(loadAt(i * 20) * 10) / 10]),
    },
    world: 'virtual',
    seeds: [1, 2, 3, 4, 5],
    machine: { node: 'v20.20.2', cpu: 'a test', cores: 2, threads: 2, started_at: '2026-11-24T10:00:00Z', wall_s: 9.4 },
    strategies,
    comparisons: strategies.slice(1).flatMap((other) => [
      {
        ...pair(other.name),
        measure: 'overall p99',
        difference: -11.2,
        ci95: [-30.4, 8] as [number, number],
        significant: false,
      },
      {
        ...pair(other.name),
        measure: 'error_rate',
        difference: -0.0124,
        ci95: [-0.014, -0.011] as [number, number],
        significant: true,
      },
      {
        ...pair(other.name),
        measure: 'cost_per_million',
        difference: -0.31,
        ci95: [-0.33, -0.29] as [number, number],
        significant: true,
      },
    ]),
    verdict: {
      chosen: 'hybrid-burst',
      because:
        'hybrid-burst meets 5 objectives and 2 binding checks, at $412 a month ($1.56 per million served); ' +
        'the next cheapest that does, all-functions, costs $200 more a month (+48.5 %).',
      rejected: strategies.slice(1).map((one) => ({ strategy: one.name, because: WHY[one.name] ?? 'dearer' })),
    },
    parameters: PARAMETERS,
  };
}

const pair = (b: string) => ({ a: 'hybrid-burst', b });

const WHY: Readonly<Record<string, string>> = {
  'all-functions': 'meets everything, but costs $200 more a month (+48.5 %)',
  'all-servers': 'p99 of view-feed: beyond 320 ms, 3.1 % were not served; error_rate: 3.1 % > 1 %',
  hybrid: 'lost 12 times a run, not 0',
  'hybrid-gpu': 'meets everything, but costs $122 more a month (+29.6 %)',
  'reserved-base': 'p99 of view-feed: beyond 320 ms, 1.2 % were not served; error_rate: 1.2 % > 1 %',
  'spot-servers': 'error_rate: 2 % > 1 %',
};

function strategyOf(story: Story, shape: Shape): StrategyReport {
  const operations = BASES.slice(0, shape.operations).map((base) => operationOf(base, story));
  const sent = operations.reduce((sum, one) => sum + one.sent, 0);
  return {
    name: story.name,
    description: story.description,
    controller: 'target-utilization',
    rate: 1,
    operations,
    throughput: { asked_per_s: sent / 5 / 1740, served_per_s: (sent * (1 - story.refuses)) / 5 / 1740 },
    lags: lagsOf(story),
    bill: billOf(story),
    checks: checksOf(story),
    objectives: objectivesOf(story),
    violation_minutes: story.refuses > 0.01 ? 2.4 : 0.2,
    pools: poolsOf(story, shape),
    timeline: Array.from({ length: shape.samples }, (_, i) =>
      sliceOf(story, (i * DURATION) / shape.samples, DURATION / shape.samples),
    ),
    decisions: decisionsOf(story),
    speed: { requests_per_s: 412_345, events_per_s: 3_456_789 },
  };
}

function sliceOf(story: Story, at_s: number, width: number): StrategyReport['timeline'][number] {
  const sent = Math.round(loadAt(at_s) * width);
  const isCrowd = at_s > 1080 && at_s < 1230;
  const failed = isCrowd ? Math.round(sent * story.refuses * 12) : 0;
  const wave = 1 + 0.08 * Math.sin(at_s / 40) + (isCrowd ? 3 * story.slower : 0);
  return {
    at_s,
    sent,
    served: sent - failed,
    failed,
    p50_ms: 38 * story.slower * wave,
    p95_ms: at_s < 30 ? null : 160 * story.slower * wave,
  };
}

/** One strategy, nothing served, nothing to pay, no pools: every number that may be missing is. */
export function emptyReport(): Report {
  const report = reportOf({ strategies: 1, operations: 1, pools: 0, samples: 0 });
  const [strategy] = report.strategies as [StrategyReport];
  const none = { mean: null, p50: null, p95: null, p99: null, p999: null };
  const seeds = { mean: [null], p50: [null], p95: [null], p99: [null], p999: [null] };
  const histogram = { count: 0, sum_us: 0, max_us: 0, buckets: [] };
  strategy.operations = [
    {
      ...{
        name: 'view-feed',
        sent: 0,
        attempts: 0,
        served: 0,
        refused: 0,
        timed_out: 0,
        failed: 0,
        pending: 0,
        error_rate: null,
      },
      latency_ms: { ...none, max: null, ci95: none, per_seed: seeds, histogram },
    },
  ];
  strategy.lags = [];
  strategy.checks = [];
  strategy.objectives = [{ text: 'view-feed p99 <= 500 ms', met: null, value: null }];
  strategy.throughput = { asked_per_s: 0, served_per_s: 0 };
  const interval = { run_usd: null, per_million_served_usd: null, month_usd: null };
  strategy.bill = {
    run_usd: 0,
    per_million_served_usd: null,
    month_usd: 0,
    month_tiered_usd: 0,
    ci95: interval,
    by_component: [],
    lines: [],
  };
  strategy.decisions = [];
  const { machine: _machine, ...rest } = report;
  return {
    ...rest,
    seeds: [7],
    scenario: { ...report.scenario, load: [] },
    comparisons: [],
    verdict: {
      chosen: null,
      because:
        'No strategy meets everything. hybrid-burst comes closest, at $0 a month: it cannot be told to meet view-feed p99.',
      rejected: [{ strategy: 'hybrid-burst', because: 'view-feed p99: too few samples' }],
    },
    parameters: [],
  };
}

export const HOSTILE = `<script>alert("1")</script>'"&|\u202Eevil\u001b[31m \u05d0\u05d1 😀 <img src=x onerror=alert(1)>`;

/** The same report with hostile text wherever a user's text may stand. */
export function hostileReport(): Report {
  const report = reportOf();
  const poison = (value: unknown): unknown => {
    if (typeof value === 'string') return `${value}${HOSTILE}`;
    if (Array.isArray(value)) return value.map(poison);
    if (value === null || typeof value !== 'object') return value;
    const kept = new Set(['schema', 'world', 'kind']);
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, kept.has(key) ? item : poison(item)]));
  };
  return poison(report) as Report;
}

export type { PoolReport };
