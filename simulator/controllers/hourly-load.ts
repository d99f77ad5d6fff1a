const HOUR_S = 3600;
const DAY = 24;
const WEEK = 168;
/** Hours that are kept: fourteen days. */
const KEPT = 14 * DAY;

/** Load by the hour: closed hours, oldest first, each the mean arrivals a second; and the hour that is still open. */
export interface HourlyLoad {
  hours: number[];
  arrivals: number;
  seconds: number;
}

export const NO_HOURS: HourlyLoad = { hours: [], arrivals: 0, seconds: 0 };

/** Adds what arrived in the `seconds` just gone; hours that are over are closed. A span longer than the hour's rest is shared out evenly. */
export function addArrivals(load: HourlyLoad, arrivals: number, seconds: number): HourlyLoad {
  if (load.seconds + seconds < HOUR_S - 1e-6)
    return { hours: load.hours, arrivals: load.arrivals + arrivals, seconds: load.seconds + seconds };
  const hours = [...load.hours];
  const open = { arrivals: load.arrivals, seconds: load.seconds };
  for (let left = seconds; left > 1e-9; ) {
    const span = Math.min(left, HOUR_S - open.seconds);
    open.arrivals += (arrivals * span) / seconds;
    open.seconds += span;
    left -= span;
    if (open.seconds < HOUR_S - 1e-6) break;
    hours.push(open.arrivals / HOUR_S);
    open.arrivals = 0;
    open.seconds = 0;
  }
  return { hours: hours.slice(-KEPT), ...open };
}

/** Hours known at the start, from a history that ends there; empty when it covers less than an hour. */
export function hoursOf(history: { step_s: number; arrivals: ArrayLike<number> } | undefined): HourlyLoad {
  if (history === undefined) return NO_HOURS;
  const { step_s, arrivals } = history;
  // Whole hours, counted back from the end, so that the first hour of the run is the next one.
  const steps = Math.floor((Math.floor((arrivals.length * step_s) / HOUR_S) * HOUR_S) / step_s + 1e-9);
  let load = NO_HOURS;
  for (let i = arrivals.length - steps; i < arrivals.length; i++) load = addArrivals(load, arrivals[i] ?? 0, step_s);
  return { ...load, arrivals: 0, seconds: 0 };
}

/**
 * Expected arrivals a second of the `ahead`-th hour after the closed ones (0 is the open hour): the mean of the same hours of earlier weeks, or of earlier
 * days where there is no week, moved by how much the last day differs from what this would have said of it.
 */
export function forecastHour(hours: readonly number[], ahead: number): number {
  const period = hours.length >= WEEK + DAY ? WEEK : DAY;
  const drift = mean(hours.slice(-DAY)) - mean(before(hours, period, hours.length - DAY, DAY));
  const seasonal = seasonalMean(hours, period, hours.length + ahead);
  return Math.max(0, seasonal + (Number.isFinite(drift) ? drift : 0));
}

function before(hours: readonly number[], period: number, from: number, length: number): number[] {
  return Array.from({ length }, (_, i) => seasonalMean(hours, period, from + i, from));
}

/** Mean of the values at whole periods before `hour`, of those that lie before `end`. */
function seasonalMean(hours: readonly number[], period: number, hour: number, end = hours.length): number {
  const same: number[] = [];
  for (let i = hour - period; i >= 0; i -= period) if (i < end) same.push(hours[i] as number);
  return mean(same);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
