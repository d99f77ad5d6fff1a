import { describe, expect, it } from 'vitest';
import { Stream } from '../../simulator/domain/draws.ts';
import type { GateMeasure } from '../../simulator/domain/gate.ts';
import type { StrategyReport } from '../../simulator/domain/report.ts';
import { compareTurns, LIVE_RULE } from '../../simulator/measure/gate/compare-live.ts';
import { judgeTurns, type PlayedSide } from '../../simulator/measure/gate/judge-turns.ts';
import { permutationTest } from '../../simulator/measure/gate/permutation.ts';
import type { TurnRow } from '../../simulator/measure/gate/turn-statistics.ts';
import { reportOf } from '../reports/fixture.ts';

const PAIRS = 18;
const EACH = 12;

interface Planted {
  factor?: number;
  /** Only of requests that are slow anyway. */
  tail?: number;
  fails?: number;
  noise?: number;
}

/** Two versions that served the same requests: each has a demand of its own, each pair a machine of its own, each answer some noise. */
function played(seed: number, planted: Planted = {}) {
  const stream = new Stream(seed, 'turns');
  const normal = () => Math.sqrt(-2 * Math.log(1 - stream.next())) * Math.cos(2 * Math.PI * stream.next());
  const { factor = 1, tail = 1, fails = 0, noise = 0.2 } = planted;
  const [before, now]: TurnRow[][] = [[], []];
  for (let pair = 0; pair < PAIRS; pair++) {
    const machine = Math.exp(0.3 * normal());
    for (let i = 0; i < EACH; i++) {
      const demand = 10 * Math.exp(0.6 * normal()) * machine;
      const slow = demand > 17 ? tail : 1;
      const action = pair * EACH + i;
      before?.push([pair, action, i % 2, demand * Math.exp(noise * normal())]);
      now?.push([pair, action, i % 2, stream.next() < fails ? null : demand * factor * slow * Math.exp(noise * normal())]);
    }
  }
  return { pairs: PAIRS, before: before as TurnRow[], now: now as TurnRow[] };
}

const compared = (turns: ReturnType<typeof played>) =>
  compareTurns(turns, { row: 'x', operations: ['read', 'sign'], turn_ms: 300 });
const standings = (measures: GateMeasure[], standing: GateMeasure['standing']) =>
  measures.filter((one) => one.standing === standing).map((one) => one.measure);

describe('two versions in turns', () => {
  it('cry wolf over all their measures together in about one of a hundred comparisons of the same', () => {
    const alarms = Array.from({ length: 150 }, (_, seed) => compared(played(seed))).filter(
      (found) => standings(found, 'worse').length > 0,
    );
    expect(alarms.length).toBeLessThanOrEqual(4);
  });

  it('find a slow-down of a fifth, and say that it is slower', () => {
    const found = Array.from({ length: 20 }, (_, seed) => compared(played(seed, { factor: 1.2, noise: 0.1 })));
    expect(found.filter((one) => standings(one, 'worse').includes('read latency')).length).toBeGreaterThanOrEqual(19);
    const [first] = found[0] ?? [];
    expect(first?.difference).toBeGreaterThan(0);
    expect(first?.detectable).toBeGreaterThan(0);
  });

  it('find what only the slow end of the distribution shows', () => {
    const found = standings(compared(played(3, { tail: 2.5, noise: 0.05 })), 'worse');
    expect(found).toContain('read tail');
  });

  it('find requests that are not answered, whatever the latency of the others', () => {
    const found = standings(compared(played(3, { fails: 0.5, factor: 0.7 })), 'worse');
    expect(found).toEqual(expect.arrayContaining(['read error_rate', 'sign error_rate', 'throughput']));
  });

  it('call faster better, not worse', () => {
    const found = compared(played(3, { factor: 0.6, noise: 0.1 }));
    expect(standings(found, 'better')).toContain('read latency');
    expect(standings(found, 'worse')).toEqual([]);
  });

  it('are unclear, and say from which size on they would see, where noise hides what matters', () => {
    const found = compared(played(3, { noise: 2 }));
    expect(standings(found, 'unclear').length).toBeGreaterThan(0);
    for (const one of found.filter((measure) => measure.standing === 'unclear'))
      expect((one.detectable as number) / (one.before as number)).toBeGreaterThan(LIVE_RULE.tolerance);
  });

  it('give the same verdict for the same rows', () => {
    expect(compared(played(5))).toEqual(compared(played(5)));
  });
});

