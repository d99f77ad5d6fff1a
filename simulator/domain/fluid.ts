/**
 * What a fluid policy knows before the part of a trace that counts.
 *
 * Units: `capacity` is the load per step that one instance serves when fully used; an instance ordered is ready `lag` steps later (>= 1) and one
 * given back is gone at the next; a missing instance costs `kappa` times what an instance costs for a step; `history` is the load so far, oldest first.
 */
export interface FluidSetting {
  capacity: number;
  lag: number;
  kappa: number;
  step_s: number;
  history: Float64Array;
  /** Instances that are ready before the first step. */
  initial: number;
}

/**
 * Orders instances step by step, knowing the load up to and including the step that has just ended.
 *
 * `t` counts from 0 behind the history. Without lags the order is the size of the next step.
 */
export interface FluidPolicy {
  order(t: number, load: number): number;
  /** Fits anew what the last order has left to be fitted, for the next one; false where there was nothing. May take longer than an order. */
  refit?(): boolean;
}

/** A policy that a judge can try: with each candidate of its grid on the history alone, then once on the rest. */
export interface FluidDefinition<Options = unknown> {
  readonly description: string;
  /** Candidates of the tuning, for steps of this length. Without a grid there is nothing to tune, and `create` gets no options. */
  grid?(step_s: number): readonly Options[];
  create(setting: FluidSetting, options?: Options): FluidPolicy;
}

/** Instances that a load needs so that none is used above 80 %. */
export function demandAt(load: number, capacity: number): number {
  return Math.max(1, Math.ceil(load / (0.8 * capacity) - 1e-9));
}
