import type { Application, Step } from '../domain/application.ts';
import type { ControllerAssets } from '../domain/controller.ts';
import { mean } from '../domain/distribution.ts';
import type { Part, PoolSizing } from '../domain/plan.ts';
import type { History } from '../domain/scenario.ts';
import type { HistoryCounts } from '../domain/workload.ts';
import type { CompileOptions } from './compile.ts';
import { add, demandOf } from './demand.ts';
import { hitRatios } from './hit-ratios.ts';
import type { Limit } from './memory.ts';
import { quantileOf } from './moments.ts';
import { ratesOf } from './rates.ts';
import type { Unloaded } from './unloaded.ts';
import type { Values } from './values.ts';

interface Known extends Pick<CompileOptions, 'shares' | 'limits'> {
  scenario: { application: Application };
  calleesFirst: readonly string[];
  history: HistoryCounts;
  unloaded: Unloaded;
}

/** What each field of a history means, and what it may be; no published figure says how evenings of one service differ. */
const FIELDS: Readonly<Record<keyof History, { unit: string; range: readonly [number, number]; source: string }>> = {
  days: {
    unit: 'evening',
    range: [1, 60],
    source: 'earlier evenings, counted from schedules with seeds of their own and told to every controller alike; assumed',
  },
  level_spread: {
    unit: 'share',
    range: [0, 0.9],
    source: 'the rate of an earlier evening lies evenly between 1 less and 1 plus this, times that of the scenario; assumed',
  },
  crowd_share: {
    unit: 'share',
    range: [0, 1],
    source: 'share of earlier evenings that have the flash crowd, each at a time of its own, all times alike; assumed',
  },
};

/** Lists what a history is made of among the plan's parameters. */
export function noteHistory(values: Values, history: History): void {
  for (const [name, field] of Object.entries(FIELDS) as [keyof History, (typeof FIELDS)[keyof History]][])
    values.settle(`history.${name}`, { ...field, path: '', value: history[name], date: '2026-11-30', kind: 'assumed' });
}

/** Of work that no objective bounds: how many of the calls may wait longer than an instance takes to start. */
const LATE = 0.05;

/**
 * What the controllers of pools may know before the run: calls in every step of the history, how long an instance takes to start, what the objectives
 * leave to a call, and how much service times vary.
 *
 * Simplified: caches answer a share that goes with the mean rate of the history; of a flash crowd they answer every look-up, as it is for one object.
 */
export function assetsFor(o: Known): (part: Part, sizing: PoolSizing) => ControllerAssets {
  const calls = callsOf(o);
  const steps = stepsIn(o.history);
  return (part, sizing) => {
    const start_s = ['boot_s', 'health_check_s', 'model_load_s'].reduce((sum, name) => sum + mean(part.values[name] ?? 0), 0);
    const held = o.unloaded.heldBy(part.owner);
    return {
      history: { step_s: o.history.step_s, arrivals: calls.get(part.owner) ?? new Array<number>(steps).fill(0) },
      start_s: round(start_s),
      patience: patienceOf(part.owner, { ...o, start_s, holding_ms: sizing.holding_ms }),
      service_cv2: held.mean > 0 ? round(held.variance / held.mean ** 2) : 0,
    };
  };
}

function stepsIn({ ordinary }: HistoryCounts): number {
  return Math.max(0, ...[...ordinary.values()].map((counts) => counts.length));
}

/** Calls of every component in each step. */
function callsOf({ scenario, calleesFirst, shares, history }: Known): Map<string, number[]> {
  const { application } = scenario;
  const steps = stepsIn(history);
  const rate =
    [...history.ordinary.values()].reduce((sum, c) => sum + c.reduce((a, b) => a + b, 0), 0) / (steps * history.step_s);
  const hits = hitRatios({ application, calleesFirst, shares, rate });
  const sums = new Map<string, number[]>();
  for (const [counts, missRatio] of [
    [history.ordinary, (edge: string) => 1 - (hits.get(edge) ?? 0.5)],
    [history.crowd, () => 0],
  ] as const) {
    for (const [operation, actions] of counts) {
      const rates = ratesOf({ application, calleesFirst, shares: new Map([[operation, 1]]), missRatio });
      for (const [component, per] of rates.components) {
        const sum = sums.get(component) ?? new Array<number>(steps).fill(0);
        sums.set(component, sum);
        for (let i = 0; i < steps; i++) sum[i] = (sum[i] as number) + per * (actions[i] as number);
      }
    }
  }
  for (const sum of sums.values()) for (let i = 0; i < steps; i++) sum[i] = round(sum[i] as number);
  return sums;
}

/**
 * How long calls of a component may wait, in times that one holds a slot: what the tightest objective leaves beyond the unloaded latency, shared evenly
 * among the calls on the operation's way. Work that no objective bounds may wait as long as an instance takes to start.
 */
function patienceOf(component: string, o: Known & { start_s: number; holding_ms: number }): { wait: number; late: number } {
  const holding_ms = Math.max(1e-3, o.holding_ms);
  let tightest = { wait: (o.start_s * 1000) / holding_ms, late: LATE };
  const strictness = ({ wait, late }: { wait: number; late: number }) => -Math.log(late) / Math.max(1e-9, wait);
  for (const [name, { steps }] of Object.entries(o.scenario.application.operations)) {
    const calls = waitedFor(steps, o.scenario.application);
    if (!calls.has(component)) continue;
    const all = [...calls.values()].reduce((sum, count) => sum + count, 0);
    for (const limit of o.limits.filter(({ operation }) => operation === null || operation === name)) {
      const wait = round(Math.max(0, slackOf(name, limit, o.unloaded)) / Math.max(1, all) / holding_ms);
      const one = { wait, late: round(Math.min(0.5, Math.max(0.0001, 1 - limit.quantile))) };
      if (strictness(one) > strictness(tightest)) tightest = one;
    }
  }
  return { wait: round(tightest.wait), late: tightest.late };
}

function slackOf(operation: string, { quantile, limit_ms }: Limit, unloaded: Unloaded): number {
  return limit_ms - quantileOf(unloaded.operation(operation), quantile);
}

/** Calls that whoever runs these steps waits for, calls of calls included; what a cache may spare counts whole. */
function waitedFor(steps: readonly Step[], application: Application): Map<string, number> {
  const all = new Map<string, number>();
  const walk = (list: readonly Step[], weight: number) => {
    for (const [name, count] of demandOf(list, () => 1).calls) {
      add(all, name, weight * count);
      walk(application.components[name]?.steps ?? [], weight * count);
    }
  };
  walk(steps, 1);
  return all;
}

function round(x: number): number {
  return Math.round(x * 10_000) / 10_000;
}
