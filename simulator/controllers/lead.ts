import type { Observation } from '../domain/controller.ts';

/** Time over which the usual number of sessions is remembered. Assumed; 300 to 3,600 s. */
const USUAL_S = 600;
/** So much above the usual is more than a ripple, if it is also this many standard deviations of a Poisson count above. Assumed. */
const ABOVE = 1.1;
const DEVIATIONS = 3;
/** More than this is not ordered on the word of a signal. Assumed; 1.5 to 4. */
const RATIO_MAX = 2;

/** What a controller remembers of the sessions that start: their usual rate, over how long, and the ratio that still holds. */
export interface Lead {
  usual: number;
  seconds: number;
  ratio: number;
  until_s: number;
}

export const NO_LEAD: Lead = { usual: 0, seconds: 0, ratio: 1, until_s: 0 };

/**
 * How many times the load is to be expected because more sessions start than usual; it holds until a start lag has passed.
 *
 * Where the world cannot know how many start, the ratio is 1.
 */
export function led(before: Lead, o: Observation, start_s: number): Lead {
  const rate = o.signals?.sessions_starting;
  if (rate === undefined || rate === null) return NO_LEAD;
  if (o.interval_s <= 0) return before;
  const isOver = o.at_s >= before.until_s;
  const current = isOver ? 1 : before.ratio;
  const ratio = isAbove(rate, before, o.interval_s) ? Math.min(RATIO_MAX, rate / before.usual) : 1;
  const isHigher = ratio > 1 && ratio >= current;
  const seconds = Math.min(USUAL_S, before.seconds + o.interval_s);
  return {
    usual: before.usual + ((rate - before.usual) * o.interval_s) / seconds,
    seconds,
    ratio: isHigher ? ratio : current,
    until_s: isHigher ? o.at_s + start_s : before.until_s,
  };
}

/** Nothing is unusual before a tenth of the memory is full. */
function isAbove(rate: number, { usual, seconds }: Lead, interval_s: number): boolean {
  if (seconds < USUAL_S / 10 || usual <= 0) return false;
  const expected = usual * interval_s;
  return rate > usual * ABOVE && rate * interval_s > expected + DEVIATIONS * Math.sqrt(expected);
}
