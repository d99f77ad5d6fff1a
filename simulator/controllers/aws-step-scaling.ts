import type { Controller, ControllerDefinition } from '../domain/controller.ts';
import { defaultsOf, numbersOf, within } from './options.ts';

const OPTIONS = {
  threshold: { default: 0.5, minimum: 0.01, maximum: 1 },
  alarm_minutes: { default: 1, minimum: 1, maximum: 60 },
  cooldown_s: { default: 300, minimum: 0, maximum: 3600 },
  minimum_change: { default: 1, minimum: 1, maximum: 1000 },
};

/** How far the metric is from the threshold, from here on: the share of the size to add; the same downwards to take away. */
const STEPS: readonly (readonly [breach: number, share: number])[] = [
  [0.2, 0.3],
  [0.1, 0.1],
];

interface State {
  /** The metric minute by minute, newest last. */
  minutes: number[];
  /** When it last scaled, from how many instances, by how many. */
  scaledAt_s: number;
  base: number;
  added: number;
}

/**
 * AWS step scaling: the further the metric is from the threshold, the larger the share of the pool that is added or taken away.
 *
 * 10 to 20 points above the threshold add 10 %, more adds 30 %; the same downwards. While a cooldown lasts a bigger step adds only the difference to
 * what was added, and nothing is taken away. Shares of instances are rounded as AWS does: above one down, below one to one.
 *
 * Source: AWS EC2 Auto Scaling user guide @ 6c46a78 (documented): bands and 50 % of its example, rounding, cooldown 300 s (Application Auto Scaling).
 * `alarm_minutes` is assumed: 1 to 3 datapoints of one minute.
 */
export const awsStepScaling: ControllerDefinition = {
  description: 'AWS step scaling: bands of distance from a threshold add or take away shares of the pool',
  defaults: defaultsOf(OPTIONS),
  create(given): Controller<State> {
    const options = numbersOf('aws-step-scaling', given, OPTIONS);
    return {
      interval_s: 60,
      lag_s: 60,
      initial: { minutes: [], scaledAt_s: Number.MIN_SAFE_INTEGER, base: 0, added: 0 },
      decide(state, o) {
        const minutes = [...state.minutes, Math.max(o.cpu, o.utilisation)].slice(-options.alarm_minutes);
        const current = o.ready + o.starting;
        const breach = breachOf(minutes, options);
        const isCooling = o.at_s - state.scaledAt_s < options.cooldown_s;
        const base = isCooling && state.added > 0 && breach > 0 ? state.base : current;
        const change = changeOf(base, breach, options.minimum_change);
        const asked = within(o, change > 0 ? Math.max(current, base + change) : current + change);
        const share = `${Math.round(breach * 100)} points from the threshold of ${Math.round(options.threshold * 100)} %`;
        if (asked === current || (isCooling && change < 0)) {
          const why = asked === current ? 'stays' : 'scale-in waits for the cooldown';
          return { state: { ...state, minutes }, wanted: within(o, current), because: `${share}: ${why}` };
        }
        const next = { minutes, scaledAt_s: o.at_s, base, added: asked - base };
        return { state: next, wanted: asked, because: `${share}: ${current} -> ${asked}` };
      },
    };
  },
};

/** Distance of the metric from the threshold, if every minute of the alarm is on the same side; else 0. */
function breachOf(minutes: readonly number[], o: { threshold: number; alarm_minutes: number }): number {
  if (minutes.length < o.alarm_minutes) return 0;
  const distances = minutes.map((metric) => metric - o.threshold);
  if (distances.every((d) => d > 0)) return Math.min(...distances);
  return distances.every((d) => d < 0) ? Math.max(...distances) : 0;
}

function changeOf(size: number, breach: number, minimum: number): number {
  const share = STEPS.find(([from]) => Math.abs(breach) >= from - 1e-9)?.[1] ?? 0;
  if (share === 0) return 0;
  const change = Math.max(minimum, Math.floor(size * share + 1e-9));
  return breach > 0 ? change : -change;
}