describe('a live gate', () => {
  const judged = (o: { turns?: Planted; late_ms?: number; check?: boolean; missed?: boolean } = {}) => {
    const turns = played(3, { noise: 0.1, ...o.turns });
    const side = (rows: readonly TurnRow[], isNow: boolean): PlayedSide => {
      const report = structuredClone(reportOf());
      const [row] = report.strategies.splice(0, Infinity).slice(0, 1) as [StrategyReport];
      report.strategies.push(row);
      for (const check of row.checks)
        Object.assign(check, { binds: true, holds: !(isNow && o.check), count: isNow && o.check ? 3 : 0 });
      for (const line of row.objectives) line.met = !(isNow && o.missed);
      return { report, turns: rows, lateness_p99_ms: isNow ? (o.late_ms ?? 1) : 1, event_loop_p99_ms: 1 };
    };
    const { pairs, before, now } = turns;
    return judgeTurns(
      { before: side(before, false), now: side(now, true), turns: { pairs, turn_ms: 300, gap_ms: 60 } },
      { against: 'HEAD', thresholds: [] },
    );
  };

  it('passes the same, and fails what is slower', () => {
    expect(judged().outcome).toBe('passed');
    expect(judged().measures.map((one) => one.measure)).toEqual(
      expect.arrayContaining(['cost_per_million', 'violation_minutes', 'driver lateness']),
    );
    expect(judged({ turns: { factor: 1.3 } }).outcome).toBe('failed');
  });

  it('takes no word about speed from a driver that was late, but one about correctness', () => {
    const { outcome, because } = judged({ turns: { factor: 1.3 }, late_ms: 20 });
    expect(outcome).toBe('unclear');
    expect(because.join()).toMatch(/driver sent too late.*latency is worse/);
    expect(judged({ late_ms: 20, check: true }).outcome).toBe('failed');
  });

  it('fails on a line that is missed only now where something is worse beyond noise, else cannot tell', () => {
    const unclear = judged({ missed: true });
    expect(unclear.outcome).toBe('unclear');
    expect(unclear.because.join()).toContain('too much noise, to tell whether');
    const failed = judged({ missed: true, turns: { factor: 1.3 } });
    expect(failed.outcome).toBe('failed');
    expect(failed.because.join()).toContain('was met and is missed');
  });
});

describe('a test by swapping sides', () => {
  const mean = (values: readonly number[]) => (signs: Int8Array, weights?: Uint8Array) =>
    values.reduce((sum, value, k) => sum + value * (signs[k] as number) * (weights?.[k] ?? 1), 0) / values.length;

  it('gives the exact share of assignments that are as extreme, the plain one included', () => {
    const [one] = permutationTest([mean([1, 1, 1, 1, 1, 1])], 6, { alpha: 0.05, seed: 1 });
    expect(one?.p_worse).toBeCloseTo((1 + 1) / (64 + 1), 9);
    expect(one?.p_better).toBe(1);
  });

  it('asks more of one among many', () => {
    const values = [3, 2, 2, 1, 1, 2, 3, -1];
    const [alone] = permutationTest([mean(values)], 8, { alpha: 0.05, seed: 1 });
    const others = Array.from({ length: 9 }, (_, m) => mean(values.map((_, k) => Math.sin(7 * m + 3 * k))));
    const [among] = permutationTest([mean(values), ...others], 8, { alpha: 0.05, seed: 1 });
    expect(among?.p_worse).toBeGreaterThan(alone?.p_worse as number);
  });

  it('finds nothing where nothing ever differs', () => {
    expect(permutationTest([mean([0, 0, 0])], 3, { alpha: 0.05, seed: 1 })).toEqual([
      { estimate: 0, p_worse: 1, p_better: 1, error: 0, detectable: 0 },
    ]);
  });
});
