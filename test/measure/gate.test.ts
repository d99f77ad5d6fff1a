import { describe, expect, it } from 'vitest';
import type { Baseline } from '../../simulator/domain/baseline.ts';
import type { Report } from '../../simulator/domain/report.ts';
import { baselineOf } from '../../simulator/measure/gate/baseline-of.ts';
import { judgeGate } from '../../simulator/measure/gate/judge.ts';
import { type Objective, parseObjective } from '../../simulator/measure/objectives.ts';
import { reportOf } from '../reports/fixture.ts';

const AGAINST = { kind: 'baseline', name: 'baselines/x.json' } as const;
const lines = (...texts: string[]): Objective[] =>
  texts.map((text) => {
    const parsed = parseObjective(text);
    if ('problem' in parsed) throw new Error(parsed.problem.message);
    return parsed.objective;
  });
const judged = (report: Report, before: Baseline, thresholds: Objective[] = [], tolerance?: number) =>
  judgeGate(report, before, { against: AGAINST, thresholds, options: {}, ...(tolerance === undefined ? {} : { tolerance }) });

/** A report whose rows have every measure for every seed. */
function played(): Report {
  const report = structuredClone(reportOf());
  for (const row of report.strategies) {
    const each = (value: number) => report.seeds.map((_, i) => value + i / 10);
    row.per_seed = { throughput: each(40), cost_per_million: each(4), violation_minutes: report.seeds.map(() => 0) };
    for (const operation of row.operations) {
      Object.assign(row.per_seed, { [`${operation.name} error_rate`]: report.seeds.map(() => 0) });
      operation.latency_ms.per_seed = { mean: each(20), p50: each(20), p95: each(100), p99: each(200), p999: each(400) };
    }
  }
  return report;
}

type PerSeed = Record<string, (number | null)[]>;

/** The same with one measure of the first row changed in each seed. */
function changed(measure: string, by: (value: number, seed: number) => number): Report {
  const report = played();
  const [row] = report.strategies;
  const [name, quantile] = measure.split(' ');
  const operation = row?.operations.find((one) => one.name === name);
  const table = (quantile === undefined ? row?.per_seed : operation?.latency_ms.per_seed) as PerSeed;
  const key = quantile ?? measure;
  table[key] = (table[key] as number[]).map(by);
  return report;
}

const standings = (report: Report, o: { tolerance?: number } = {}) => {
  const found = judged(report, baselineOf(played()), [], o.tolerance);
  const moved = found.measures.filter((one) => one.standing !== 'same' && one.standing !== 'unknown');
  return { outcome: found.outcome, moved: moved.map((one) => `${one.measure} ${one.standing}`) };
};

describe('a gate', () => {
  const OPERATION = played().strategies[0]?.operations[0]?.name as string;

  it('finds nothing in the same run', () => {
    expect(standings(played())).toEqual({ outcome: 'passed', moved: [] });
  });

  it('fails on what is worse in every seed and beyond its tolerance', () => {
    expect(standings(changed(`${OPERATION} p95`, (v) => v * 1.05))).toEqual({
      outcome: 'failed',
      moved: [`${OPERATION} p95 worse`],
    });
  });

  it('calls nothing a difference that is below its tolerance, however certain', () => {
    expect(standings(changed(`${OPERATION} p95`, (v) => v * 1.005)).moved).toEqual([]);
    expect(
      standings(
        changed(`${OPERATION} p95`, (v) => v * 1.05),
        { tolerance: 0.1 },
      ).moved,
    ).toEqual([]);
  });

  it('is unclear, not passed, where the mean is worse but seeds disagree; and passes where they disagree about what is better', () => {
    const worse = changed(`${OPERATION} p95`, (v, i) => v * (i === 0 ? 1.3 : 0.98));
    expect(standings(worse)).toEqual({ outcome: 'unclear', moved: [`${OPERATION} p95 unclear`] });
    const better = changed(`${OPERATION} p95`, (v, i) => v * (i === 0 ? 0.7 : 1.02));
    expect(standings(better)).toEqual({ outcome: 'passed', moved: [`${OPERATION} p95 unclear`] });
  });

  it('knows that less throughput is worse, and that less of anything else is better', () => {
    expect(standings(changed('throughput', (v) => v / 2)).moved).toEqual(['throughput worse']);
    expect(standings(changed('cost_per_million', (v) => v / 2))).toEqual({
      outcome: 'passed',
      moved: ['cost_per_million better'],
    });
  });

  it('fails on a check that held, whatever the noise', () => {
    const report = played();
    const check = report.strategies[0]?.checks.find((one) => one.binds && one.holds);
    Object.assign(check as object, { holds: false, count: 1 });
    const found = judged(report, baselineOf(played()));
    expect([found.outcome, found.checks.filter((one) => one.standing === 'worse')]).toMatchObject([
      'failed',
      [{ check: check?.name }],
    ]);
  });

  it('fails on a line that was met and is missed, not on one that nobody met before', () => {
    const report = played();
    const line = report.strategies[0]?.objectives.find((one) => one.met === true);
    Object.assign(line as object, { met: false });
    expect(judged(report, baselineOf(played())).outcome).toBe('failed');
    expect(judged(report, baselineOf(report)).outcome).toBe('passed');
  });

  it('holds every row to the lines of the command line, relative ones to the row of the same name', () => {
    const before = baselineOf(played());
    const found = judged(played(), before, lines(`${OPERATION} p50 <= baseline`, `${OPERATION} p50 <= baseline * 0.5`));
    const rows = found.rows.both.length;
    expect(found.lines.filter((one) => one.of === 'command line').map((one) => one.met)).toEqual(
      Array.from({ length: rows }, () => [true, false]).flat(),
    );
    const half = found.lines.find((one) => one.text.endsWith('0.5'));
    expect(half?.limit).toBeCloseTo((before.rows[half?.row ?? '']?.measures[`${OPERATION} p50`]?.value as number) / 2, 9);
  });

  it('cannot tell a line whose baseline has no value', () => {
    const before = baselineOf(played());
    for (const row of Object.values(before.rows)) row.measures = {};
    expect(judged(played(), before, lines('p50 <= baseline')).outcome).toBe('unclear');
  });

  it('with other seeds pairs nothing and corrects over all measures', () => {
    const before = { ...baselineOf(played()), seeds: played().seeds.map((seed) => seed + 100) };
    const found = judged(
      changed(`${OPERATION} p95`, (v) => v + 30),
      before,
    );
    const moved = found.measures.find((one) => one.standing === 'worse' || one.standing === 'unclear');
    expect(moved?.measure).toBe(`${OPERATION} p95`);
    expect(found.changes.map((change) => change.path)).toContain('seeds');
  });

  it('says what went in differently', () => {
    const report = played();
    const [parameter] = report.parameters;
    Object.assign(parameter as object, { value: 99_999 });
    report.version = '9.9.9';
    const [row] = report.strategies;
    const [bill] = row?.bill.lines ?? [];
    Object.assign(bill as object, { price_usd: 123 });
    const { changes } = judged(report, baselineOf(played()));
    expect(changes.map((change) => change.of)).toEqual(['conditions', 'prices', 'parameters']);
  });
});
