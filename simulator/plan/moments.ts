import { type Distribution, normalQuantile, quantile } from '../domain/distribution.ts';

/** Mean and variance of a time, in ms and ms squared: what can be added along a path. */
export interface Moments {
  mean: number;
  variance: number;
}

export const NOTHING: Moments = { mean: 0, variance: 0 };

/** Mean and variance of a law: exact where there is a formula, else over 512 equally likely quantiles. */
export function momentsOf(law: Distribution): Moments {
  if (typeof law === 'number') return { mean: law, variance: 0 };
  switch (law.kind) {
    case 'exponential':
      return { mean: law.mean, variance: law.mean ** 2 };
    case 'uniform':
      return { mean: (law.min + law.max) / 2, variance: (law.max - law.min) ** 2 / 12 };
    case 'lognormal': {
      const square = (Math.log(law.p99 / law.p50) / normalQuantile(0.99)) ** 2;
      const mean = law.p50 * Math.exp(square / 2);
      return { mean, variance: Math.expm1(square) * mean ** 2 };
    }
    case 'pareto':
      return cappedPareto(law);
    case 'quantiles':
      return overQuantiles(law);
  }
}

/** From E[X] = integral of P(X > x), and E[X^2] = integral of 2x P(X > x), up to the cap. */
function cappedPareto(law: { min: number; exponent: number; cap: number }): Moments {
  const { min, exponent, cap } = law;
  if (cap <= min) return { mean: cap, variance: 0 };
  const span = (k: number) =>
    k === exponent ? Math.log(cap / min) : (cap ** (k - exponent) - min ** (k - exponent)) / (k - exponent);
  const mean = min + min ** exponent * span(1);
  const square = min ** 2 + 2 * min ** exponent * span(2);
  return { mean, variance: Math.max(0, square - mean ** 2) };
}

function overQuantiles(law: Distribution): Moments {
  return overSamples(equallyLikely(law, 512));
}

/** So many values of a law, each as likely as the others. */
export function equallyLikely(law: Distribution, count: number): number[] {
  return Array.from({ length: count }, (_, i) => quantile(law, (i + 0.5) / count));
}

/** Mean and variance of values that are equally likely. */
export function overSamples(values: readonly number[]): Moments {
  let sum = 0;
  let squares = 0;
  for (const x of values) {
    sum += x;
    squares += x * x;
  }
  const mean = sum / values.length;
  return { mean, variance: Math.max(0, squares / values.length - mean ** 2) };
}

/** One after the other, independent of each other. */
export function plus(...parts: readonly Moments[]): Moments {
  let mean = 0;
  let variance = 0;
  for (const part of parts) {
    mean += part.mean;
    variance += part.variance;
  }
  return { mean, variance };
}

/** The same time, `factor` times as long. */
export function times(factor: number, one: Moments): Moments {
  return { mean: one.mean * factor, variance: one.variance * factor ** 2 };
}

/** `a` in a share of the cases, `b` in the others. */
export function either(share: number, a: Moments, b: Moments): Moments {
  const mean = share * a.mean + (1 - share) * b.mean;
  const square = share * (a.variance + a.mean ** 2) + (1 - share) * (b.variance + b.mean ** 2);
  return { mean, variance: Math.max(0, square - mean ** 2) };
}

/**
 * The later of several.
 *
 * Simplified: takes the one with the largest mean; with equals the real maximum is somewhat later.
 */
export function latest(branches: readonly Moments[]): Moments {
  let last = NOTHING;
  for (const branch of branches) if (branch.mean > last.mean) last = branch;
  return last;
}

/** The time that a share `q` stays below, taking the sum for log-normal. */
export function quantileOf(m: Moments, q: number): number {
  if (m.mean <= 0 || m.variance <= 0) return m.mean;
  const square = Math.log1p(m.variance / m.mean ** 2);
  return Math.exp(Math.log(m.mean) - square / 2 + Math.sqrt(square) * normalQuantile(q));
}
