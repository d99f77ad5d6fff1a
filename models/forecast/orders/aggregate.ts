import { type Aggregation, aggregation, update, weighted } from '../learning/boa.ts';
import { ago, type Series } from '../learning/series.ts';
import type { Trees } from '../learning/tree-learner.ts';
import { type Experts, expertsOf, type Question } from './experts.ts';

/** The experts and their weights; `answers` and `means` are what was said and is not yet due, oldest first. */
export interface Aggregate {
  experts: Experts;
  weights: Aggregation | null;
  answers: (number | null)[][];
  means: number[];
}

/**
 * A quantile of a later value as a weighted mean of experts, the weights learnt on the pinball loss.
 *
 * With scale-in at once and scale-out after a lag the cost of a step, s + kappa (d - s)+, is that loss at 1 - 1/kappa: what is learnt is the cost.
 */
export function aggregateOf(question: Question) {
  const experts = expertsOf(question);
  const slopes = { above: 1, below: 1 - 1 / (1 - question.quantile) };
  return {
    initial: (): Aggregate => ({ experts: experts.initial(), weights: null, answers: [], means: [] }),
    /** Learns from the newest value and answers; `trees` where they are among the experts and there are any yet. */
    observe(state: Aggregate, series: Series, trees: Trees | null = null): void {
      const target = question.targetOf(ago(series, 0));
      if (state.weights !== null && state.answers.length === question.horizon) {
        const answers = state.answers.shift() as (number | null)[];
        const mean = state.means.shift() as number;
        const gradient = mean < target ? slopes.below : mean > target ? slopes.above : 0;
        if (gradient !== 0) update(state.weights, answers, { gradient, mean });
      }
      experts.observe(state.experts, series);
      const answers = experts.answers(state.experts, series, trees);
      state.weights ??= aggregation(answers.length);
      state.answers.push(answers);
      state.means.push(weighted(state.weights, answers));
    },
    /** The quantile of the value `horizon` steps ahead of the newest. */
    quantile: (state: Aggregate): number => state.means[state.means.length - 1] ?? 0,
  };
}
