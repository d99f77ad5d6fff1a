import type { CalibratedValue } from '../../domain/calibration.ts';
import type { Distribution } from '../../domain/distribution.ts';
import { type Stretch, undisturbed } from './stretch.ts';

/** Fewer measurements than this say nothing about a law. */
const LEAST = 20;
const SHARES = [0.001, 0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999];
/** Samples beyond a quantile that it takes to be one. */
const BEYOND = 4;

/** Measurements of one number, gathered over runs. */
export class Samples {
  private readonly byPath = new Map<string, { unit: string; values: number[]; met: number[] }>();

  /**
   * Adds one measurement, which met so many others on the cores when it began, if that is known; what is below zero is a difference of two clocks
   * and counts as zero.
   */
  add(path: string, value: number, o: { unit?: string; met?: number } = {}): void {
    const kept = this.byPath.get(path) ?? { unit: o.unit ?? 'ms', values: [], met: [] };
    this.byPath.set(path, kept);
    kept.values.push(Math.max(0, value));
    if (o.met !== undefined) kept.met[o.met] = (kept.met[o.met] ?? 0) + 1;
  }

  /** How many measurements met so many others when they began, by that number. */
  met(path: string): readonly number[] {
    return this.byPath.get(path)?.met ?? [];
  }

  count(path: string): number {
    return this.byPath.get(path)?.values.length ?? 0;
  }

  median(path: string): number | undefined {
    return this.quantile(path, 0.5);
  }

  quantile(path: string, q: number): number | undefined {
    return at(this.sorted(path), q);
  }

  /**
   * The law of a number as quantiles; nothing when it was measured too rarely. `least` where a few measurements have to do; what drew it out is
   * not in it.
   */
  law(path: string, o: { least?: number; stretches?: readonly Stretch[] } = {}): CalibratedValue[] {
    const n = this.count(path);
    if (n < (o.least ?? LEAST)) return [];
    const sorted = undisturbed(this.sorted(path), o.stretches ?? []);
    const shares = SHARES.filter((q) => Math.min(q, 1 - q) * n >= BEYOND || q === 0.5);
    const inner = shares.map((q): [number, number] => [q, rounded(at(sorted, q) as number)]);
    const quantiles: [number, number][] = [[0, rounded(sorted[0] as number)], ...inner, [1, rounded(sorted[n - 1] as number)]];
    return [{ path, quantiles, unit: this.byPath.get(path)?.unit ?? 'ms', n }];
  }

  private sorted(path: string): number[] {
    return [...(this.byPath.get(path)?.values ?? [])].sort((a, b) => a - b);
  }
}

/** A number that stands for `n` measurements. */
export function numberFrom(path: string, value: Distribution, o: { unit: string; n: number }): CalibratedValue {
  const round = (_key: string, x: unknown) => (typeof x === 'number' ? rounded(x) : x);
  return { path, value: JSON.parse(JSON.stringify(value, round)) as Distribution, ...o };
}

/** Of times that others lengthen: what they are when nobody does; 0 when there are none. */
export function fastestTenth(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 10)] ?? 0;
}

export function rounded(x: number): number {
  return Number(x.toPrecision(5));
}

/** The value below which a share `q` of sorted ones lies; undefined when there are none. */
export function at(sorted: readonly number[], q: number): number | undefined {
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
}
