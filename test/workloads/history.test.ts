import { describe, expect, it } from 'vitest';
import { HistorySchema } from '../../simulator/domain/scenario.ts';
import { actionsOf, countHistory, eveningsOf, HISTORY_STEP_S } from '../../workloads/history.ts';
import { OPERATIONS, rowsOf, workloadOf } from './schedules.ts';

const base = { kind: 'constant', rate: 20 };
const crowd = { kind: 'flash-crowd', base, at_s: 200, factor: 5, rise_s: 10, hold_s: 30, fall_s: 20, object: 3 };
const workload = workloadOf({ arrivals: { ...crowd, operations: { buy: 1 } } });
const history = (more: object = {}) => HistorySchema.parse({ days: 20, ...more });
const counted = (o: { days?: number; rate?: number; start_s?: number; duration_s?: number; more?: object } = {}) =>
  countHistory({
    workload,
    operations: OPERATIONS,
    history: history({ days: o.days ?? 2, ...o.more }),
    rate: o.rate ?? 1,
    start_s: o.start_s ?? 0,
    duration_s: o.duration_s ?? 600,
  });
const sum = (counts: Float64Array | undefined) => (counts ?? new Float64Array()).reduce((a, b) => a + b, 0);

describe('earlier evenings', () => {
  it('have their own level and their own time of the crowd, or none, and are the same every time', () => {
    const evenings = eveningsOf({ history: history(), workload });
    expect(eveningsOf({ history: history(), workload })).toEqual(evenings);
    expect(new Set(evenings.map(({ seed }) => seed)).size).toBe(20);
    for (const { level } of evenings) expect(level).toBeGreaterThanOrEqual(0.8);
    for (const { level } of evenings) expect(level).toBeLessThanOrEqual(1.2);
    const crowds = evenings.flatMap((evening) => evening.crowds ?? []);
    expect(crowds.length).toBeGreaterThan(4);
    expect(crowds.length).toBeLessThan(16);
    expect(new Set(crowds).size).toBe(crowds.length);
    for (const at_s of crowds) expect(at_s).toBeLessThanOrEqual(540);
    expect(eveningsOf({ history: history({ crowd_share: 0 }), workload }).every(({ crowds }) => crowds === null)).toBe(true);
  });

  it('use seeds that no run may have', () => {
    for (const { seed } of eveningsOf({ history: history({ days: 60 }), workload })) {
      expect(seed).toBeGreaterThan(2_000_000_000 + 10_000);
      expect(seed | 0).toBe(seed);
    }
  });

  it('are counted from their schedules, crowds apart', () => {
    const [evening] = eveningsOf({ history: history({ days: 1, crowd_share: 1, level_spread: 0 }), workload });
    if (evening?.crowds?.[0] === undefined) throw new Error('an evening with a crowd');
    const { ordinary, crowd: visitors, step_s } = counted({ days: 1, more: { crowd_share: 1, level_spread: 0 } });
    expect(step_s).toBe(HISTORY_STEP_S);
    expect(ordinary.get('look')).toHaveLength(40);
    const at_s = evening.crowds[0];
    const rows = rowsOf({ arrivals: { ...crowd, at_s, operations: { buy: 1 } }, seed: evening.seed });
    const all = (name: string) => rows.filter((row) => row.operation === name && row.at_ms < 600_000).length;
    expect(sum(ordinary.get('look'))).toBe(all('look'));
    expect(sum(ordinary.get('buy')) + sum(visitors.get('buy'))).toBe(all('buy'));
    expect(sum(visitors.get('look'))).toBe(0);
    const arrived = (visitors.get('buy') as Float64Array).findIndex((count) => count > 0);
    expect(Math.abs(arrived - Math.floor(at_s / HISTORY_STEP_S))).toBeLessThanOrEqual(1);
  });

  it('are the same in steps of another length, as many as are asked for, and say when each is counted', () => {
    const heard: number[] = [];
    const o = { workload, operations: OPERATIONS, rate: 1, start_s: 0, duration_s: 600 };
    const more = { step_s: 60, actions_max: Number.POSITIVE_INFINITY, heard: (evenings: number) => heard.push(evenings) };
    const minutes = actionsOf(countHistory({ ...o, history: history({ days: 3 }), ...more }));
    const quarters = actionsOf(counted({ days: 3 }));
    expect(heard).toEqual([1, 2, 3]);
    expect([...minutes]).toEqual(Array.from({ length: 30 }, (_, i) => sum(quarters.subarray(4 * i, 4 * i + 4))));
    expect(countHistory({ ...o, history: history({ days: 3 }), actions_max: 1 }).ordinary.get('look')).toHaveLength(40);
  });

  it('follow the rate, and hold the same part of each evening as the run', () => {
    const none = { crowd_share: 0, level_spread: 0 };
    const [one, two] = [1, 2].map((rate) => sum(counted({ rate, more: none }).ordinary.get('look')));
    expect((two as number) / (one as number)).toBeGreaterThan(1.8);
    expect((two as number) / (one as number)).toBeLessThan(2.2);
    const whole = counted({ more: none }).ordinary.get('look') as Float64Array;
    const cut = counted({ more: none, start_s: 150, duration_s: 300 }).ordinary.get('look') as Float64Array;
    expect([...cut]).toEqual([...whole.slice(10, 30), ...whole.slice(50, 70)]);
  });
});
