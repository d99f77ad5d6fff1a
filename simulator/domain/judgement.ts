import type { Elasticity } from './report.ts';

/** A forecaster at one horizon: mean absolute error over that of the last value, share of values within the upper bound, mean pinball loss at .95. */
export interface Accuracy {
  horizon: number;
  error: number;
  coverage: number;
  pinball: number;
}

/** What a forecaster was worth on the part of a series that a training has not seen. */
export interface Worth {
  series: string;
  name: string;
  accuracy: Accuracy[];
}

/** How one policy did on one trace. Ratios are to the clairvoyant's cost J* = sum D and to the tuned reactive rule; shares in [0, 1]. */
export interface PolicyScore {
  name: string;
  /** What the tuning chose. */
  options?: unknown;
  cost_ratio: number;
  unserved: number;
  /** Instance-steps over those of the demand. */
  hours: number;
  to_rival: number;
  /** 90 % block bootstrap of `to_rival`. */
  interval: [number, number];
  elasticity: Omit<Elasticity, 'instance_hours' | 'demand_mean' | 'cost_ratio' | 'unserved_pct'>;
  /** Of orders that fitted nothing anew; those that did, the longest. */
  decision_ms_p99?: number;
  refit_ms_max?: number;
}

export interface TraceScore {
  trace: string;
  points: number;
  step_s: number;
  lag: number;
  /** Long enough to count in the means. */
  counts: boolean;
  policies: PolicyScore[];
  forecasts: { name: string; accuracy: Accuracy[] }[];
}

/** One policy over all traces that count; `lost` are the traces where its whole interval is more than 3 % dearer than the tuned reactive rule. */
export interface PolicyMean {
  name: string;
  cost_ratio: number;
  to_rival: number;
  worst: { trace: string; ratio: number };
  unserved_median: number;
  lost: string[];
}

/** One forecaster at one horizon over all traces that count. */
export interface ForecastMean {
  name: string;
  horizon: number;
  error: number;
  /** Share of traces whose coverage is within two points of 95 % and whose pinball loss is no worse than the reference's. */
  calibrated: number | null;
  pinball_to_reference: number | null;
}

/** What `judge` writes as JSON. `lag` is null where each trace has its own. */
export interface Judgement {
  schema: 'judgement@1';
  kappa: number;
  lag: number | null;
  traces: TraceScore[];
  means: { policies: PolicyMean[]; forecasts: ForecastMean[] };
}
