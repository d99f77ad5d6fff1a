import { push, quantileOf, type Rolling, rolling } from './rolling.ts';

/** What a bound has to be raised by, so that it is missed by a stated share in the long run, whatever the series does. */
export interface Conformal {
  /** How far the last values stood above what was said. */
  errors: Rolling;
  /** The share that the window is asked for: below the target after misses. */
  alpha: number;
}

/** Settled enough to be moved by a miss. */
const ENOUGH = 20;
const BEYOND = 1.1;

export function conformal(target: number, window: number): Conformal {
  return { errors: rolling(window), alpha: target };
}

/**
 * What is to be added. Beyond the window's largest error when more is asked for than it holds.
 *
 * Source: Gibbs and Candès, Adaptive conformal inference under distribution shift, NeurIPS 2021.
 */
export function raiseOf({ errors, alpha }: Conformal): number {
  if (errors.sorted.length === 0) return 0;
  const top = errors.sorted[errors.sorted.length - 1] as number;
  return alpha <= 0 ? top + (BEYOND - 1) * Math.abs(top) : quantileOf(errors, 1 - alpha);
}

/** Learns from one outcome: `error` is the value less the forecast, `isMissed` whether it stood above the bound that was given. */
export function settle(
  state: Conformal,
  error: number,
  { isMissed, target, rate }: { isMissed: boolean; target: number; rate: number },
): void {
  push(state.errors, error);
  if (state.errors.sorted.length < ENOUGH) return;
  state.alpha = Math.min(1, Math.max(-rate, state.alpha + rate * (target - (isMissed ? 1 : 0))));
}

/** A bound that keeps its own account: what it stood on and what it said, until the value it was about is known. */
export interface Bound {
  conformal: Conformal;
  pending: { from: number; bound: number }[];
}

export interface BoundOptions {
  horizon: number;
  /** Share of the values that may stand above the bound. */
  target: number;
  /** How fast the asked share follows misses. */
  rate: number;
}

export function boundState(target: number, window: number): Bound {
  return { conformal: conformal(target, window), pending: [] };
}

/** Settles what is due with the newest value, and gives the bound on a new forecast `from`. Never below 0. */
export function boundOn(
  bound: Bound,
  { from, value }: { from: number; value: number },
  { horizon, target, rate }: BoundOptions,
): number {
  const due = bound.pending.length === horizon ? bound.pending.shift() : undefined;
  if (due) settle(bound.conformal, value - due.from, { isMissed: value > due.bound, target, rate });
  const raised = Math.max(0, from + raiseOf(bound.conformal));
  bound.pending.push({ from, bound: raised });
  return raised;
}
