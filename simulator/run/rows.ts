import { availableParallelism, totalmem } from 'node:os';
import { basePeakRate, baseRateAt, peakRate } from '../../workloads/arrivals/index.ts';
import { busiestWindow } from '../../workloads/cut.ts';
import { countHistory } from '../../workloads/history.ts';
import { operationShares } from '../../workloads/mix.ts';
import { CONTROLLERS } from '../controllers/index.ts';
import type { Cell } from '../domain/cell.ts';
import { assetsOf } from '../domain/controller.ts';
import { faultInWords } from '../domain/fault.ts';
import type { ControllerSpec, Strategy } from '../domain/placement.ts';
import type { Plan } from '../domain/plan.ts';
import { InputError, type Problem } from '../domain/problem.ts';
import type { Profile } from '../domain/profile.ts';
import { type Scenario, strategyName } from '../domain/scenario.ts';
import type { HistoryCounts } from '../domain/workload.ts';
import { latencyLimits } from '../measure/objectives.ts';
import { compile } from '../plan/compile.ts';
import { sizeProblems } from '../plan/load/size.ts';
import { STRATEGIES } from '../strategies/index.ts';
import { learntPlan, tunedPlan } from './learn.ts';
import { profiled } from './profile.ts';

/** The axes of one comparison, and which part of the run is played. */
export interface Axes {
  strategies: readonly string[];
  /** Empty: every pool keeps the controller that its strategy gives it. */
  controllers: readonly string[];
  rates: readonly number[];
  seeds: readonly number[];
  /** Length of the window, when the run is cut. */
  length_s?: number;
  wantsLedger: boolean;
  /** What controllers have learnt before. */
  profile?: Profile;
  /** Requests that the first seed of each row follows span by span. */
  traces?: Cell['traces'];
  /** Cells that run at the same time; one per core when it is left out. */
  threads?: number;
}

/** One row of the comparison: a plan, the factor on session arrivals, and the controller where that is an axis. */
export interface Row {
  plan: Plan;
  rate: number;
  controller?: string;
}

export interface Rows {
  rows: Row[];
  cut_start_s: number;
  duration_s: number;
  profile?: Profile;
  /** Where the load waits for its answers: the objectives that were left out, since such a load says nothing of them. */
  closed_loop?: { not_judged: string[] };
}

/**
 * Compiles every strategy under every controller and rate.
 *
 * Throws: InputError with the problems of all strategies at once, each once.
 */
export function rowsOf(scenario: Scenario, axes: Axes): Rows {
  const full_s = scenario.workload.duration_s;
  const duration_s = Math.min(full_s, axes.length_s ?? full_s);
  const cut_start_s = duration_s < full_s ? busiestWindow(scenario.workload, duration_s) : 0;
  const window = { duration_s, cut_start_s, ...(axes.profile ? { profile: axes.profile } : {}) };
  const problems: Problem[] = [];
  const rows: Row[] = [];
  const controllers: (string | undefined)[] = axes.controllers.length > 0 ? [...axes.controllers] : [undefined];
  const entries = entriesOf(scenario, axes.strategies);
  const played = entries.filter((entry) => entry.controller === undefined || axes.controllers.length === 0);
  const all = played.flatMap((entry) =>
    controllers.flatMap((controller) => axes.rates.map((rate) => ({ entry, controller, rate }))),
  );
  for (const { entry, controller, rate } of all) {
    const compiled = compileRow(scenario, { ...under(entry, controller), ...window, rate });
    if ('problems' in compiled) problems.push(...compiled.problems);
    else rows.push({ plan: compiled.plan, rate, ...(controller ? { controller } : {}) });
  }
  if (rows.length === 0 && problems.length === 0) problems.push(onlyControlled(entries));
  problems.push(...idleFaults(scenario, rows));
  problems.push(...memoryProblems(scenario, { ...axes, duration_s, rows: rows.length }));
  if (problems.length > 0) throw new InputError(unique(problems));
  return { rows, ...window };
}

/** The plan of one row again, from a scenario in which something has changed. */
export function recompiled(scenario: Scenario, row: Row, window: Omit<Rows, 'rows'>): { plan: Plan } | { problems: Problem[] } {
  const [entry] = entriesOf(scenario, [row.plan.strategy]);
  if (entry === undefined) throw new Error(`${row.plan.strategy} was compiled once and is not known now`);
  return compileRow(scenario, { ...under(entry, row.controller), ...window, rate: row.rate });
}

/** The cells of all rows, in the order of rows and then seeds. */
export function cellsOf(scenario: Scenario, rows: Rows, axes: Axes): Cell[] {
  return rows.rows.flatMap((row) => {
    // Learnt once for all seeds, and only when the first of them is handed out: other threads play meanwhile.
    let learnt: Plan | undefined;
    const planOf = () => {
      learnt ??= learntPlan(row.plan);
      return learnt;
    };
    return axes.seeds.map(
      (seed, i): Cell => ({
        schema: 'cell@1',
        get plan() {
          return planOf();
        },
        workload: scenario.workload,
        seed,
        rate: row.rate,
        cut_start_s: rows.cut_start_s,
        wantsLedger: axes.wantsLedger,
        ...(axes.traces && i === 0 ? { traces: axes.traces } : {}),
      }),
    );
  });
}

/** A strategy, and the controller that all of its pools are under where the scenario says so. */
interface Entry {
  strategy: Strategy;
  controller?: ControllerSpec;
}

