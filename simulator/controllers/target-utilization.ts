import type { Controller, ControllerDefinition, Observation } from '../domain/controller.ts';
import { defaultsOf, numbersOf, within } from './options.ts';
import { type BehaviourState, behave, CALM } from './scaling-behaviour.ts';

const OPTIONS = {
  target: { default: 0.7, minimum: 0.01, maximum: 1 },
  tolerance: { default: 0.1, minimum: 0, maximum: 1 },
  interval_s: { default: 15, minimum: 1, maximum: 3600 },
  lag_s: { default: 15, minimum: 0, maximum: 3600 },
  stabilisation_up_s: { default: 0, minimum: 0, maximum: 3600 },
  stabilisation_down_s: { default: 300, minimum: 0, maximum: 3600 },
};

/**
 * Kubernetes Horizontal Pod Autoscaler v2 on utilisation: desired = ceil(ready x metric / target), unless within the tolerance.
 *
 * The metric is the larger of CPU use and slot use, because a pool that only waits on others has no CPU to show. Instances that are not yet
 * ready count as unused on the way up; if that turns the decision round, nothing is done.
 *
 * Source: Kubernetes autoscaling/v2 API reference (documented), read 2026-11-23. `lag_s` is assumed: one scrape of the metrics server.
 */
export const targetUtilization: ControllerDefinition = {
  description: 'Kubernetes HPA v2: keeps utilisation at a target, with tolerance, stabilisation and rate limits',
  defaults: defaultsOf(OPTIONS),
  create(given): Controller<BehaviourState> {
    const options = numbersOf('target-utilization', given, OPTIONS);
    const behaviour = { stabilisationUp_s: options.stabilisation_up_s, stabilisationDown_s: options.stabilisation_down_s };
    return {
      interval_s: options.interval_s,
      lag_s: options.lag_s,
      initial: CALM,
      decide(state, o) {
        const metric = Math.max(o.cpu, o.utilisation);
        const current = o.ready + o.starting;
        const recommendation = within(o, recommend(o, metric, options));
        const next = behave(state, { at_s: o.at_s, current, recommendation, behaviour });
        const share = `utilisation ${Math.round(metric * 100)} % of target ${Math.round(options.target * 100)} %`;
        const wanted = within(o, next.wanted);
        return { state: next.state, wanted, because: `${share}: ${current} -> ${recommendation}${next.held}` };
      },
    };
  },
};

/** The size that the ratio of metric and target asks for, before limits. */
export function recommend(o: Observation, metric: number, options: { target: number; tolerance: number }): number {
  const current = o.ready + o.starting;
  if (o.ready === 0) return current;
  const ratio = metric / options.target;
  if (Math.abs(ratio - 1) <= options.tolerance + 1e-9) return current;
  if (ratio < 1 || o.starting === 0) return Math.ceil(o.ready * ratio - 1e-9);
  // Starting instances count as idle: the mean falls, and may turn round or fall within the tolerance.
  const diluted = (metric * o.ready) / current / options.target;
  if (diluted <= 1 + options.tolerance + 1e-9) return current;
  return Math.ceil(current * diluted - 1e-9);
}
