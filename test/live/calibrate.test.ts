import { afterAll, describe, expect, it } from 'vitest';
import hello from '../../scenarios/hello.ts';
import { LEG_KINDS } from '../../simulator/domain/leg.ts';
import { ScenarioSchema } from '../../simulator/domain/scenario.ts';
import { Calibrator } from '../../simulator/measure/calibrate/calibrate.ts';
import { calibrationProblems } from '../../simulator/plan/calibrated.ts';
import { cellsOf, rowsOf } from '../../simulator/run/rows.ts';
import { openLiveWorld } from './live-world.ts';

const scenario = ScenarioSchema.parse({ ...hello, parameters: { 'server.cores': 1 }, drain_s: 30 });
const axes = {
  strategies: ['all-servers'],
  controllers: ['static'],
  rates: [0.5],
  seeds: [1],
  length_s: 5,
  wantsLedger: false,
};
const cells = cellsOf(scenario, rowsOf(scenario, axes), axes);
const live = await openLiveWorld(cells);
afterAll(() => live?.end());

describe.skipIf(live === undefined)('a metered run over real parts', () => {
  it('measures every leg of what is placed on servers, for a calibration that models take', { timeout: 120_000 }, async () => {
    const [cell] = cells as [(typeof cells)[number]];
    const metered = await live!.meter(cell);
    const kinds = new Set(metered.legs.map((leg) => leg.leg));
    // Nothing in hello waits for a third party, and workers are started before.
    expect([...kinds].sort()).toEqual(LEG_KINDS.filter((kind) => kind !== 'io' && kind !== 'init').sort());
    for (const { ms } of metered.legs) expect(ms).toBeGreaterThanOrEqual(0);
    const values = new Calibrator([{ plan: cell.plan, metered }], 2).values();
    const paths = values.map((v) => v.path);
    for (const path of [
      'gateway.client_ms',
      'gateway.cpu_ms',
      'gateway.hop_ms',
      'edge.hit_ms',
      'application.components.page.cpu_ms',
    ])
      expect(paths).toContain(path);
    const { plan } = cell;
    const calibration = {
      schema: 'calibration@1' as const,
      machine: { cpu: 'x', cores: 1, node: '', platform: '' },
      taken_at: '',
    };
    const about = { scenario: plan.scenario, strategies: [plan.strategy], rate: cell.rate, seconds: 5, values };
    expect(calibrationProblems({ ...calibration, ...about })).toEqual([]);
  });
});
