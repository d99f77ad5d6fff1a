import { describe, expect, test } from 'vitest';
import type { Usage } from '../../simulator/domain/cell.ts';
import type { Part, Plan } from '../../simulator/domain/plan.ts';
import { type Report, ReportSchema } from '../../simulator/domain/report.ts';
import { type SummaryInput, stable, summarise } from '../../simulator/measure/summary.ts';
import { type CellParts, cell, operationResult, plan, times } from './cells.ts';

const requests = (quantity: number): Usage[] => [{ component: 'gateway', item: 'gateway-requests', quantity }];
const sqs = { unit: 's', source: 'somewhere', date: '2026-08', kind: 'documented' } as const;
const lines = { objectives: ['view p95 <= 0.15 ms', 'stale_read <= 5'], checks: ['lost'] };
const found = (name: string, count: number, examples: string[] = []) => ({
  name,
  description: `${name} in words`,
  count,
  examples,
});

function pool(name: string): Part {
  const controller = { name: 'queue-depth', options: {} };
  const sizing = { initial: 1, minimum: 1, maximum: 9, reserved: 0, controller, holding_ms: 100, slots: 2 };
  return { path: name, kind: 'server', owner: 'auth', values: {}, words: {}, sizing };
}

function input(parts: Partial<SummaryInput> = {}): SummaryInput {
  return {
    scenario: { name: 'small', description: 'a small one' },
    version: '0.1.0',
    seeds: [1, 2],
    cut_start_s: 0,
    load: [
      [0, 10],
      [100, 20],
    ],
    plans: [plan('cheap', lines), plan('dear', lines)],
    results: [
      cell('cheap', 1, {
        operations: [operationResult('view', times(500, 0.1))],
        usage: requests(1000),
        checks: [found('lost', 0), found('stale_read', 4)],
      }),
      cell('cheap', 2, {
        operations: [operationResult('view', times(500, 0.12))],
        usage: requests(1000),
        checks: [found('lost', 0), found('stale_read', 2)],
      }),
      cell('dear', 1, {
        operations: [operationResult('view', times(500, 0.05))],
        usage: requests(3000),
        checks: [found('lost', 0), found('stale_read', 0)],
      }),
      cell('dear', 2, {
        operations: [operationResult('view', times(500, 0.05))],
        usage: requests(3000),
        checks: [found('lost', 2, ['x', 'y']), found('stale_read', 0)],
      }),
    ],
    ...parts,
  };
}

/** A report of one strategy `x` from cells with these parts. */
function one(parts: CellParts[], ofPlan: Partial<Plan> = {}): Report {
  return summarise(
    input({ seeds: parts.map((_, i) => i + 1), plans: [plan('x', ofPlan)], results: parts.map((p, i) => cell('x', i + 1, p)) }),
  );
}

