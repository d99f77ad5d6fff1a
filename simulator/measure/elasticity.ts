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

/**
 * How well supply followed demand: mean instances too few and too many, shares of time of either, and jitter.
 *
 * Shape: samples in order of time, each valid until the next; the last until `end_s`.
 * Units: instances, shares in [0, 1], changes per minute (negative: supply misses changes of demand; positive: it oscillates).
 * Source: Herbst et al., BUNGEE (NikolasHerbst/BUNGEE @ 7adf3ab): integrals of step functions, not normalised by demand.
 */
export function elasticityOf(
  samples: readonly { at_s: number; demand: number; supply: number }[],
  end_s: number,
): Omit<Elasticity, 'instance_hours'> {
  const first = samples[0];
  const span = end_s - (first?.at_s ?? end_s);
  const sums = { under: 0, over: 0, timeUnder: 0, timeOver: 0, moves: 0 };
  samples.forEach((sample, i) => {
    const until = Math.min(samples[i + 1]?.at_s ?? end_s, end_s);
    const time = Math.max(0, until - sample.at_s);
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
