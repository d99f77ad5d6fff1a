import type { Controller, ControllerDefinition } from '../domain/controller.ts';
import { defaultsOf, numbersOf, within } from './options.ts';

const OPTIONS = {
  target: { default: 0.7, minimum: 0.01, maximum: 1 },
  high_minutes: { default: 3, minimum: 1, maximum: 60 },
  low_minutes: { default: 15, minimum: 1, maximum: 60 },
  low_share: { default: 0.9, minimum: 0.1, maximum: 1 },
  warmup_s: { default: 300, minimum: 0, maximum: 3600 },
};

interface State {
  /** The metric minute by minute, newest last. */
  minutes: number[];
  scaledOutAt_s: number;
  /** Instances that were warm when it last scaled out. */
  warm: number;
}

/**
 * AWS target tracking: an alarm of three minutes above the target scales out in proportion, one of fifteen below 90 % of it scales in.
 *
 * The alarm goes on acting every minute while it is high, but instances that warm up count in the size and not in the metric. Scaling in
 * is conservative: rounded up, blocked while new instances still warm up, and only after fifteen minutes more.
 *
 * Source: EC2 Auto Scaling user guide @ 7d90761 (documented); alarm cadence from exported alarms; warm-up falls back to the cooldown of 300 s.
 */
export const awsTargetTracking: ControllerDefinition = {
  description: 'AWS target tracking: 3 minutes above the target scale out, 15 minutes below 90 % of it scale in',
  defaults: defaultsOf(OPTIONS),
  create(given): Controller<State> {
    const options = numbersOf('aws-target-tracking', given, OPTIONS);
    return {
      interval_s: 60,
      lag_s: 60,
      initial: { minutes: [], scaledOutAt_s: Number.MIN_SAFE_INTEGER, warm: 0 },
      decide(state, o) {
        const metric = Math.max(o.cpu, o.utilisation);
        const minutes = [...state.minutes, metric].slice(-Math.max(options.high_minutes, options.low_minutes));
        const current = o.ready + o.starting;
        const high = minutes.slice(-options.high_minutes);
        const low = minutes.slice(-options.low_minutes);
        const isHigh = high.length === options.high_minutes && high.every((m) => m > options.target);
        const isLow = low.length === options.low_minutes && low.every((m) => m < options.low_share * options.target);
        const isWarming = o.starting > 0 || o.at_s - state.scaledOutAt_s < options.warmup_s;
        const warm = isWarming && state.warm > 0 ? Math.min(state.warm, o.ready) : o.ready;
        const asked = within(o, Math.ceil((warm * metric) / options.target - 1e-9));
        const share = `utilisation ${Math.round(metric * 100)} %, target ${Math.round(options.target * 100)} %`;
        if (isHigh && asked > current) {
          const because = `${share}, above for ${options.high_minutes} min: ${current} -> ${asked}`;
          return { state: { minutes, scaledOutAt_s: o.at_s, warm }, wanted: asked, because };
        }
        if (isLow && !isWarming && asked < current) {
          const because = `${share}, below ${options.low_share} of it for ${options.low_minutes} min: ${current} -> ${asked}`;
          return { state: { ...state, minutes: [] }, wanted: asked, because };
        }
        const why = isLow && isWarming ? 'scale-in waits for the warm-up' : 'no alarm';
        return { state: { ...state, minutes }, wanted: within(o, current), because: `${share}: ${why}` };
      },
    };
  },
};
