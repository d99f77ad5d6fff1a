import { describe, expect, test } from 'vitest';
import type { StrategyReport } from '../../simulator/domain/report.ts';
import { evaluateAll, objectiveReport } from '../../simulator/measure/evaluate.ts';
import { bill, check, evenly, operation, row } from './rows.ts';

function evaluated(
  text: string,
  parts: Partial<StrategyReport>,
  runs = 1,
): { met: boolean | null; value: number | null; subject: string | null } {
  const [evaluation] = evaluateAll([text], { ...row('x', parts), runs });
  if (evaluation === undefined) throw new Error('one line in, one out');
  return { ...objectiveReport(evaluation), subject: evaluation.subject };
}

/** 200 served in .001 .. .2 ms: p50 .1 ms, p95 .19 ms, mean .1005 ms. */
const feed = operation('view-feed', evenly(200));

describe('holding a line against a row', () => {
  test('a quantile at its limit meets <= and misses <', () => {
    expect(evaluated('view-feed p95 <= 0.19 ms', { operations: [feed] })).toMatchObject({ met: true, value: 0.19 });
    expect(evaluated('view-feed p95 < 0.19 ms', { operations: [feed] })).toMatchObject({ met: false, value: 0.19 });
  });

  test('refusing load never passes a quantile: 6 % refused put the p95 beyond any limit', () => {
    const shed = operation('view-feed', evenly(188), 12);
    expect(shed.latency_ms.p50).not.toBeNull();
    expect(evaluated('view-feed p95 <= 15 min', { operations: [shed] })).toEqual({
      text: 'view-feed p95 <= 15 min',
      met: false,
      value: null,
      subject: 'view-feed',
    });
    expect(evaluated('view-feed p50 <= 1 ms', { operations: [shed] }).met).toBe(true);
    expect(evaluated('view-feed max <= 15 min', { operations: [shed] }).met).toBe(false);
  });

  test('what was refused moves the rank: 4 % of 200 refused make the p95 the 190th of 192 served', () => {
    const shed = operation('view-feed', evenly(192), 8);
    expect(evaluated('view-feed p95 <= 0.19 ms', { operations: [shed] })).toMatchObject({ met: true, value: 0.19 });
  });

  test('too few samples are neither met nor missed', () => {
    const rare = operation('view-feed', evenly(199));
    expect(evaluated('view-feed p95 <= 1 s', { operations: [rare] })).toMatchObject({ met: null, value: null });
    expect(evaluated('view-feed p50 <= 1 s', { operations: [rare] }).met).toBe(true);
  });

  test('without a name the line holds for every operation and the worst speaks', () => {
    const operations = [feed, operation('like', evenly(400)), operation('never-sent', [])];
    expect(evaluated('p95 <= 0.2 ms', { operations })).toMatchObject({ met: false, value: 0.3805, subject: 'like' });
    expect(evaluated('p95 <= 1 ms', { operations })).toMatchObject({ met: true, value: 0.3805, subject: 'like' });
    expect(evaluated('p95 >= 0.1 ms', { operations })).toMatchObject({ met: true, value: 0.19, subject: 'view-feed' });
  });

  test('a miss of one operation is told even when another has too few samples', () => {
    const operations = [feed, operation('rare', evenly(5))];
    expect(evaluated('p95 <= 0.1 ms', { operations })).toMatchObject({ met: false, subject: 'view-feed' });
    expect(evaluated('p95 <= 1 ms', { operations })).toMatchObject({ met: null, subject: 'rare' });
  });

  test('values come back in the unit of the line', () => {
    const slow = operation('view-feed', evenly(200, 20_000)); // 20 .. 4000 ms, p50 2000 ms, mean 2010 ms
    expect(evaluated('view-feed mean <= 3 s', { operations: [slow] })).toMatchObject({ met: true, value: 2.01 });
    const some = operation('view-feed', evenly(999), 1);
    expect(evaluated('error_rate <= 0.1 %', { operations: [some] })).toMatchObject({ met: true, value: 0.1 });
    expect(evaluated('error_rate < 0.001', { operations: [some] })).toMatchObject({ met: false, value: 0.001 });
  });

  test('cost, throughput and violation minutes are those of the strategy', () => {
    const parts = { bill: bill(500, null), violation_minutes: 2.5, operations: [feed, operation('like', evenly(600))] };
    expect(evaluated('cost_per_month <= 499.99 $', parts)).toMatchObject({ met: false, value: 500 });
    expect(evaluated('cost_per_million <= 1000000 $', parts)).toMatchObject({ met: false, value: null });
    expect(evaluated('throughput >= 10 /s', parts)).toMatchObject({ met: true, value: 10 });
    expect(evaluated('like throughput >= 8 /s', parts)).toMatchObject({ met: false, value: 7.5 });
    expect(evaluated('violation_minutes <= 2 min', parts)).toMatchObject({ met: false, value: 2.5 });
  });

  test('a check is held against its count in one run, so that more seeds are no worse', () => {
    const parts = { checks: [check('stale_read', 400)], operations: [feed] };
    expect(evaluated('stale_read <= 100', parts, 5)).toMatchObject({ met: true, value: 80 });
    expect(evaluated('stale_read <= 100', parts, 1)).toMatchObject({ met: false, value: 400 });
    expect(evaluated('stale_read == 0', { checks: [check('stale_read', 1)] }, 5)).toMatchObject({ met: false, value: 0.2 });
  });

  test('a check that nobody counted is an error, not a pass', () => {
    expect(() => evaluated('lost == 0', { operations: [feed] })).toThrow(/no cell measured 'lost'/);
  });

  test('lags are found by event or component', () => {
    const lags = [
      { event: 'post-created', component: 'moderation', done: 5000, p50_ms: 100, p99_ms: 4000, timeline: [] },
      { event: 'post-created', component: 'notify', done: 5000, p50_ms: 100, p99_ms: 1000, timeline: [] },
    ];
    expect(evaluated('lag_p99 <= 2 s', { lags })).toMatchObject({ met: false, value: 4, subject: 'post-created -> moderation' });
    expect(evaluated('notify lag_p99 <= 2 s', { lags })).toMatchObject({ met: true, value: 1 });
    expect(evaluated('post-created lag_p99 <= 5 s', { lags })).toMatchObject({ met: true, value: 4 });
  });
});
