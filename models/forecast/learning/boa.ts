/**
 * Bernstein online aggregation: weights of experts whose losses are linear, with a learning rate of its own for each.
 *
 * Fed with the gradient of a convex cost at the weighted mean times each expert's answer, the mean's cost comes close to that of the best
 * convex combination, with no parameter to tune.
 *
 * Source: Wintenberger, Optimal learning with Bernstein online aggregation, Machine Learning 106 (2017).
 */
export interface Aggregation {
  /** Per expert: sum of second-order regrets, of squares, and the largest regret so far. */
  regrets: number[];
  squares: number[];
  largest: number[];
  weights: number[];
}

export function aggregation(experts: number): Aggregation {
  const zeros = () => new Array<number>(experts).fill(0);
  return { regrets: zeros(), squares: zeros(), largest: zeros(), weights: zeros().fill(1 / experts) };
}

/** The weighted mean of those who answer; somebody has to. */
export function weighted({ weights }: Aggregation, answers: readonly (number | null)[]): number {
  let sum = 0;
  let silent = 0;
  for (let k = 0; k < weights.length; k++) {
    const answer = answers[k] as number | null;
    if (answer === null) silent += weights[k] as number;
    else sum += (weights[k] as number) * answer;
  }
  return silent > 0 ? sum / (1 - silent) : sum;
}

/**
 * Learns from one round: `gradient` of the cost at the answer `mean` that was given, and each expert's own answer.
 *
 * Who did not answer has no regret, and its learning rate falls as that of those with most of the weight: a late one has to prove itself as slowly
 * as they have.
 */
export function update(
  state: Aggregation,
  answers: readonly (number | null)[],
  { gradient, mean }: { gradient: number; mean: number },
): void {
  const { regrets, squares, largest, weights } = state;
  const log = Math.log(weights.length);
  const usual = Math.abs(gradient) * deviationOf(state, answers, mean);
  let top = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < weights.length; k++) {
    const answer = answers[k] as number | null;
    const regret = answer === null ? 0 : gradient * (mean - answer);
    const size = answer === null ? usual : Math.abs(regret);
    largest[k] = Math.max(largest[k] as number, size);
    squares[k] = (squares[k] as number) + size * size;
    const eta = rateOf(state, k, log);
    const surprise = eta * regret > 0.5 ? (largest[k] as number) : 0;
    regrets[k] = (regrets[k] as number) + 0.5 * (regret - eta * regret * regret + surprise);
    weights[k] = eta > 0 ? Math.log(eta) + eta * (regrets[k] as number) : 0;
    if (eta > 0) top = Math.max(top, weights[k] as number);
  }
  normalise(state, top, log);
}

/** Root of the weighted mean square of the distances of those that answer; 0 where all do, since nobody asks then. */
function deviationOf(state: Aggregation, answers: readonly (number | null)[], mean: number): number {
  if (!answers.includes(null)) return 0;
  const squares = answers.map((answer) => (answer === null ? null : (answer - mean) ** 2));
  return Math.sqrt(weighted(state, squares));
}

function rateOf({ squares, largest }: Aggregation, k: number, log: number): number {
  const square = squares[k] as number;
  return square > 0 ? Math.min(1 / (largest[k] as number), Math.sqrt(log / square)) : 0;
}

/** From logarithms to weights that sum to 1; an expert that never differed keeps the share it began with. */
function normalise(state: Aggregation, top: number, log: number): void {
  const { weights } = state;
  let sum = 0;
  let idle = 0;
  for (let k = 0; k < weights.length; k++) {
    if (rateOf(state, k, log) > 0) {
      weights[k] = Math.exp((weights[k] as number) - top);
      sum += weights[k] as number;
    } else idle++;
  }
  const share = idle / weights.length;
  for (let k = 0; k < weights.length; k++) {
    weights[k] = rateOf(state, k, log) > 0 ? ((weights[k] as number) / sum) * (1 - share) : 1 / weights.length;
  }
}
