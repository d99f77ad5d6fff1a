import { z } from 'zod';

/**
 * A law for a quantity that varies: a plain number is a constant.
 *
 * Units: those of the field it stands in (`cpu_ms` gives milliseconds).
 * `lognormal` is given by its median and its 99th percentile, because that is what people measure;
 * `quantiles` interpolates measured points, linearly in p and in log(value) when all values are positive.
 */
const positive = z.number().finite().positive();
const nonNegative = z.number().finite().nonnegative();

export const DistributionSchema = z.union([
  nonNegative,
  z.strictObject({ kind: z.literal('exponential'), mean: positive }),
  z.strictObject({ kind: z.literal('uniform'), min: nonNegative, max: nonNegative }),
  z.strictObject({ kind: z.literal('lognormal'), p50: positive, p99: positive }),
  z.strictObject({ kind: z.literal('pareto'), min: positive, exponent: positive, cap: positive }),
  z.strictObject({
    kind: z.literal('quantiles'),
    points: z
      .array(z.tuple([z.number().min(0).max(1), nonNegative]))
      .min(2)
      .max(100),
  }),
]);
export type Distribution = z.infer<typeof DistributionSchema>;

const Z99 = 2.3263478740408408;

/**
 * The value that a share `p` of draws lies below.
 *
 * Range: 0 <= p < 1; laws without an upper end grow without bound as p nears 1.
 */
export function quantile(law: Distribution, p: number): number {
  if (typeof law === 'number') return law;
  switch (law.kind) {
    case 'exponential':
      return -law.mean * Math.log1p(-p);
    case 'uniform':
      return law.min + p * (law.max - law.min);
    case 'lognormal':
      return law.p50 * Math.exp((Math.log(law.p99 / law.p50) / Z99) * normalQuantile(p));
    case 'pareto':
      return Math.min(law.cap, law.min * (1 - p) ** (-1 / law.exponent));
    case 'quantiles':
      return interpolate(law.points, p);
  }
}

/** Mean of a law: exact where there is a formula, else the mean of 20,000 equally likely quantiles. */
export function mean(law: Distribution): number {
  if (typeof law === 'number') return law;
  if (law.kind === 'exponential') return law.mean;
  if (law.kind === 'uniform') return (law.min + law.max) / 2;
  if (law.kind === 'lognormal') {
    const sigma = Math.log(law.p99 / law.p50) / Z99;
    return law.p50 * Math.exp((sigma * sigma) / 2);
  }
  const n = 20_000;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += quantile(law, (i + 0.5) / n);
  return sum / n;
}

/** The same law with every value multiplied by `factor`. */
export function scaled(law: Distribution, factor: number): Distribution {
  if (typeof law === 'number') return law * factor;
  switch (law.kind) {
    case 'exponential':
      return { ...law, mean: law.mean * factor };
    case 'uniform':
      return { ...law, min: law.min * factor, max: law.max * factor };
    case 'lognormal':
      return { ...law, p50: law.p50 * factor, p99: law.p99 * factor };
    case 'pareto':
      return { ...law, min: law.min * factor, cap: law.cap * factor };
    case 'quantiles':
      return { ...law, points: law.points.map(([p, v]): [number, number] => [p, v * factor]) };
  }
}

function interpolate(points: readonly (readonly [number, number])[], p: number): number {
  const first = points[0] as readonly [number, number];
  let before = first;
  for (const after of points) {
    if (p < after[0]) {
      const share = after[0] === before[0] ? 0 : (p - before[0]) / (after[0] - before[0]);
      const isLog = before[1] > 0 && after[1] > 0;
      return isLog
        ? before[1] * (after[1] / before[1]) ** Math.max(0, share)
        : before[1] + Math.max(0, share) * (after[1] - before[1]);
    }
    before = after;
  }
  return before[1];
}

/**
 * Standard normal quantile.
 *
 * Source: P. J. Acklam's rational approximation (2003), relative error below 1.2e-9.
 */
export function normalQuantile(p: number): number {
  if (p <= 0) return -8.3;
  if (p >= 1) return 8.3;
  if (p < 0.02425) return tail(Math.sqrt(-2 * Math.log(p)));
  if (p > 1 - 0.02425) return -tail(Math.sqrt(-2 * Math.log(1 - p)));
  const q = p - 0.5;
  const r = q * q;
  const a = [-39.69683028665376, 220.9460984245205, -275.9285104469687, 138.357751867269, -30.66479806614716, 2.506628277459239];
  const b = [-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1];
  return (horner(a, r) * q) / horner(b, r);
}

function tail(q: number): number {
  const c = [
    -0.007784894002430293, -0.3223964580411365, -2.400758277161838, -2.549732539343734, 4.374664141464968, 2.938163982698783,
  ];
  const d = [0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1];
  return horner(c, q) / horner(d, q);
}

function horner(coefficients: readonly number[], x: number): number {
  let y = 0;
  for (const c of coefficients) y = y * x + c;
  return y;
}