/** The entries of a comparison by their names; a strategy under a controller has a name of its own, as it is a row of its own. */
function entriesOf(scenario: Scenario, wanted: readonly string[]): Entry[] {
  const own = new Map(scenario.strategies.map((entry) => [strategyName(entry), entry]));
  const plain = (name: string): Strategy | undefined => {
    const entry = own.get(name);
    return typeof entry === 'object' && !('strategy' in entry) ? entry : STRATEGIES[name];
  };
  const names = wanted.length > 0 ? wanted : [...own.keys()];
  return names.flatMap((name): Entry[] => {
    const entry = own.get(name);
    const isControlled = typeof entry === 'object' && 'strategy' in entry;
    const strategy = plain(isControlled ? entry.strategy : name);
    if (strategy === undefined) return [];
    if (!isControlled) return [{ strategy }];
    const description = `${strategy.description} Every pool under ${entry.controller.name}.`;
    return [{ strategy: { ...strategy, name, description }, controller: entry.controller }];
  });
}

/** An entry under the controller of an axis, which its pools follow with the defaults of that controller. */
function under(entry: Entry, controller: string | undefined): Entry {
  return controller === undefined ? entry : { ...entry, controller: { name: controller, options: {} } };
}

function onlyControlled(entries: readonly Entry[]): Problem {
  const names = entries.map(({ strategy }) => strategy.name).join(', ');
  const message = `nothing is left to play: ${names} has a controller of its own`;
  return { path: '--controller', message, expected: 'a --strategy without one' };
}

function compileRow(
  scenario: Scenario,
  o: Entry & Omit<Rows, 'rows'> & { rate: number },
): { plan: Plan } | { problems: Problem[] } {
  const { arrivals, duration_s } = scenario.workload;
  const load = {
    first: o.rate * baseRateAt(arrivals, 0),
    peak: o.rate * basePeakRate(arrivals, duration_s),
    highest: o.rate * peakRate(arrivals, duration_s),
  };
  const compiled = compile({
    scenario: o.controller === undefined ? scenario : { ...scenario, controller: o.controller },
    strategy: o.strategy,
    load,
    shares: operationShares(scenario.workload),
    duration_ms: o.duration_s * 1000,
    cut_start_s: o.cut_start_s,
    limits: latencyLimits(scenario.objectives),
    ...historyOf(scenario, o),
  });
  if ('problems' in compiled) return compiled;
  const bad = controllerProblems(compiled.plan);
  return bad.length > 0 ? { problems: bad } : { plan: profiled(tunedPlan(compiled.plan), o.profile) };
}

/** Counted once for every strategy, seed and variation that share a workload. */
const COUNTED = new WeakMap<Scenario['workload'], Map<string, HistoryCounts>>();

function historyOf(
  { workload, history, application }: Scenario,
  o: { rate: number; duration_s: number; cut_start_s: number },
): { history?: HistoryCounts } {
  if (history === undefined) return {};
  const known = COUNTED.get(workload) ?? new Map<string, HistoryCounts>();
  COUNTED.set(workload, known);
  const operations = Object.keys(application.operations);
  const key = JSON.stringify([o.rate, o.duration_s, o.cut_start_s, history, operations]);
  const { rate, duration_s, cut_start_s: start_s } = o;
  const counts = known.get(key) ?? countHistory({ workload, operations, history, rate, duration_s, start_s });
  known.set(key, counts);
  return { history: counts };
}

/**
 * Faults that could act on nothing under any strategy that there is.
 *
 * A fault that only misses the strategies of this comparison is no mistake: the report says that it had no effect there.
 */
function idleFaults(scenario: Scenario, rows: readonly Row[]): Problem[] {
  const acts = (plan: Plan, i: number) => {
    const fault = plan.faults?.[i];
    return fault !== undefined && fault.parts.length + fault.components.length > 0;
  };
  const missing = scenario.faults.map((_, i) => i).filter((i) => !rows.some(({ plan }) => acts(plan, i)));
  if (missing.length === 0 || rows.length === 0) return [];
  const { duration_s } = scenario.workload;
  const all = entriesOf(scenario, [...new Set([...scenario.strategies.map(strategyName), ...Object.keys(STRATEGIES)])]);
  const others = all.flatMap((entry) => {
    const compiled = compileRow(scenario, { ...entry, rate: 1, duration_s, cut_start_s: 0 });
    return 'plan' in compiled ? [compiled.plan] : [];
  });
  return missing
    .filter((i) => !others.some((plan) => acts(plan, i)))
    .map((i) => {
      const fault = scenario.faults[i] as Scenario['faults'][number];
      const message = 'no strategy has anything that it could act on';
      return { path: `fault '${faultInWords(fault)}'`, message, expected: 'something that explain shows' };
    });
}

/** Options that a pool's controller does not take: found before anything runs. */
function controllerProblems(plan: Plan): Problem[] {
  return plan.parts.flatMap((part) => {
    if (part.sizing === undefined) return [];
    const { name, options } = part.sizing.controller;
    try {
      CONTROLLERS[name]?.create(options, assetsOf(plan, part.sizing));
      return [];
    } catch (error) {
      if (error instanceof InputError) return [...error.problems];
      throw error;
    }
  });
}

/** A load that does not fit into this machine's memory, for the highest rate and as many cells as run at once. */
function memoryProblems(scenario: Scenario, o: Axes & { duration_s: number; rows: number }): Problem[] {
  const cells = Math.max(1, Math.min(o.threads ?? availableParallelism(), o.rows * o.seeds.length));
  const factor = Math.max(...o.rates);
  const workload = { ...scenario.workload, duration_s: o.duration_s };
  const memory_bytes = Math.min(totalmem(), process.constrainedMemory() || Number.POSITIVE_INFINITY);
  return sizeProblems(workload, { factor, cells, memory_bytes });
}

function unique(problems: readonly Problem[]): Problem[] {
  const seen = new Map(problems.map((p) => [`${p.path}\n${p.message}`, p]));
  return [...seen.values()];
}
