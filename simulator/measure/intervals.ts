import { tQuantile, tTails } from './student.ts';

/** Confidence of every interval in a report. */
export const CONFIDENCE = 0.95;

export function meanOf(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? Number.NaN : sum / values.length;
}

/** Standard error of the mean, from the spread of the values themselves. */
export function standardErrorOf(values: readonly number[]): number {
  const mean = meanOf(values);
  let squares = 0;
  for (const value of values) squares += (value - mean) ** 2;
  return Math.sqrt(squares / (values.length - 1) / values.length);
}

/**
 * Where the true mean lies with 95 % confidence, if the values are independent and near normal: Student's interval.
 *
 * Null for fewer than two values, or when one of them is not finite: one run says nothing about spread.
 */
export function tInterval(values: readonly number[], confidence: number = CONFIDENCE): [number, number] | null {
  if (values.length < 2 || !values.every(Number.isFinite)) return null;
  const mean = meanOf(values);
  const half = tQuantile(1 - (1 - confidence) / 2, values.length - 1) * standardErrorOf(values);
  return [mean - half, mean + half];
}

/** The differences a - b of runs that had the same traffic; what seeds have in common cancels. */
export function pairedDifferences(a: readonly number[], b: readonly number[]): number[] {
  if (a.length !== b.length) throw new RangeError(`${a.length} values cannot be paired with ${b.length}`);
  return a.map((value, i) => value - (b[i] as number));
}

/** How likely a mean this far from zero would be if there were no difference (two-sided t test). 1 when it cannot be told. */
export function pValueOf(differences: readonly number[]): number {
  if (differences.length < 2 || !differences.every(Number.isFinite)) return 1;
  const mean = meanOf(differences);
  const error = standardErrorOf(differences);
  if (error === 0) return mean === 0 ? 1 : 0;
  return tTails(mean / error, differences.length - 1);
}

/** A difference of two means: the value, where the true one lies with 95 % confidence, and how likely it would be by chance alone. */
export interface MeanDifference {
  difference: number;
  ci95: [number, number] | null;
  p: number;
}

/** The difference a - b of runs that had the same traffic. */
export function pairedDifference(a: readonly number[], b: readonly number[]): MeanDifference {
  const differences = pairedDifferences(a, b);
  return { difference: meanOf(differences), ci95: tInterval(differences), p: pValueOf(differences) };
}

/**
 * The difference a - b of runs that have nothing in common, whatever their number and spread.
 *
 * Source: B. L. Welch, The generalization of Student's problem when several different population variances are involved, Biometrika 34 (1947).
 */
export function welchDifference(a: readonly number[], b: readonly number[]): MeanDifference {
  const difference = meanOf(a) - meanOf(b);
  if (a.length < 2 || b.length < 2 || !Number.isFinite(difference)) return { difference, ci95: null, p: 1 };
  const [mine, theirs] = [standardErrorOf(a) ** 2, standardErrorOf(b) ** 2];
  const error = Math.sqrt(mine + theirs);
  if (error === 0) return { difference, ci95: [difference, difference], p: difference === 0 ? 1 : 0 };
  const freedom = (mine + theirs) ** 2 / (mine ** 2 / (a.length - 1) + theirs ** 2 / (b.length - 1));
  const half = tQuantile(1 - (1 - CONFIDENCE) / 2, freedom) * error;
  return { difference, ci95: [difference - half, difference + half], p: tTails(difference / error, freedom) };
}

/**
 * Which of many questions have an answer, so that the chance of even one false answer stays below 5 %.
 *
 * The smallest p of m is held against alpha / m, the next against alpha / (m - 1), and so on to the first that fails;
 * the same as asking whether an interval of confidence 1 - alpha / (m - k) excludes zero.
 *
 * Source: S. Holm, A simple sequentially rejective multiple test procedure, Scand. J. Statist. 6 (1979).
 */
export function holm(pValues: readonly number[], alpha: number = 1 - CONFIDENCE): boolean[] {
  const order = pValues.map((_, i) => i).sort((i, j) => (pValues[i] as number) - (pValues[j] as number) || i - j);
  const isRejected = pValues.map(() => false);
  for (const [k, i] of order.entries()) {
    if ((pValues[i] as number) > alpha / (order.length - k)) break;
    isRejected[i] = true;
  }
  return isRejected;
}
