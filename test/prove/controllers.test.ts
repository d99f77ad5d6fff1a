import { describe, expect, it } from 'vitest';
import { meanOf, pairedDifference } from '../../simulator/measure/intervals.ts';
import { loadNamed } from '../../simulator/run/load.ts';
import { rowsOf } from '../../simulator/run/rows.ts';
import { playScenario } from '../../simulator/run/scenario.ts';

describe('controllers in the main job', () => {
  it('social-peak: hybrid under ai costs less than under a tuned HPA, at no more violation minutes, over ten seeds', async () => {
    const scenario = await loadNamed('social-peak', []);
    const seeds = Array.from({ length: 10 }, (_, i) => i + 1);
    const strategies = ['hybrid + target-utilization', 'hybrid + ai'];
    const axes = { strategies, controllers: [], rates: [1], seeds, wantsLedger: false };
    const report = await playScenario(scenario, axes, { rows: rowsOf(scenario, axes), version: '', startedAt: '' });
    const [hpa, ai] = report.strategies;
    const monthly = (row: typeof ai) => row?.per_seed?.cost_per_month as number[];
    const { difference, ci95 } = pairedDifference(monthly(ai), monthly(hpa));
    const means = [hpa, ai].map((row) => meanOf(monthly(row)).toFixed(0));
    console.log(
      `$ a month: HPA ${means[0]}, ai ${means[1]}: ${difference.toFixed(0)} (95 % interval ${ci95?.map((x) => x.toFixed(0)).join(' to ')}); ` +
        `violation minutes: HPA ${hpa?.violation_minutes.toFixed(2)}, ai ${ai?.violation_minutes.toFixed(2)}`,
    );
    expect(ci95?.[1]).toBeLessThan(0);
    expect(ai?.violation_minutes).toBeLessThanOrEqual(hpa?.violation_minutes as number);
  });
});
