import type { Controller, ControllerDefinition } from '../domain/controller.ts';
import { defaultsOf, numbersOf, within } from './options.ts';
import { type BehaviourState, behave, CALM } from './scaling-behaviour.ts';

const OPTIONS = {
  per_instance: { default: 5, minimum: 0.01, maximum: 1_000_000 },
  tolerance: { default: 0.1, minimum: 0, maximum: 1 },
  activation: { default: 0, minimum: 0, maximum: 1_000_000 },
  interval_s: { default: 15, minimum: 1, maximum: 3600 },
  lag_s: { default: 15, minimum: 0, maximum: 3600 },
  cooldown_s: { default: 300, minimum: 0, maximum: 86_400 },
  stabilisation_down_s: { default: 300, minimum: 0, maximum: 3600 },
};

interface State {
  behaviour: BehaviourState;
  /** When the queue was last above the activation value. */
  activeAt_s: number;
}

/**
 * KEDA on a queue: as many instances as the waiting and in-flight messages divided by what one instance should have.
 *
 * From 1 to N the HPA decides (average value, with its tolerance); to 0 only after the cooldown, and only where the pool may be empty.
 *
 * Source: KEDA documentation @ a55c5d3 (documented): queueLength 5 visible and in flight, cooldown 300 s; tolerance of average values:
 * kubernetes/kubernetes pkg/controller/podautoscaler, GetExternalPerPodMetricReplicas.
 */
export const queueDepth: ControllerDefinition = {
  description: 'KEDA: instances in proportion to the messages that wait or are in flight',
  defaults: defaultsOf(OPTIONS),
  create(given): Controller<State> {
    const options = numbersOf('queue-depth', given, OPTIONS);
    const behaviour = { stabilisationUp_s: 0, stabilisationDown_s: options.stabilisation_down_s };
    return {
      interval_s: options.interval_s,
      lag_s: options.lag_s,
      initial: { behaviour: CALM, activeAt_s: 0 },
      decide(state, o) {
        const depth = o.queued + o.busy;
        const current = o.ready + o.starting;
        const activeAt_s = depth > options.activation ? o.at_s : state.activeAt_s;
        const isCold = depth <= options.activation && o.at_s - activeAt_s >= options.cooldown_s && o.minimum === 0;
        const ratio = depth / (options.per_instance * current);
        const isClose = current > 0 && Math.abs(ratio - 1) <= options.tolerance + 1e-9;
        const asked = isClose ? current : Math.ceil(depth / options.per_instance - 1e-9);
        const recommendation = within(o, isCold ? 0 : Math.max(1, asked));
        const next = behave(state.behaviour, { at_s: o.at_s, current, recommendation, behaviour });
        const because = `${depth} messages at ${options.per_instance} an instance: ${current} -> ${recommendation}${next.held}`;
        return { state: { behaviour: next.state, activeAt_s }, wanted: within(o, next.wanted), because };
      },
    };
  },
};
