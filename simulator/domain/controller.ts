import type { NeuralModel } from './neural-model.ts';
import type { Signal, Signals } from './signals.ts';

/**
 * What an operator could observe about one pool: metrics as old as the controller's lag, numbers of instances as they are.
 *
 * Units: counts are instances or requests; `interval_s` is the time since the last decision.
 * `utilisation` is busy slots over ready slots, in [0, 1]; `cpu` busy cores over ready cores, in [0, 1].
 */
export interface Observation {
  at_s: number;
  interval_s: number;
  ready: number;
  starting: number;
  draining: number;
  busy: number;
  queued: number;
  arrivals: number;
  completions: number;
  utilisation: number;
  cpu: number;
  minimum: number;
  maximum: number;
  /** Slots an instance has, and the unloaded time one call holds a slot. */
  slots: number;
  holding_s: number;
  /** What the controller has declared, as late as the metrics; absent where it declares nothing. */
  signals?: Signals;
}

/** How many instances a controller wants, the state it carries on (plain JSON), and why, in words. */
export interface Outcome<State> {
  state: State;
  wanted: number;
  because: string;
  /** What is due to be fitted anew: a job for the definition's `fit`, whose result is for `adopt`. Plain JSON. */
  refit?: unknown;
}

/** Decides the size of one pool. `decide` is synchronous and pure; the world calls it every `interval_s`. */
export interface Controller<State = unknown> {
  readonly interval_s: number;
  /** How old observations are when they arrive. */
  readonly lag_s: number;
  readonly initial: State;
  /** What it wants to see beside its pool; a world computes nothing else of this kind. */
  readonly signals?: readonly Signal[];
  decide(state: State, observation: Observation): Outcome<State>;
  /** The state with what a job of an outcome came to; pure. The world hands it in before the next decision, or as soon after as it is there. */
  adopt?(state: State, fitted: unknown): State;
}

/** Options as they stand in a scenario: each controller checks its own and reports all problems. */
export type ControllerOptions = Readonly<Record<string, number | string | boolean>>;

/** What a controller may know before the run; it must do without what is not there. */
export interface ControllerAssets {
  /** Earlier load of the pool: arrivals in each step, oldest first, ending where the run begins. */
  history?: { step_s: number; arrivals: ArrayLike<number> };
  /** How long an instance takes from the order until it is ready. */
  start_s?: number;
  /** What the objectives leave to a call of the pool: at most a share `late` may wait longer than `wait` holding times. */
  patience?: { wait: number; late: number };
  /** Squared coefficient of variation of the time that a call holds a slot. */
  service_cv2?: number;
  /** The network that the option `model` names. */
  model?: NeuralModel | undefined;
  /** What the same controller has learnt before, from this history or another: plain JSON. */
  learnt?: unknown;
}

/** Slots an instance has, and the unloaded time that a call holds one. */
export type PoolUse = Pick<Observation, 'slots' | 'holding_s'>;

/** One entry of the registry: a sentence for `list`, its defaults, and how to make one. */
export interface ControllerDefinition {
  readonly description: string;
  readonly defaults: ControllerOptions;
  create(options: ControllerOptions, assets?: ControllerAssets): Controller;
  /** Learns from the history in `assets`, once for many runs: what `create` takes as `learnt`. Left out by what learns nothing. */
  learn?(options: ControllerOptions, assets: ControllerAssets, use: PoolUse): unknown;
  /**
   * Does the job that an outcome calls `refit`: pure, and may take up to 2 s. It needs nothing but the job, so that the live world can do it on
   * another thread while decisions go on.
   */
  fit?(job: unknown): unknown;
}

/** The state after a decision where time stands still: what is due to be fitted anew is, before the next decision. */
export function settled(
  definition: Pick<ControllerDefinition, 'fit'>,
  controller: Controller,
  { state, refit }: Outcome<unknown>,
): unknown {
  if (refit === undefined || definition.fit === undefined || controller.adopt === undefined) return state;
  return controller.adopt(state, definition.fit(refit));
}

/** What a plan has for the controller of one pool. */
export function assetsOf(
  plan: { models?: Readonly<Record<string, NeuralModel>> },
  { controller, assets }: { controller: { options: ControllerOptions }; assets?: ControllerAssets | undefined },
): ControllerAssets {
  const { model } = controller.options;
  return typeof model === 'string' ? { ...assets, model: plan.models?.[model] } : { ...assets };
}
