import type { NeuralModel } from '../../../simulator/domain/neural-model.ts';
import { ewmaMethod } from '../ewma.ts';
import { lastValueMethod } from '../last-value.ts';
import { push, quantileOf, type Rolling, rolling } from '../learning/rolling.ts';
import { ago, type Series } from '../learning/series.ts';
import { answer, type Trees } from '../learning/tree-learner.ts';
import type { Method } from '../method.ts';
import { neuralQuantile } from '../neural/neural.ts';
import { ridgeMethod } from '../ridge-ar.ts';
import { seasonalMeanMethod } from '../seasonal-naive.ts';

/** What experts are asked: to stay above the target of the value `horizon` steps ahead with probability `quantile`. */
export interface Question {
  horizon: number;
  quantile: number;
  /** What of a value has to be covered: the value itself, or the instances that it needs. */
  targetOf: (value: number) => number;
  /** How many errors of its own an expert may look back on. */
  windows: readonly number[];
  hasTrees: boolean;
  /** A network that was trained on earlier load: one more expert. */
  model?: NeuralModel | undefined;
}

/** State of all experts. `pending` holds the methods' forecasts that are not yet due, oldest first. */
export interface Experts {
  methods: unknown[];
  pending: number[][];
  /** Of each method and window: errors, then ratios. */
  errors: Rolling[];
  targets: Rolling[];
}

const MAXIMA = [1, 2, 3, 6, 12, 24, 60];
const HEADROOMS = [1, 1.1, 1.3, 2];
const TARGETS = [20, 60, 300, 1500];
/** Beside the quantile itself: how much more and less is left above. */
const WIDER = 2.5;
/** A forecast below this share of the usual level is no base for a ratio. */
const SMALL = 0.0025;

function methodsOf(horizon: number): Method[] {
  const ridge = (forgetting: number, more = {}) => ridgeMethod({ horizon, forgetting, ...more });
  const slow = ewmaMethod(0.1);
  const methods = [
    slow,
    ewmaMethod(0.3),
    lastValueMethod,
    ridge(0.995),
    ridge(0.9998),
    ridge(0.999, { isLog: true }),
    ridge(0.999, { isSeasonal: true }),
    ridge(0.9998, { isSeasonal: true, isLog: true }),
    seasonalMeanMethod(0, slow),
    seasonalMeanMethod(1, slow),
  ];
  return methods as unknown as Method[];
}

/** The experts of one question: how to begin, learn from the newest value, and answer. */
export function expertsOf(question: Question) {
  const { horizon, quantile, targetOf, windows } = question;
  const methods = methodsOf(horizon);
  const levels = [Math.max(0, 1 - WIDER * (1 - quantile)), quantile, 1 - (1 - quantile) / WIDER];
  return { initial, observe, answers };

  function initial(): Experts {
    return {
      methods: methods.map((method) => method.initial()),
      pending: [],
      errors: methods.flatMap(() => [...windows, ...windows].map(rolling)),
      targets: TARGETS.map(rolling),
    };
  }

  function observe(state: Experts, series: Series): void {
    const target = targetOf(ago(series, 0));
    for (const window of state.targets) push(window, target);
    const due = state.pending.length === horizon ? state.pending.shift() : undefined;
    const small = SMALL * quantileOf(state.targets[TARGETS.length - 1] as Rolling, 0.5) || 1e-9;
    due?.forEach((forecast, m) => {
      const first = 2 * m * windows.length;
      for (let w = 0; w < windows.length; w++) {
        push(state.errors[first + w] as Rolling, target - forecast);
        push(state.errors[first + windows.length + w] as Rolling, target / Math.max(small, forecast));
      }
    });
    methods.forEach((method, m) => void method.observe(state.methods[m], series));
    state.pending.push(methods.map((method, m) => method.forecast(state.methods[m], series, horizon)));
  }

  /**
   * One answer each, in an order that never changes; twice where an expert also answers with at least the newest target. Null from those that
   * cannot answer yet.
   */
  function answers(state: Experts, series: Series, trees: Trees | null): (number | null)[] {
    const now = targetOf(ago(series, 0));
    const all: (number | null)[] = maximaOf(series, targetOf);
    const both = (answer: number) => all.push(answer, Math.max(answer, now));
    for (const window of state.targets) for (const level of levels) both(quantileOf(window, level));
    const forecasts = state.pending[state.pending.length - 1] as number[];
    forecasts.forEach((forecast, m) => {
      for (let w = 0; w < windows.length; w++) {
        const first = 2 * m * windows.length + w;
        for (const level of levels) {
          both(forecast + quantileOf(state.errors[first] as Rolling, level));
          both(forecast * quantileOf(state.errors[first + windows.length] as Rolling, level));
        }
      }
    });
    if (question.hasTrees) {
      const said = trees && answer(trees, series, horizon);
      if (said === null) all.push(null, null, null, null);
      else for (const room of [1, 1.1]) both(room * said);
    }
    if (question.model !== undefined) {
      const at = neuralQuantile(question.model, series, horizon);
      for (const level of levels) both(targetOf(at(level)));
    }
    return all;
  }
}

/** Maximum of the last so many targets times a headroom: what a reactive rule orders. */
function maximaOf(series: Series, targetOf: (value: number) => number): number[] {
  const all: number[] = [];
  let top = 0;
  let lag = 0;
  for (const width of MAXIMA) {
    for (; lag < width; lag++) top = Math.max(top, ago(series, lag));
    const target = targetOf(top);
    for (const headroom of HEADROOMS) all.push(target * headroom);
  }
  return all;
}
