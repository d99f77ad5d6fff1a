import type { Population } from '../simulator/domain/application.ts';
import { Stream } from '../simulator/domain/draws.ts';
import type { History } from '../simulator/domain/scenario.ts';
import type { Arrivals, HistoryCounts, Workload } from '../simulator/domain/workload.ts';
import { rateAt } from './arrivals/index.ts';
import { Schedule } from './schedule.ts';

/** Seconds of one step in which actions are counted. */
export const HISTORY_STEP_S = 15;

/** Seeds of earlier evenings begin here: above those that a run may have. */
const FIRST_SEED = 2_100_000_000;

/** One earlier evening: its seed, the factor on its rate, and when each flash crowd of the workload came (outermost first); null: none did. */
export interface Evening {
  seed: number;
  level: number;
  crowds: number[] | null;
}

/** The part of each evening that is counted: that which a run plays. */
export interface HistoryOptions {
  workload: Workload;
  operations: readonly string[];
  history: History;
  rate: number;
  start_s: number;
  duration_s: number;
  /** Seconds of one step, where others are wanted. */
  step_s?: number;
  /** Actions that are counted at most, where there may be more. */
  actions_max?: number;
  /** Told after each evening how many are counted. */
  heard?(evenings: number): void;
}

/** Actions that are counted at most; of longer histories the last evenings, at least one. */
const ACTIONS_MAX = 5_000_000;

/** The evenings before the run, oldest first: the same for every seed of it. */
export function eveningsOf({ history, workload }: Pick<HistoryOptions, 'history' | 'workload'>): Evening[] {
  const stream = new Stream(FIRST_SEED, 'earlier evenings');
  const lengths = crowdsOf(workload.arrivals);
  return Array.from({ length: history.days }, (_, day) => {
    const level = 1 + history.level_spread * (2 * stream.next() - 1);
    const hasCrowds = stream.next() < history.crowd_share;
    const crowds = lengths.map((length) => stream.next() * Math.max(0, workload.duration_s - length));
    return { seed: FIRST_SEED + day, level, crowds: hasCrowds && lengths.length > 0 ? crowds : null };
  });
}

/** Counts the schedules of all evenings: nothing is simulated. */
export function countHistory(o: HistoryOptions): HistoryCounts {
  const { step_s = HISTORY_STEP_S, actions_max = ACTIONS_MAX } = o;
  const steps = Math.max(1, Math.floor(o.duration_s / step_s));
  const evenings = eveningsOf(o).slice(-Math.max(1, Math.floor(actions_max / actionsIn(o))));
  const counts = () => o.operations.map(() => new Float64Array(steps * evenings.length));
  const ordinary = counts();
  const crowd = counts();
  evenings.forEach((evening, day) => {
    const until_s = o.start_s + steps * step_s;
    // Who acts, and on what, is not counted: one of each spares the draws.
    const schedule = new Schedule({
      ...o,
      workload: workloadOf(o.workload, evening),
      seed: evening.seed,
      users: ONE,
      objects: ONE,
      rate: o.rate * evening.level,
      until_ms: until_s * 1000,
    });
    while (schedule.next()) {
      const step = Math.floor((schedule.at_ms / 1000 - o.start_s) / step_s);
      if (step < 0 || step >= steps) continue;
      const of = (schedule.isVisitor ? crowd : ordinary)[schedule.operation] as Float64Array;
      const at = day * steps + step;
      of[at] = (of[at] as number) + 1;
    }
    o.heard?.(day + 1);
  });
  const named = (all: Float64Array[]) =>
    new Map(o.operations.map((name, i): [string, Float64Array] => [name, all[i] as Float64Array]));
  return { step_s, ordinary: named(ordinary), crowd: named(crowd) };
}

/** Actions of every kind in each step. */
export function actionsOf({ ordinary, crowd }: HistoryCounts): Float64Array {
  const all = [...ordinary.values(), ...crowd.values()];
  return Float64Array.from(all[0] ?? [], (_, step) => all.reduce((sum, counts) => sum + (counts[step] as number), 0));
}

const ONE: Population = { count: 1, zipf: 0, attributes: {} };

/** The workload as it was on one evening. */
function workloadOf(workload: Workload, { crowds }: Evening): Workload {
  const at = (arrivals: Arrivals, depth: number): Arrivals => {
    if (arrivals.kind !== 'flash-crowd') return arrivals;
    const base = at(arrivals.base, depth + 1);
    return crowds === null ? base : { ...arrivals, base, object: 0, at_s: crowds[depth] as number };
  };
  return { ...workload, arrivals: at(workload.arrivals, 0) };
}

/** How long each flash crowd of a load lasts, the outermost first. */
function crowdsOf(arrivals: Arrivals): number[] {
  if (arrivals.kind !== 'flash-crowd') return [];
  return [arrivals.rise_s + arrivals.hold_s + arrivals.fall_s, ...crowdsOf(arrivals.base)];
}

/** Actions of one evening up to the end of the part that is counted, flash crowds included. */
function actionsIn({ workload, rate, start_s, duration_s }: HistoryOptions): number {
  let sum = 1;
  for (let t = 0; t < start_s + duration_s; t++) sum += rate * rateAt(workload.arrivals, t + 0.5);
  return sum;
}
