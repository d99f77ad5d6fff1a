import { bounded, type Track } from './bounded.ts';
import { ewmaMethod } from './ewma.ts';
import { holtWintersMethod, USUAL } from './holt-winters.ts';
import { lastValueMethod } from './last-value.ts';
import { boundOn, boundState } from './learning/adaptive-conformal.ts';
import { type Aggregation, aggregation, update, weighted } from './learning/boa.ts';
import { ago, type Series } from './learning/series.ts';
import { medianMethod } from './median.ts';
import type { Method } from './method.ts';
import { aggregateOf } from './orders/aggregate.ts';
import { periodShapeMethod } from './period-shape.ts';
import { ridgeMethod } from './ridge-ar.ts';
import { seasonalMeanMethod, seasonalNaiveMethod } from './seasonal-naive.ts';
import { thetaMethod } from './theta.ts';

const TARGET = 0.05;
/** Slower than usual, for what is nearly right already: of the mixed bound, and of those it is mixed from. */
const CALM = { rate: 0.001, window: 2000 };
const INNER = { rate: 0.005, window: 2000 };
const UPPER = { quantile: 0.95, targetOf: (value: number) => value, windows: [200, 1200], hasTrees: false };

function methodsOf(horizon: number): Method[] {
  const ridge = (forgetting: number, more = {}) => ridgeMethod({ horizon, forgetting, ...more });
  const methods = [
    lastValueMethod,
    ...[0.05, 0.15, 0.3, 0.6].map(ewmaMethod),
    ...[5, 15, 51, 201].map(medianMethod),
    ridge(0.995),
    ridge(0.9998),
    ridge(0.999, { isLog: true }),
    ridge(0.9998, { isLog: true }),
    ridge(0.999, { isSeasonal: true }),
    ridge(0.9998, { isSeasonal: true, isLog: true }),
    seasonalNaiveMethod(0),
    seasonalNaiveMethod(1),
    seasonalMeanMethod(0, ewmaMethod(0.1)),
    seasonalMeanMethod(1, ewmaMethod(0.1)),
    holtWintersMethod(USUAL),
    thetaMethod,
    periodShapeMethod,
  ];
  return methods as unknown as Method[];
}

/** State of the middle: the methods, their weights, and what was said and is not yet due. */
interface Middle {
  methods: unknown[];
  weights: Aggregation;
  pending: { answers: number[]; mean: number }[];
}

/** The middle of a later value as a weighted mean of every method here, the weights learnt on the absolute error. */
function middleOf(horizon: number) {
  const methods = methodsOf(horizon);
  return {
    initial: (): Middle => ({
      methods: methods.map((method) => method.initial()),
      weights: aggregation(methods.length),
      pending: [],
    }),
    observe(state: Middle, series: Series): void {
      const y = ago(series, 0);
      const due = state.pending.length === horizon ? state.pending.shift() : undefined;
      if (due) update(state.weights, due.answers, { gradient: Math.sign(due.mean - y), mean: due.mean });
      methods.forEach((method, m) => void method.observe(state.methods[m], series));
      const answers = methods.map((method, m) => Math.max(0, method.forecast(state.methods[m], series, horizon)));
      state.pending.push({ answers, mean: weighted(state.weights, answers) });
    },
    mean: (state: Middle): number => state.pending[state.pending.length - 1]?.mean ?? 0,
  };
}

/** The middle and the upper value of one horizon; the upper one is mixed from bounds on the aggregated quantile, on the middle and on one regression. */
function trackOf(horizon: number): Track {
  const middle = middleOf(horizon);
  const upper = aggregateOf({ ...UPPER, horizon });
  const ridge = ridgeMethod({ horizon, forgetting: 0.999, isSeasonal: true });
  const state = { middle: middle.initial(), upper: upper.initial(), ridge: ridge.initial() };
  const bounds = [0, 1, 2].map(() => boundState(TARGET, INNER.window));
  const weights = aggregation(bounds.length);
  const pending: { answers: number[]; mean: number }[] = [];
  return {
    observe(series) {
      const y = ago(series, 0);
      const due = pending.length === horizon ? pending.shift() : undefined;
      if (due && due.mean !== y) update(weights, due.answers, { gradient: due.mean < y ? TARGET - 1 : TARGET, mean: due.mean });
      middle.observe(state.middle, series);
      upper.observe(state.upper, series);
      ridge.observe(state.ridge, series);
      const from = [upper.quantile(state.upper), middle.mean(state.middle), ridge.forecast(state.ridge, series, horizon)];
      const options = { horizon, target: TARGET, rate: INNER.rate };
      const answers = bounds.map((bound, i) => boundOn(bound, { from: from[i] as number, value: y }, options));
      pending.push({ answers, mean: weighted(weights, answers) });
    },
    forecast: () => ({ mean: middle.mean(state.middle), upper: pending[pending.length - 1]?.mean ?? 0 }),
  };
}

export const combined = bounded('a weighted mean of all the others, the weights learnt from their errors', trackOf, CALM);
