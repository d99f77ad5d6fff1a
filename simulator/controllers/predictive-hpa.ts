import type { Controller, ControllerDefinition, ControllerOptions } from '../domain/controller.ts';
import { InputError } from '../domain/problem.ts';
import { defaultsOf, numbersOf, within } from './options.ts';
import { holtWinters, linear } from './replica-forecast.ts';
import { type BehaviourState, behave, CALM } from './scaling-behaviour.ts';
import { recommend } from './target-utilization.ts';

const OPTIONS = {
  target: { default: 0.7, minimum: 0.01, maximum: 1 },
  tolerance: { default: 0.1, minimum: 0, maximum: 1 },
  history_size: { default: 6, minimum: 2, maximum: 1000 },
  look_ahead_s: { default: 10, minimum: 0, maximum: 86_400 },
  alpha: { default: 0.9, minimum: 0, maximum: 1 },
  beta: { default: 0.9, minimum: 0, maximum: 1 },
  gamma: { default: 0.9, minimum: 0, maximum: 1 },
  season_s: { default: 3600, minimum: 30, maximum: 604_800 },
  stored_seasons: { default: 4, minimum: 2, maximum: 52 },
  interval_s: { default: 15, minimum: 1, maximum: 3600 },
  lag_s: { default: 15, minimum: 0, maximum: 3600 },
  stabilisation_down_s: { default: 300, minimum: 0, maximum: 3600 },
};

const MODELS = ['linear', 'holt-winters'];

interface State {
  behaviour: BehaviourState;
  /** What the HPA alone would have asked for, newest last. */
  replicas: number[];
}

/**
 * predictive-horizontal-pod-autoscaler: the HPA's own recommendations as a series, forecast by a line or by Holt-Winters; the larger of both counts.
 *
 * The line goes through the last six recommendations, `look_ahead_s` on; Holt-Winters sees one step ahead, with smoothing that is fixed, from two
 * seasons on. After that the HPA's behaviour applies. Without a history of the pool's sizes it begins empty.
 *
 * Source: jthomperoo/predictive-horizontal-pod-autoscaler @ c91d060 (documented): historySize 6, lookAhead 10 s, .9/.9/.9, storedSeasons 4, decisionType
 * maximum, sync 15 s, tolerance .1. `season_s` has no default there; here it is assumed: an hour, 60 s to a week.
 */
export const predictiveHpa: ControllerDefinition = {
  description: 'predictive HPA: a line or Holt-Winters through the recommendations of the HPA, the larger of both',
  defaults: { model: 'linear', ...defaultsOf(OPTIONS) },
  create(given): Controller<State> {
    const { model, numbers } = modelOf(given);
    const options = numbersOf('predictive-hpa', numbers, OPTIONS);
    const period = Math.max(2, Math.round(options.season_s / options.interval_s));
    const kept = model === 'linear' ? options.history_size : options.stored_seasons * period;
    const behaviour = { stabilisationUp_s: 0, stabilisationDown_s: options.stabilisation_down_s };
    return {
      interval_s: options.interval_s,
      lag_s: options.lag_s,
      initial: { behaviour: CALM, replicas: [] },
      decide(state, o) {
        const current = o.ready + o.starting;
        const now = within(o, recommend(o, Math.max(o.cpu, o.utilisation), options));
        const replicas = [...state.replicas, now].slice(-kept);
        const ahead = options.look_ahead_s / options.interval_s;
        const expected = model === 'linear' ? linear(replicas, ahead) : holtWinters(replicas, { ...options, period });
        const forecast = expected === undefined ? now : Math.ceil(expected - 1e-9);
        const recommendation = within(o, Math.max(now, forecast));
        const next = behave(state.behaviour, { at_s: o.at_s, current, recommendation, behaviour });
        const because = `HPA asks for ${now}, ${model} forecast ${expected === undefined ? 'not yet there' : forecast}`;
        const wanted = within(o, next.wanted);
        return { state: { behaviour: next.state, replicas }, wanted, because: `${because}: ${current} -> ${wanted}${next.held}` };
      },
    };
  },
};

/** The model by name, and the options that are numbers. Throws: InputError for a name that is none. */
function modelOf({ model = 'linear', ...numbers }: ControllerOptions): { model: string; numbers: ControllerOptions } {
  if (typeof model === 'string' && MODELS.includes(model)) return { model, numbers };
  const expected = `one of ${MODELS.join(', ')}`;
  throw new InputError([{ path: 'controller.predictive-hpa.model', message: `is ${JSON.stringify(model)}`, expected }]);
}