describe('summary', () => {
  test('a report is one of the schema that other programs read', () => {
    expect(() => ReportSchema.parse(summarise(input()))).not.toThrow();
    expect(JSON.stringify(summarise(input()))).toBe(JSON.stringify(summarise(input())));
  });

  test('values come from merged histograms, intervals from the seeds', () => {
    const latency = summarise(input()).strategies[0]?.operations[0]?.latency_ms;
    expect(latency).toMatchObject({ p50: 0.1, p95: 0.12, mean: 0.11, max: 0.12, p99: 0.12, p999: null });
    expect(latency?.per_seed).toMatchObject({ p50: [0.1, 0.12], p95: [0.1, 0.12], p99: [null, null] });
    // Mean .11, standard error .01, t(1) 12.706.
    expect(latency?.ci95.p95?.[0]).toBeCloseTo(0.11 - 0.12706, 5);
    expect(latency?.ci95.p99).toBeNull();
    expect(latency?.histogram).toMatchObject({ count: 1000, sum_us: 110_000 });
  });

  test('the cheaper of two is chosen, and the dearer told that it lost two', () => {
    const report = summarise(input());
    expect(report.verdict.chosen).toBe('cheap');
    expect(report.verdict.rejected).toEqual([{ strategy: 'dear', because: 'lost: 2 in 2 runs' }]);
    const cost = report.comparisons.find((c) => c.measure === 'cost_per_million');
    expect(cost).toMatchObject({ a: 'cheap', b: 'dear', significant: true }); // 1,000 against 3,000 requests at $1 a million over 500 served
    expect(cost?.difference).toBeCloseTo(2 - 6, 9);
  });

  test('throughput is what was asked and served in the window, a second', () => {
    const operations = [operationResult('view', times(450, 1), { refused: 450 })];
    expect(one([{ operations }, { operations }]).strategies[0]?.throughput).toEqual({ asked_per_s: 10, served_per_s: 5 });
  });

  test('a listed check holds only at none; one that an objective bounds holds within it', () => {
    const [cheap, dear] = summarise(input()).strategies;
    expect(cheap?.checks.map((c) => [c.name, c.binds, c.holds, c.count])).toEqual([
      ['lost', true, true, 0],
      ['stale_read', true, true, 6],
    ]);
    expect(dear?.checks[0]).toMatchObject({ holds: false, count: 2, examples: ['seed 2: x', 'seed 2: y'] });
    expect(cheap?.objectives[1]).toEqual({ text: 'stale_read <= 5', met: true, value: 3 });
  });

  test('ten examples stay, and exposure is the mean over cases and the worst of all', () => {
    const shown = (count: number, total_s: number, max_s: number) => ({
      ...found(
        'shown_before_moderated',
        count,
        Array.from({ length: 8 }, (_, i) => `post ${i}`),
      ),
      exposure: { total_s, max_s },
    });
    const report = one([{ checks: [shown(10, 30, 9)] }, { checks: [shown(20, 30, 12)] }]);
    expect(report.strategies[0]?.checks[0]).toMatchObject({ binds: false, count: 30, exposure_s: { mean: 2, max: 12 } });
    expect(report.strategies[0]?.checks[0]?.examples).toHaveLength(10);
    expect(report.strategies[0]?.checks[0]?.examples[8]).toBe('seed 2: post 0');
  });

  test('violation minutes add up over operations and are a mean over seeds', () => {
    const violated = (minutes: number) =>
      operationResult('view', [1], { violations: [{ objective: 'p95 <= 1 ms', minutes, counted: 9 }] });
    const other = operationResult('like', [1], { violations: [{ objective: 'p95 <= 1 ms', minutes: 1, counted: 9 }] });
    const report = one([{ operations: [violated(3), other] }, { operations: [violated(0), other] }], {
      objectives: ['view violation_minutes <= 1 min'],
    });
    expect(report.strategies[0]?.violation_minutes).toBe(2.5);
    expect(report.strategies[0]?.objectives[0]).toEqual({ text: 'view violation_minutes <= 1 min', met: false, value: 1.5 });
  });

  test('lag over time is the mean of every message published in a slice, whichever seed it came from', () => {
    const lag = operationResult('any', [1]).latency;
    const published = (done: number[], total_ms: number[]): CellParts => ({
      lags: [{ event: 'sent', component: 'worker', lag, slices: { done, total_ms } }],
    });
    const [worker] = one([published([1, 0], [100, 0]), published([3, 0], [20, 0])]).strategies[0]?.lags ?? [];
    expect(worker?.timeline).toEqual([
      { at_s: 0, done: 4, mean_ms: 30 },
      { at_s: 10, done: 0, mean_ms: null },
    ]);
  });

  test('the timeline is a mean over seeds, of slices in the window', () => {
    const slices = (served: number, p50: number | null) => ({
      sent: [0, served + 2, 9],
      served: [0, served, 9],
      failed: [0, 2, 0],
      p50_ms: [null, p50, 1],
      p95_ms: [null, p50, 1],
    });
    const operations = (served: number, p50: number) => [
      operationResult('view', [1], { slices: slices(served, p50) }),
      operationResult('like', [1], { slices: slices(0, null) }),
    ];
    const { timeline } =
      one([{ operations: operations(10, 1) }, { operations: operations(30, 2) }], { duration_ms: 20_000 }).strategies[0] ?? {};
    // Slice 0 is warm-up, slice 2 begins at 20 s, when arrivals have stopped.
    expect(timeline).toEqual([{ at_s: 10, sent: 24, served: 20, failed: 4, p50_ms: 1.75, p95_ms: 1.75 }]);
  });

  describe('pools', () => {
    const sample = { wanted: 2, ready: 1, starting: 1, busy: 1, queued: 0 };
    const result = { name: 'server/auth', kind: 'server', controller: 'queue-depth', slots: 2, holding_s: 0.1 } as const;
    const rest = { littles: { busy_s: 600, sojourn_s: 600 }, alive_s: 0, colds: 3, calls: 6000 };

    test('show beside supply the demand of what arrives until the next sample', () => {
      const timeline = [
        { ...sample, at_s: 0, arrivals: 0 },
        { ...sample, at_s: 20, arrivals: 1, because: 'more work' },
        { ...sample, at_s: 50, arrivals: 3000 },
        { ...sample, at_s: 100, arrivals: 6000 },
      ];
      const [row] = one([{ pools: [{ ...result, ...rest, timeline }] }], { parts: [pool('server/auth')] }).strategies;
      expect(row?.controller).toBe('queue-depth');
      const [report] = row?.pools ?? [];
      expect(report).toMatchObject({ name: 'server/auth', cold_starts: 3, calls: 6000 });
      expect(report?.elasticity.instance_hours).toBeCloseTo((2 * 100) / 3600, 12);
      const demands = report?.timeline.map((s) => s.demand) ?? [];
      // 60, then 120 a second x .1 s = 6, then 12 busy slots: at least 3, then 6 instances of 2 slots.
      expect(demands[0]).toBeGreaterThanOrEqual(3);
      expect(demands[2]).toBeGreaterThanOrEqual(6);
      expect(demands).toEqual([demands[0], demands[0], demands[2], demands[2]]);
      expect(report?.timeline[1]).toEqual({ ...sample, at_s: 20, because: 'more work', demand: demands[0] });
    });

    test('of functions are judged by how long calls really held them', () => {
      const timeline = [0, 50, 100].map((at_s) => ({ ...sample, at_s, arrivals: at_s === 0 ? 0 : 3000 }));
      const functions = { ...result, ...rest, kind: 'function', slots: 1, holding_s: 0, timeline } as const;
      const known = { ...functions, holding_s: 0.1 };
      const demand = (of: typeof functions | typeof known) =>
        one([{ pools: [{ ...of, timeline: [...timeline] }] }]).strategies[0]?.pools[0]?.timeline[0]?.demand;
      expect(demand(functions)).toBe(demand(known)); // 600 s held by 6,000 calls
      expect(demand(functions)).toBeGreaterThanOrEqual(6);
    });
  });

  test('parameters stand once, and again under a row that has another value', () => {
    const withValue = (name: string, value: number) =>
      plan(name, {
        parameters: [
          { path: 'sqs.visibility_timeout_s', value, ...sqs },
          { path: 'sqs.retention_s', value: 9, ...sqs },
        ],
      });
    const plans = [withValue('a', 30), withValue('b', 30), withValue('c', 60)];
    const report = summarise(input({ seeds: [1], plans, results: plans.map((p) => cell(p.strategy, 1)) }));
    expect(report.parameters.map((p) => [p.path, p.value])).toEqual([
      ['sqs.visibility_timeout_s', 30],
      ['sqs.retention_s', 9],
      ['sqs.visibility_timeout_s (c)', 60],
    ]);
  });

  test('stable leaves out machine and speed and nothing else', () => {
    const machine = { node: 'v20', cpu: 'x', cores: 2, threads: 2, started_at: 'now', wall_s: 1 };
    const report = summarise(input({ machine }));
    expect(report.strategies[0]?.speed).toEqual({ requests_per_s: 20_000, events_per_s: 180_000 });
    const faster = input({ results: input().results.map((r) => ({ ...r, counters: { ...r.counters, wall_ms: 7 } })) });
    expect(JSON.stringify(stable(report))).toBe(JSON.stringify(stable(summarise(faster))));
    expect(stable(report)).not.toHaveProperty('machine');
    expect(Object.keys(stable(report).strategies[0] ?? {})).not.toContain('speed');
  });
});

