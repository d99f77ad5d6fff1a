/**
 * Ridge regression kept up to date by one pair at a time, old pairs forgotten at a rate of `forgetting` a step.
 *
 * The ridge is the prior of the first step and is forgotten too; the trace of the covariance is bounded, since inputs that do not
 * move would let it grow without end.
 *
 * Source: Haykin, Adaptive Filter Theory, chapter on recursive least squares.
 */
export interface LeastSquares {
  weights: number[];
  /** Inverse of the weighted second moments, row by row. */
  covariance: number[];
}

const PRIOR = 10;
const TRACE_MAX = 1e4;

/** `first` is the input whose weight starts at 1: a forecast that begins as the last value. */
export function leastSquares(inputs: number, first: number): LeastSquares {
  const covariance = new Array<number>(inputs * inputs).fill(0);
  for (let i = 0; i < inputs; i++) covariance[i * inputs + i] = PRIOR;
  const weights = new Array<number>(inputs).fill(0);
  weights[first] = 1;
  return { weights, covariance };
}

export function predicted({ weights }: LeastSquares, input: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += (weights[i] as number) * (input[i] as number);
  return sum;
}

export function learn(
  model: LeastSquares,
  input: readonly number[],
  { target, forgetting }: { target: number; forgetting: number },
): void {
  const { weights, covariance } = model;
  const n = weights.length;
  const gain = new Array<number>(n);
  let norm = forgetting;
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += (covariance[i * n + j] as number) * (input[j] as number);
    gain[i] = sum;
    norm += sum * (input[i] as number);
  }
  const error = target - predicted(model, input);
  let trace = 0;
  for (let i = 0; i < n; i++) {
    const step = (gain[i] as number) / norm;
    weights[i] = (weights[i] as number) + step * error;
    for (let j = 0; j <= i; j++) {
      const next = ((covariance[i * n + j] as number) - step * (gain[j] as number)) / forgetting;
      covariance[i * n + j] = next;
      covariance[j * n + i] = next;
    }
    trace += covariance[i * n + i] as number;
  }
  if (trace > TRACE_MAX) for (let i = 0; i < n * n; i++) covariance[i] = (covariance[i] as number) * (TRACE_MAX / trace);
}
