import { describe, expect, it } from 'vitest';
import { MEASURED, SERVICE } from '../published/aws-measured.ts';
import { figuresOf, T1, T2, T3 } from '../published/simfaas.ts';
import { runStation, simfaas } from '../theory/models.ts';
import { meanAndError } from '../theory/queues.ts';

const seedsFrom = (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i);

describe('published results, at full size', () => {
  it('T1: the means of 50 seeds lie within three standard errors of the recomputed ones', () => {
    const figures = seedsFrom(101, 50).map((seed) => figuresOf(runStation(simfaas(T1.model), seed), T1.model.duration_s));
    for (const name of ['p_cold', 'servers', 'running', 'idle'] as const) {
      const [mean, deviation] = T1.recomputed[name];
      const ours = meanAndError(figures.map((f) => f[name]));
      const error = Math.hypot(ours.error, deviation / Math.sqrt(T1.seeds));
      console.log(
        `T1 ${name}: ${ours.mean.toPrecision(6)} against ${mean}, ${((ours.mean - mean) / error).toFixed(2)} standard errors`,
      );
      expect(Math.abs(ours.mean - mean) / error, name).toBeLessThan(3);
    }
  });

  it('T2: steady p_reject lies within .002 of Erlang B', () => {
    const shares = seedsFrom(1, 5).map((seed) => {
      const [before, all] = [100, 1100].map(
        (duration_s) => runStation(simfaas({ ...T2.model, duration_s }), seed).operations[0]!,
      );
      return (all!.refused - before!.refused) / (all!.sent - before!.sent);
    });
    const { mean } = meanAndError(shares);
    console.log(`T2 p_reject: ${mean.toFixed(5)} against ${T2.p_reject}`);
    expect(Math.abs(mean - T2.p_reject)).toBeLessThan(0.002);
  });

  it('T3: the start from empty, over 10,000 runs', () => {
    const figures = seedsFrom(1, T3.runs).map((seed) => figuresOf(runStation(simfaas(T3.model), seed), T3.model.duration_s));
    for (const name of ['p_cold', 'servers', 'running', 'idle'] as const) {
      const ours = meanAndError(figures.map((f) => f[name]));
      // The recomputed figure has the same error as ours: it is a mean over as many runs.
      const distance = (ours.mean - T3.recomputed[name]) / (ours.error * Math.SQRT2);
      console.log(
        `T3 ${name}: ${ours.mean.toPrecision(7)} against ${T3.recomputed[name]}, ${distance.toFixed(2)} standard errors`,
      );
      expect(Math.abs(distance), name).toBeLessThan(3);
    }
  });

  it('T4: measured AWS Lambda, by the published procedure: 13.2 % off in cold starts and 3.3 % in instances', () => {
    const errors = seedsFrom(1, 20).map((seed) => {
      const rows = MEASURED.map(({ rate, p_cold, instances }) => {
        const model = { rate, duration_s: 1e6, ...SERVICE, expiry_s: 600 };
        const figures = figuresOf(runStation(simfaas(model), seed), 1e6);
        return { cold: Math.abs(figures.p_cold - p_cold) / p_cold, instances: Math.abs(figures.servers - instances) / instances };
      });
      const mean = (key: 'cold' | 'instances') => (100 * rows.reduce((sum, row) => sum + row[key], 0)) / rows.length;
      return { cold: mean('cold'), instances: mean('instances') };
    });
    const cold = meanAndError(errors.map((e) => e.cold));
    const instances = meanAndError(errors.map((e) => e.instances));
    console.log(`T4 cold ${cold.mean.toFixed(2)} % (published 12.23), instances ${instances.mean.toFixed(2)} % (published 3.05)`);
    expect(Math.abs(cold.mean - 13.2)).toBeLessThan(0.6);
    expect(Math.abs(instances.mean - 3.3)).toBeLessThan(0.15);
  });
});
