import type { Controller, ControllerDefinition, Observation } from '../domain/controller.ts';
import { awsTargetTracking } from './aws-target-tracking.ts';
import { addArrivals, forecastHour, type HourlyLoad, hoursOf } from './hourly-load.ts';
import { defaultsOf, numbersOf, within } from './options.ts';

const OPTIONS = {
  target: { default: 0.7, minimum: 0.01, maximum: 1 },
  buffer_s: { default: 300, minimum: 0, maximum: 3599 },
};

const HOUR_S = 3600;
const LEAST_HOURS = 24;
const PLANNED_HOURS = 48;
const REFRESH_HOURS = 6;

interface State {
  tracking: unknown;
  load: HourlyLoad;
  /** Arrivals a second expected hour by hour, and the hour of the run that the first of them is. */
  plan: number[];
  plannedFor: number;
}

/**
 * AWS predictive scaling: an hourly forecast sets a floor under target tracking, five minutes before each hour begins; it never scales in.
 *
 * From a day of history on, of which it keeps fourteen, it plans 48 hours and plans again every six. The larger of plan and tracking counts.
 *
 * Simplified: AWS does not publish its model; here it is the mean of the same hours of the week (of the day, in the first week) moved by the drift
 * of the last day, as somebody with growth that is not linear would notice. The pool's maximum is honoured.
 * Source: AWS EC2 Auto Scaling user guide @ 6c46a78 (documented): 24 h to 14 d, 48 h, 6 h, SchedulingBufferTime 300 s, HonorMaxCapacity.
 */
export const awsPredictiveScaling: ControllerDefinition = {
  description: 'AWS predictive scaling: an hourly forecast as a floor under target tracking, from a day of load on',
  defaults: defaultsOf(OPTIONS),
  create(given, assets = {}): Controller<State> {
    const options = numbersOf('aws-predictive-scaling', given, OPTIONS);
    const tracking = awsTargetTracking.create({ target: options.target });
    return {
      interval_s: tracking.interval_s,
      lag_s: tracking.lag_s,
      initial: { tracking: tracking.initial, load: hoursOf(assets.history), plan: [], plannedFor: 0 },
      decide(state, o) {
        const tracked = tracking.decide(state.tracking, o);
        const load = addArrivals(state.load, o.arrivals, o.interval_s);
        const planned = planOf({ ...state, load }, o.at_s);
        const next = { tracking: tracked.state, load, ...planned };
        const floor = floorOf(planned, o, options);
        if (floor <= tracked.wanted) return { state: next, wanted: tracked.wanted, because: tracked.because };
        const because = `the forecast of the hour asks for ${floor}, target tracking for ${tracked.wanted}`;
        return { state: next, wanted: within(o, floor), because };
      },
    };
  },
};

/** The plan as it is, or a fresh one when it is six hours old or was not possible before. */
function planOf(state: Pick<State, 'load' | 'plan' | 'plannedFor'>, at_s: number): Pick<State, 'plan' | 'plannedFor'> {
  const hour = Math.floor(at_s / HOUR_S);
  const isFresh = state.plan.length > 0 && hour - state.plannedFor < REFRESH_HOURS;
  const { hours } = state.load;
  if (isFresh || hours.length < LEAST_HOURS) return { plan: state.plan, plannedFor: state.plannedFor };
  return { plan: Array.from({ length: PLANNED_HOURS }, (_, ahead) => forecastHour(hours, ahead)), plannedFor: hour };
}

/** Instances that the plan asks for in this hour, and in the next once its buffer has begun. */
function floorOf(
  { plan, plannedFor }: Pick<State, 'plan' | 'plannedFor'>,
  o: Observation,
  options: { target: number; buffer_s: number },
): number {
  const from = Math.floor(o.at_s / HOUR_S) - plannedFor;
  const to = Math.floor((o.at_s + options.buffer_s) / HOUR_S) - plannedFor;
  const rate = Math.max(0, ...plan.slice(Math.max(0, from), to + 1));
  return Math.ceil((rate * o.holding_s) / (options.target * o.slots) - 1e-9);
}
