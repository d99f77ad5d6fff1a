import { describe, expect, it } from 'vitest';
import { type Distribution, quantile } from '../../simulator/domain/distribution.ts';
import { Stream } from '../../simulator/domain/draws.ts';
import { type Stretch, undisturbed } from '../../simulator/measure/calibrate/stretch.ts';

const N = 2_000;
const SOMETIMES: Stretch[] = [
  { factor: 1, weight: 80 },
  { factor: 1.5, weight: 15 },
  { factor: 2, weight: 5 },
];

/** Times of a law that others drew out, in order. */
function drawnOut(law: Distribution, stretches: readonly Stretch[]): number[] {
  const noise = new Stream(1, 'stretch');
  const all = stretches.reduce((sum, { weight }) => sum + weight, 0);
  const factorAt = (u: number) => {
    let left = u * all;
    for (const { factor, weight } of stretches) {
      left -= weight;
      if (left < 0) return factor;
    }
    return 1;
  };
  const times = Array.from({ length: N }, () => quantile(law, noise.next()) * factorAt(noise.next()));
  return times.sort((a, b) => a - b);
}

const at = (sorted: readonly number[], q: number) => sorted[Math.floor(q * sorted.length)] as number;
const meanOf = (values: readonly number[]) => values.reduce((sum, x) => sum + x, 0) / values.length;

describe('times that others drew out', () => {
  it.each<[string, Distribution]>([
    ['an even law', { kind: 'uniform', min: 2, max: 6 }],
    ['a law with a tail', { kind: 'lognormal', p50: 3, p99: 9 }],
  ])('are known again undisturbed: %s', (_name, law) => {
    const sorted = drawnOut(law, SOMETIMES);
    const found = undisturbed(sorted, SOMETIMES);
    const mean = meanOf(Array.from({ length: N }, (_, i) => quantile(law, (i + 0.5) / N)));
    expect(meanOf(sorted) / mean).toBeGreaterThan(1.1);
    expect(meanOf(found) / mean).toBeCloseTo(1, 1.5);
    for (const q of [0.1, 0.5, 0.9, 0.95]) expect(at(found, q) / quantile(law, q)).toBeCloseTo(1, 0.8);
    expect([...found].sort((a, b) => a - b)).toEqual(found);
  });

  it('stay what they are where nobody was in the way', () => {
    const times = [0, 1, 2, 5];
    expect(undisturbed(times, [{ factor: 1, weight: 3 }])).toEqual(times);
    expect(undisturbed(times, [])).toEqual(times);
    const rarely = [
      { factor: 1, weight: 1 },
      { factor: 9, weight: 1e-6 },
    ];
    expect(undisturbed(times, rarely)).toEqual(times);
  });

  it('that are nothing stay nothing', () => {
    expect(undisturbed([0, 0, 0, 4], SOMETIMES).slice(0, 3)).toEqual([0, 0, 0]);
    expect(undisturbed([], SOMETIMES)).toEqual([]);
  });
});
