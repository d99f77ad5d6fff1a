import type { Arrivals } from '../../simulator/domain/workload.ts';
import { constant } from './constant.ts';
import { daily } from './daily.ts';
import { flashCrowd } from './flash-crowd.ts';
import { onOff } from './on-off.ts';
import { ramp } from './ramp.ts';
import type { Shape } from './shape.ts';
import { step } from './step.ts';
import { trace } from './trace.ts';

/** Every arrival shape by its kind. */
export const ARRIVALS: { readonly [K in Arrivals['kind']]: Shape<K> } = {
  constant,
  ramp,
  daily,
  step,
  'on-off': onOff,
  'flash-crowd': flashCrowd,
  trace,
};

/** Intended operations a second at `t_s`. */
export function rateAt(arrivals: Arrivals, t_s: number): number {
  const shape = ARRIVALS[arrivals.kind] as Shape<Arrivals['kind']>;
  return Math.max(0, shape.rateAt(arrivals as never, t_s, rateAt));
}

/** The same without flash crowds: what a static pool is staffed for. */
export function baseRateAt(arrivals: Arrivals, t_s: number): number {
  return arrivals.kind === 'flash-crowd' ? baseRateAt(arrivals.base, t_s) : rateAt(arrivals, t_s);
}

/** When the rate is highest in the run, looked for second by second (at most 100,000 looks). Units: s. */
export function peakTime(arrivals: Arrivals, duration_s: number): number {
  return highestTime((t) => rateAt(arrivals, t), duration_s);
}

/** Highest rate of the run. */
export function peakRate(arrivals: Arrivals, duration_s: number): number {
  return rateAt(arrivals, peakTime(arrivals, duration_s));
}

/** Highest rate of the run before any flash crowd is added. */
export function basePeakRate(arrivals: Arrivals, duration_s: number): number {
  const rate = (t_s: number) => baseRateAt(arrivals, t_s);
  return rate(highestTime(rate, duration_s));
}

function highestTime(rate: (t_s: number) => number, duration_s: number): number {
  const looks = Math.min(100_000, Math.max(1, Math.ceil(duration_s)));
  let highest = { at_s: 0, rate: rate(0) };
  for (let i = 1; i <= looks; i++) {
    const at_s = (i * duration_s) / looks;
    const now = rate(at_s);
    if (now > highest.rate) highest = { at_s, rate: now };
  }
  return highest.at_s;
}
