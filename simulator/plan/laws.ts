import { type Distribution, quantile, scaled } from '../domain/distribution.ts';

/** Where a law that has no formula is kept: close together at both ends, so that tails survive. */
const POINTS = [
  0, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.85, 0.9, 0.925, 0.95, 0.97, 0.98, 0.99, 0.995, 0.999, 0.9999,
];

/** The law with every value later by `amount`. */
export function shifted(law: Distribution, amount: number): Distribution {
  if (amount === 0) return law;
  if (typeof law === 'number') return law + amount;
  if (law.kind === 'uniform') return { ...law, min: law.min + amount, max: law.max + amount };
  if (law.kind === 'quantiles')
    return { kind: 'quantiles', points: law.points.map(([p, v]): [number, number] => [p, v + amount]) };
  return { kind: 'quantiles', points: POINTS.map((p): [number, number] => [p, quantile(law, p) + amount]) };
}

/**
 * CPU demand of a component whose GPU work runs on the CPU, at `cpuPerGpu` CPU ms for one GPU ms.
 *
 * Simplified: a call that is long in one is long in the other, so the sum is a law of one draw.
 */
export function onCpu(cpu: Distribution, gpu: Distribution | undefined, cpuPerGpu: number): Distribution {
  if (gpu === undefined || gpu === 0) return cpu;
  const work = scaled(gpu, cpuPerGpu);
  if (typeof cpu === 'number') return shifted(work, cpu);
  if (typeof work === 'number') return shifted(cpu, work);
  return { kind: 'quantiles', points: POINTS.map((p): [number, number] => [p, quantile(cpu, p) + quantile(work, p)]) };
}
