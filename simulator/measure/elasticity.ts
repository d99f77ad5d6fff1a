import type { Elasticity } from '../domain/report.ts';

/**
 * Instances that someone who knew the load would have had: enough slots for the offered load and its square root (Halfin-Whitt, beta 1).
 *
 * Shape: `arrivals` within `interval_s`; `holding_s` is the unloaded time that a call holds one of an instance's `slots`.
 */
export function demandOf(o: { arrivals: number; interval_s: number; holding_s: number; slots: number; minimum: number }): number {
  const offered = (o.arrivals / o.interval_s) * o.holding_s;
  return Math.max(o.minimum, Math.ceil((offered + Math.sqrt(offered)) / Math.max(1e-9, o.slots) - 1e-9));
}

/** A moment from which on demand and supply are these; valid until the next. */
export interface Followed {
  at_s: number;
  demand: number;
  supply: number;
}

/**
 * How well supply followed demand: mean instances too few and too many, shares of time of either, and jitter.
 *
 * Shape: samples in order of time, each valid until the next; the last until `end_s`.
 * Units: instances, shares in [0, 1], changes per minute (negative: supply misses changes of demand; positive: it oscillates).
 * Source: Herbst et al., BUNGEE (NikolasHerbst/BUNGEE @ 7adf3ab): integrals of step functions, not normalised by demand.
 */
export function elasticityOf(
  samples: readonly Followed[],
  end_s: number,
): Pick<Elasticity, 'accuracy_under' | 'accuracy_over' | 'timeshare_under' | 'timeshare_over' | 'jitter_per_min'> {
  const first = samples[0];
  const span = end_s - (first?.at_s ?? end_s);
  const sums = { under: 0, over: 0, timeUnder: 0, timeOver: 0, moves: 0 };
  samples.forEach((sample, i) => {
    const time = heldFor(samples, i, end_s);
    const gap = sample.demand - sample.supply;
    sums.under += Math.max(0, gap) * time;
    sums.over += Math.max(0, -gap) * time;
    sums.timeUnder += gap > 0 ? time : 0;
    sums.timeOver += gap < 0 ? time : 0;
    const before = samples[i - 1];
    if (before) sums.moves += Math.abs(sample.supply - before.supply) - Math.abs(sample.demand - before.demand);
  });
  const per = (sum: number) => (span > 0 ? sum / span : 0);
  return {
    accuracy_under: per(sums.under),
    accuracy_over: per(sums.over),
    timeshare_under: per(sums.timeUnder),
    timeshare_over: per(sums.timeOver),
    jitter_per_min: per(sums.moves) * 60,
  };
}

/** How long sample `i` is valid: until the next, and no longer than to the end. */
export function heldFor(samples: readonly { at_s: number }[], i: number, end_s: number): number {
  return Math.max(0, Math.min(samples[i + 1]?.at_s ?? end_s, end_s) - (samples[i]?.at_s ?? end_s));
}

/** What a missing instance costs against one that is there, unless told otherwise: an order at the 95 % quantile is then the best. */
export const SHORTAGE_COST = 20;

/**
 * Instances needed on average; cost of the supply over that of a clairvoyant's (J / J*: instances and `SHORTAGE_COST` times what is missing, over the demand itself), and the
 * share of the demand, in instances, that was not there. A demand of 0 throughout has no ratio: null.
 *
 * Source: cost regret without a price of switching; with scale-in at once a clairvoyant has the demand, J* = sum D.
 */
export function regretOf(
  samples: readonly Followed[],
  end_s: number,
): { demand_mean: number; cost_ratio: number | null; unserved_pct: number | null } {
  const sums = { demand: 0, supply: 0, missing: 0 };
  samples.forEach((sample, i) => {
    const time = heldFor(samples, i, end_s);
    sums.demand += sample.demand * time;
    sums.supply += sample.supply * time;
    sums.missing += Math.max(0, sample.demand - sample.supply) * time;
  });
  const span = end_s - (samples[0]?.at_s ?? end_s);
  if (sums.demand === 0) return { demand_mean: 0, cost_ratio: null, unserved_pct: null };
  const cost_ratio = (sums.supply + SHORTAGE_COST * sums.missing) / sums.demand;
  return { demand_mean: sums.demand / span, cost_ratio, unserved_pct: (100 * sums.missing) / sums.demand };
}

/** Exponent of the deviation: near to what is worst of the five. */
export const DEVIATION_EXPONENT = 5;

/**
 * The same relative to demand, in per cent: theta, and the share of time in which the curves do not move the same way; and how far all five are from 0.
 *
 * Units: per cent. `deviation` is (sum of x^5)^(1/5) over x = theta_under, theta_over, timeshare_under, timeshare_over, instability, all in per cent.
 * Range: theta_under and the shares up to 100, theta_over and deviation without limit. A demand of 0 counts as 1 below the line.
 * Source: SPEC RG-2016-01 as used by Bauer et al. (Chameleon); instability and deviation from secondary sources.
 */
export function normalisedOf(
  samples: readonly Followed[],
  end_s: number,
): { theta_under_pct: number; theta_over_pct: number; instability_pct: number; deviation: number } {
  const sums = { under: 0, over: 0, timeUnder: 0, timeOver: 0, apart: 0 };
  const first = samples[0]?.at_s ?? end_s;
  samples.forEach((sample, i) => {
    const time = heldFor(samples, i, end_s);
    const gap = sample.demand - sample.supply;
    sums.under += (Math.max(0, gap) / Math.max(1, sample.demand)) * time;
    sums.over += (Math.max(0, -gap) / Math.max(1, sample.demand)) * time;
    sums.timeUnder += gap > 0 ? time : 0;
    sums.timeOver += gap < 0 ? time : 0;
    const before = samples[i - 1];
    if (before && Math.sign(sample.supply - before.supply) !== Math.sign(sample.demand - before.demand)) sums.apart += time;
  });
  const share = (sum: number, from: number) => (end_s > from ? (100 * sum) / (end_s - from) : 0);
  const theta_under_pct = share(sums.under, first);
  const theta_over_pct = share(sums.over, first);
  const instability_pct = share(sums.apart, samples[1]?.at_s ?? end_s);
  const x = [theta_under_pct, theta_over_pct, share(sums.timeUnder, first), share(sums.timeOver, first), instability_pct];
  const deviation = x.reduce((sum, value) => sum + value ** DEVIATION_EXPONENT, 0) ** (1 / DEVIATION_EXPONENT);
  return { theta_under_pct, theta_over_pct, instability_pct, deviation };
}