describe('broken invariants throw', () => {
  test('an operation that went missing', () => {
    const operations = [operationResult('view', times(3, 1), { sent: 5, refused: 1 })];
    expect(() => one([{ operations }])).toThrow('x, seed 1, view: 5 sent, but 4 served, refused, timed out, failed or pending');
  });

  test('a latency without an operation', () => {
    const operations = [operationResult('view', times(3, 1), { sent: 4, served: 4 })];
    expect(() => one([{ operations }])).toThrow('4 served, but 3 latencies');
  });

  test('a cell that says itself that it is unsound', () => {
    expect(() => one([{}, { broken: ["Little's law: 3 is not 4"] }])).toThrow(
      "x, seed 2: broken invariant: Little's law: 3 is not 4",
    );
  });

  test('a check that must hold but that a cell did not count', () => {
    expect(() => one([{ checks: [found('lost', 0)] }, {}], { checks: ['lost'] })).toThrow(
      "x, seed 2: nobody counted the check 'lost'",
    );
  });

  test('cells out of order, or too few of them', () => {
    const { results } = input();
    expect(() => summarise(input({ results: results.toReversed() }))).toThrow(/out of order, cheap with seed 1 was expected/);
    expect(() => summarise(input({ results: results.slice(1) }))).toThrow('3 results for 2 rows of 2 seeds');
  });
});
