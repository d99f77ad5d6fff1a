import { describe, expect, it } from 'vitest';
import { runStation, simfaas } from '../theory/models.ts';
import { figuresOf, T1, T2 } from './simfaas.ts';

describe('published results of SimFaaS', () => {
  it('T1: every seed lies in the band of 200 independent seeds', () => {
    // Bands: 1st to 99th percentile of the 200 seeds, a tenth wider.
    const bands = { p_cold: [0.00126, 0.00142], servers: [7.63, 7.77], running: [1.784, 1.7995], idle: [5.84, 5.97] } as const;
    for (const seed of [1, 2, 3]) {
      const figures = figuresOf(runStation(simfaas(T1.model), seed), T1.model.duration_s);
      for (const [name, [low, high]] of Object.entries(bands)) {
        const value = figures[name as keyof typeof bands];
        expect(value, `${name} of seed ${seed}`).toBeGreaterThan(low);
        expect(value, `${name} of seed ${seed}`).toBeLessThan(high);
      }
    }
  });

  it('T2: a saturated function refuses what Erlang B says once the start is over', () => {
    const start = 60;
    const refused = [60, 360].map((duration_s) => {
      const work = runStation(simfaas({ ...T2.model, duration_s }), 1).operations[0]!;
      return [work.refused, work.sent] as const;
    });
    const [before, all] = refused as [readonly [number, number], readonly [number, number]];
    const share = (all[0] - before[0]) / (all[1] - before[1]);
    expect(start).toBe(60);
    expect(Math.abs(share - T2.p_reject)).toBeLessThan(0.004);
  });
});
