import { demandAt, type FluidDefinition } from '../domain/fluid.ts';
import type { ForecasterDefinition } from '../domain/forecaster.ts';
import type { PolicyScore, TraceScore } from '../domain/judgement.ts';
import { elasticityOf, normalisedOf } from '../measure/elasticity.ts';
import { ratioInterval } from './bootstrap.ts';
import { clairvoyant } from './clairvoyant.ts';
import { costs, type Field, fieldOf, play, settling, sumOf } from './fluid.ts';
import { judgeForecaster } from './forecasts.ts';
import { COUNTS_FROM, type Series, trainingLength } from './series.ts';
import { tuned } from './tune.ts';

/** The rule that every policy is held against. */
export const RIVAL = 'reactive';

const START_S = 120;

export interface Judged {
  series: Series;
  lag?: number | undefined;
  kappa: number;
  /** Among them the one that the others are held against. */
  policies: Readonly<Record<string, FluidDefinition>>;
  forecasters: Readonly<Record<string, ForecasterDefinition>>;
  /** Milliseconds of a clock, to see how long decisions take. */
  now(): number;
  /** Told after each policy and forecaster. */
  done(): void;
}

/**
 * Judges every policy and forecaster on the last 30 % of one trace, tuned on the first 70 %.
 *
 * Protocol: an instance serves c = mean of the first 70 % / 16, which is 20 instances at 80 %; D = max(1, ceil(y / .8 c)); ready max(1, 120 s) after
 * its order; J = sum s + kappa sum (D - s)+, J* = sum D, both without the first max(20, 2 lag) steps.
 */
export function judgeTrace(o: Judged): TraceScore {
  const { series } = o;
  const split = trainingLength(series.values.length);
  const history = series.values.subarray(0, split);
  const load = series.values.subarray(split);
  const capacity = sumOf(history) / split / 16;
  const lag = o.lag ?? Math.max(1, Math.round(START_S / series.step_s));
  const setting = { capacity, lag, kappa: o.kappa, step_s: series.step_s };
  const past = fieldOf(history, setting);
  const field = fieldOf(load, setting);
  const initial = demandAt(load[0] as number, capacity);
  const played = new Map<string, Played>();
  for (const [name, definition] of Object.entries(o.policies)) {
    played.set(name, playTuned(definition, { past, field, initial, now: o.now }));
    o.done();
  }
  const known: Played = { supply: clairvoyant(field) };
  const rival = played.get(RIVAL);
  if (rival === undefined) throw new Error(`'${RIVAL}' has to be among the policies: the others are held against it`);
  const score = (name: string, one: Played) => scoreOf(name, one, { field, rival: rival.supply });
  const forecasts = Object.entries(o.forecasters).map(([name, definition]) => {
    const accuracy = judgeForecaster(definition, { history, load, step_s: series.step_s });
    o.done();
    return { name, accuracy };
  });
  return {
    trace: series.name,
    points: series.values.length,
    step_s: series.step_s,
    lag,
    counts: series.values.length >= COUNTS_FROM,
    policies: [score('clairvoyant', known), ...[...played].map(([name, one]) => score(name, one))],
    forecasts,
  };
}

interface Played {
  supply: Int32Array;
  options?: unknown;
  decisions_ms?: number[];
  refits_ms?: number[];
}

function playTuned(definition: FluidDefinition, o: { past: Field; field: Field; initial: number; now: () => number }): Played {
  const { policy, options } = tuned(definition, o.past, o.initial);
  const decisions_ms: number[] = [];
  const refits_ms: number[] = [];
  const timed = {
    order(t: number, load: number) {
      const began = o.now();
      const order = policy.order(t, load);
      decisions_ms.push(o.now() - began);
      return order;
    },
    refit() {
      const began = o.now();
      const hasFitted = policy.refit?.() ?? false;
      if (hasFitted) refits_ms.push(o.now() - began);
      return hasFitted;
    },
  };
  return { supply: play(timed, o.field), options, decisions_ms, refits_ms };
}

function scoreOf(name: string, one: Played, o: { field: Field; rival: Int32Array }): PolicyScore {
  const { field } = o;
  const from = settling(field.lag);
  const demand = field.demand.subarray(from);
  const supply = one.supply.subarray(from);
  const own = costs(one.supply, field, from);
  const rival = costs(o.rival, field, from);
  const best = sumOf(demand);
  const samples = [...demand].map((d, i) => ({ at_s: i * field.step_s, demand: d, supply: supply[i] as number }));
  const end_s = samples.length * field.step_s;
  const { accuracy_under, accuracy_over, timeshare_under, timeshare_over, jitter_per_min } = elasticityOf(samples, end_s);
  const p99 = one.decisions_ms ? quantile(Float64Array.from(one.decisions_ms), 0.99) : undefined;
  const refit = one.refits_ms?.length ? Math.max(...one.refits_ms) : undefined;
  return {
    name,
    ...(one.options === undefined ? {} : { options: one.options }),
    cost_ratio: sumOf(own) / best,
    unserved: unservedOf(field, one.supply, from),
    hours: sumOf(supply) / best,
    to_rival: sumOf(own) / sumOf(rival),
    interval: ratioInterval(own, rival, name),
    elasticity: {
      accuracy_under,
      accuracy_over,
      timeshare_under,
      timeshare_over,
      jitter_per_min,
      ...normalisedOf(samples, end_s),
    },
    ...(p99 === undefined ? {} : { decision_ms_p99: p99 }),
    ...(refit === undefined ? {} : { refit_ms_max: refit }),
  };
}

/** Share of the load that no instance was there for, each fully used. */
function unservedOf({ load, capacity }: Field, supply: Int32Array, from: number): number {
  let lost = 0;
  for (let t = from; t < load.length; t++) lost += Math.max(0, (load[t] as number) - capacity * (supply[t] as number));
  const all = sumOf(load, from);
  return all > 0 ? lost / all : 0;
}

function quantile(values: Float64Array, q: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
}
