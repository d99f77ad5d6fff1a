import type { ForecastMean, Judgement, PolicyMean, PolicyScore, TraceScore } from '../domain/judgement.ts';
import { REFERENCE } from './forecasts.ts';

const LOST_FROM = 1.03;
const WANTED = 0.95;
const POINTS = 0.02;

/** Geometric means over the traces that count; empty when none does. */
export function meansOf(traces: readonly TraceScore[]): Judgement['means'] {
  const counted = traces.filter((trace) => trace.counts);
  const first = counted[0];
  if (first === undefined) return { policies: [], forecasts: [] };
  return {
    policies: first.policies.map(({ name }) => policyMean(name, counted)).sort((a, b) => a.cost_ratio - b.cost_ratio),
    forecasts: first.forecasts.flatMap(({ name, accuracy }) =>
      accuracy.map(({ horizon }) => forecastMean(name, horizon, counted)),
    ),
  };
}

function policyMean(name: string, traces: readonly TraceScore[]): PolicyMean {
  const scores = traces.map((trace) => ({ trace: trace.trace, ...(trace.policies.find((p) => p.name === name) as PolicyScore) }));
  const worst = scores.reduce((a, b) => (b.to_rival > a.to_rival ? b : a));
  return {
    name,
    cost_ratio: geometric(scores.map((s) => s.cost_ratio)),
    to_rival: geometric(scores.map((s) => s.to_rival)),
    worst: { trace: worst.trace, ratio: worst.to_rival },
    unserved_median: median(scores.map((s) => s.unserved)),
    lost: scores.filter((s) => s.interval[0] > LOST_FROM).map((s) => s.trace),
  };
}

function forecastMean(name: string, horizon: number, traces: readonly TraceScore[]): ForecastMean {
  const of = (trace: TraceScore, who: string) =>
    trace.forecasts.find((f) => f.name === who)?.accuracy.find((a) => a.horizon === horizon);
  const pairs = traces.flatMap((trace) => {
    const own = of(trace, name);
    return own ? [{ own, reference: of(trace, REFERENCE) }] : [];
  });
  const isKnown = pairs.every(({ reference }) => reference !== undefined);
  const ratios = pairs.map(({ own, reference }) => ratio(own.pinball, reference?.pinball ?? 0));
  const good = pairs.filter(({ own }, i) => Math.abs(own.coverage - WANTED) <= POINTS + 1e-12 && (ratios[i] as number) <= 1);
  return {
    name,
    horizon,
    error: geometric(pairs.map(({ own }) => own.error)),
    calibrated: isKnown ? good.length / pairs.length : null,
    pinball_to_reference: isKnown ? geometric(ratios) : null,
  };
}

/** 0/0 is 1: on a load that never moves nobody is better. */
function ratio(a: number, b: number): number {
  return a === b ? 1 : a / b;
}

function geometric(values: readonly number[]): number {
  return Math.exp(values.reduce((sum, value) => sum + Math.log(Math.max(1e-12, value)), 0) / values.length);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return ((sorted[Math.ceil(half) - 1] as number) + (sorted[Math.floor(half)] as number)) / 2;
}
