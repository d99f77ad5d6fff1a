import type { NeuralModel } from '../../../simulator/domain/neural-model.ts';
import { type Change, isChanged, noChange } from '../learning/change.ts';
import { append, emptySeries, type Series } from '../learning/series.ts';
import { type Aggregate, aggregateOf } from './aggregate.ts';
import { type FitJob, type Fits, type Fitted, fitOf, fitSoon, jobOf, noFits } from './fit.ts';
import { type Guard, guarded, guardState } from './guard.ts';

/** What is ordered for: instances ready `lag` steps later, one that is missing costs `kappa` times an idle one. */
export interface OrderOptions {
  lag: number;
  kappa: number;
  /** Instances that a load (in instances fully used) takes; rounded up, at least one, unless something better is known. */
  instancesOf?: (load: number) => number;
  windows?: readonly number[];
  hasTrees?: boolean;
  /** A trained network among the experts. */
  model?: NeuralModel | undefined;
  /** Values that are kept. */
  cap?: number;
}

/** Plain JSON. `plan` holds what is wanted one step ahead, two, .. `lag`. */
export interface OrderState {
  series: Series;
  aggregates: Aggregate[];
  fits: Fits;
  /** Whether the load still is what it was. */
  change: Change;
  plan: number[];
  guard: Guard;
}

/** Horizons at which a plan is looked at again before its step comes. */
const AGAIN = [1, 2, 3, 5, 7];
const WINDOWS = [200, 1200];

/** Instances that a demand takes: a load in instances, rounded up, at least one. */
export function instancesFor(demand: number): number {
  return Math.max(1, Math.ceil(demand - 1e-9));
}

/**
 * Orders instances for a pool that scales in at once and out after a lag.
 *
 * For each step it plans the cost's quantile as soon as an order can still arrive, and lowers that as later values tell more. What is dropped once
 * takes a whole lag to come back, so it orders the largest plan of the steps that are on their way.
 */
export function ordersOf(options: OrderOptions) {
  const { lag, kappa, instancesOf = instancesFor, windows = WINDOWS, hasTrees = true, cap, model } = options;
  const horizons = [...AGAIN.filter((h) => h < lag), lag];
  const quantile = 1 - 1 / kappa;
  const aggregates = horizons.map((horizon) =>
    aggregateOf({ horizon, quantile, targetOf: instancesOf, windows, hasTrees: hasTrees && horizon === lag, model }),
  );
  const trees = hasTrees ? { horizon: lag, quantile } : null;
  const core = {
    initial: (): OrderState => ({
      series: emptySeries(cap),
      aggregates: aggregates.map((aggregate) => aggregate.initial()),
      fits: noFits(),
      change: noChange(),
      plan: [],
      guard: guardState(),
    }),
    /**
     * Learns the newest demand (in instances, not rounded), changes the state, and says how many to have ordered.
     *
     * It fits nothing: where that is due, the order has the job, and what it comes to is to be adopted before the next demand.
     */
    order(state: OrderState, demand: number): Order {
      append(state.series, demand);
      const foreseen = dueOf(state.aggregates[aggregates.length - 1] as Aggregate, lag);
      if (foreseen !== undefined && isChanged(state.change, instancesOf(demand) - foreseen)) fitSoon(state.fits, state.series);
      aggregates.forEach((aggregate, i) => {
        aggregate.observe(state.aggregates[i] as Aggregate, state.series, state.fits.trees);
      });
      const quantiles = aggregates.map((aggregate, i) => aggregate.quantile(state.aggregates[i] as Aggregate));
      const newest = quantiles[quantiles.length - 1] as number;
      state.plan.push(newest);
      if (state.plan.length > lag) state.plan.shift();
      // Until the plan is full its places are for later steps than they seem: nothing is lowered yet.
      if (state.plan.length === lag) lower(state.plan, horizons, quantiles);
      const planned = Math.max(1, Math.round(Math.max(...state.plan)));
      const { wanted, isGuarded } = guarded(state.guard, state.series, {
        lag,
        kappa,
        instancesOf,
        own: [planned, Math.max(1, Math.round(newest))],
      });
      return {
        wanted,
        planned,
        isGuarded,
        upper: newest,
        middle: middleOf(state.aggregates[aggregates.length - 1] as Aggregate),
        job: jobOf(state.fits, state.series, trees),
      };
    },
    /** Does a job of an order: pure, and so the same wherever it is done. */
    fit: (job: FitJob): Fitted => fitOf(job, instancesOf),
    /**
     * Learns demands of the past, oldest first, and changes the state.
     *
     * Trees are fitted when there are twice as many values as at the last fit, and with the last job that there was: what is fitted in between would
     * only be replaced.
     */
    teach(state: OrderState, past: Iterable<number>): void {
      let fittedAt = 0;
      let left: FitJob | undefined;
      for (const demand of past) {
        const { job } = core.order(state, demand);
        if (job === undefined) continue;
        const isFit = job.trees !== null && job.seen >= 2 * fittedAt;
        Object.assign(state, adopted(state, core.fit(isFit ? job : { ...job, trees: null })));
        if (job.trees === null) continue;
        if (isFit) fittedAt = job.seen;
        left = isFit ? undefined : { ...job, seasons: state.series.seasons };
      }
      if (left !== undefined) Object.assign(state, adopted(state, core.fit(left)));
    },
  };
  return core;
}

/** The state that knows what was fitted: it counts from the next demand on. */
export function adopted(state: OrderState, { seasons, trees }: Fitted): OrderState {
  return {
    ...state,
    series: seasons === null ? state.series : { ...state.series, seasons },
    fits: trees === null ? state.fits : { ...state.fits, trees },
  };
}

/** Lets each place of the plan that has a quantile of its own know it. */
function lower(plan: number[], horizons: readonly number[], quantiles: readonly number[]): void {
  for (const [i, h] of horizons.entries()) plan[h - 1] = Math.min(plan[h - 1] as number, quantiles[i] as number);
}

/** The quantile that was given for the step that is over now. */
function dueOf({ means }: Aggregate, lag: number): number | undefined {
  return means.length === lag ? means[0] : undefined;
}

/** What the experts' forecasts say of the load after the lag, at their median. */
function middleOf({ experts }: Aggregate): number {
  const forecasts = [...(experts.pending[experts.pending.length - 1] ?? [0])].sort((a, b) => a - b);
  return forecasts[forecasts.length >> 1] as number;
}

/** What to have ordered, what the plan alone would be, and the middle (a load) and the cost's quantile (instances) for the step after the lag. */
export interface Order {
  wanted: number;
  planned: number;
  isGuarded: boolean;
  upper: number;
  middle: number;
  job: FitJob | undefined;
}
