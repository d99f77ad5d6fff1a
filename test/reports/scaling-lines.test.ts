import picocolors from 'picocolors';
import { describe, expect, it } from 'vitest';
import { rowsOf } from '../../reports/rows.ts';
import { scalingLines } from '../../reports/scaling-lines.ts';
import type { Report } from '../../simulator/domain/report.ts';
import { reportOf } from './fixture.ts';

const colours = picocolors.createColors(false);

/** Every row's servers need 4 instances, have 1 too many half of the time and 1 too few the other half. */
function compared(controllers: readonly string[]): Report {
  const report = reportOf();
  const [first] = report.strategies;
  if (first === undefined) throw new Error('no row');
  const pool = { ...(first.pools.find((p) => p.kind !== 'function') ?? first.pools[0]), kind: 'server' as const };
  const elasticity = { accuracy_under: 0.5, accuracy_over: 0.5, timeshare_under: 0.5, timeshare_over: 0.5, jitter_per_min: 3 };
  const whole = { ...elasticity, instance_hours: 2, demand_mean: 4, cost_ratio: 3.5, unserved_pct: 12.5 };
  const pools = [{ ...pool, elasticity: whole }] as typeof first.pools;
  report.strategies = controllers.map((controller) => ({ ...first, controller, pools, violation_minutes: 7 }));
  return report;
}

describe('the table of scaling', () => {
  it('sets controllers of one strategy beside each other: instances and twenty for each that is missing', () => {
    const lines = scalingLines(rowsOf(compared(['static', 'reactive'])), colours).split('\n');
    // (4 - .5 + .5 + 20 x .5) / 4
    expect(lines.filter((line) => /3\.5 +12\.5 % +0\.5 +0\.5 +3 +2 +7$/.test(line))).toHaveLength(2);
  });

  it('is left out where nobody asked for several controllers', () => {
    expect(scalingLines(rowsOf(compared(['static'])), colours)).toBe('');
  });
});
