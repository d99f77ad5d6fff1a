import { availableParallelism, totalmem } from 'node:os';
import { basePeakRate, baseRateAt, peakRate } from '../../workloads/arrivals/index.ts';
import { busiestWindow } from '../../workloads/cut.ts';
import { operationShares } from '../../workloads/mix.ts';
import { CONTROLLERS } from '../controllers/index.ts';
import type { Cell } from '../domain/cell.ts';
import { assetsOf } from '../domain/controller.ts';
import { faultInWords } from '../domain/fault.ts';
import type { ControllerSpec, Strategy } from '../domain/placement.ts';
import type { Plan } from '../domain/plan.ts';
import { InputError, type Problem } from '../domain/problem.ts';
import type { Scenario } from '../domain/scenario.ts';
import { latencyLimits } from '../measure/objectives.ts';
import { compile } from '../plan/compile.ts';
import { sizeProblems } from '../plan/load/size.ts';
import { STRATEGIES } from '../strategies/index.ts';

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
  const problems: Problem[] = [];
  const rows: Row[] = [];
  const controllers: (string | undefined)[] = axes.controllers.length > 0 ? [...axes.controllers] : [undefined];
  for (const strategy of strategiesOf(scenario, axes.strategies)) {
    for (const controller of controllers) {
      for (const rate of axes.rates) {
        const compiled = compileRow(scenario, { strategy, controller, rate, duration_s, cut_start_s });
        if ('problems' in compiled) problems.push(...compiled.problems);
        else rows.push({ plan: compiled.plan, rate, ...(controller ? { controller } : {}) });
      }
    }
  }
  problems.push(...idleFaults(scenario, rows));
  problems.push(...memoryProblems(scenario, { ...axes, duration_s, rows: rows.length }));
  if (problems.length > 0) throw new InputError(unique(problems));
  return { rows, cut_start_s, duration_s };
}

/** The plan of one row again, from a scenario in which something has changed. */
export function recompiled(
  scenario: Scenario,
  row: Row,
  window: Pick<Rows, 'duration_s' | 'cut_start_s'>,
): { plan: Plan } | { problems: Problem[] } {
  const [strategy] = strategiesOf(scenario, [row.plan.strategy]);
  if (strategy === undefined) throw new Error(`${row.plan.strategy} was compiled once and is not known now`);
  return compileRow(scenario, { strategy, controller: row.controller, rate: row.rate, ...window });
}

/** The cells of all rows, in the order of rows and then seeds. */
export function cellsOf(scenario: Scenario, rows: Rows, axes: Axes): Cell[] {
  return rows.rows.flatMap(({ plan, rate }) =>
    axes.seeds.map(
      (seed, i): Cell => ({
        schema: 'cell@1',
        plan,
        workload: scenario.workload,
        seed,
        rate,
        cut_start_s: rows.cut_start_s,
        wantsLedger: axes.wantsLedger,
        ...(axes.traces && i === 0 ? { traces: axes.traces } : {}),
      }),
    ),
  );
}

function strategiesOf(scenario: Scenario, wanted: readonly string[]): Strategy[] {
  const own = new Map(scenario.strategies.map((s) => (typeof s === 'string' ? [s, STRATEGIES[s]] : [s.name, s])));
  const names = wanted.length > 0 ? wanted : [...own.keys()];
  return names.flatMap((name) => own.get(name) ?? STRATEGIES[name] ?? []);
}

function compileRow(
  scenario: Scenario,
  o: { strategy: Strategy; controller: string | undefined; rate: number; duration_s: number; cut_start_s: number },
): { plan: Plan } | { problems: Problem[] } {
  const { arrivals, duration_s } = scenario.workload;
  const load = {
    first: o.rate * baseRateAt(arrivals, 0),
    peak: o.rate * basePeakRate(arrivals, duration_s),
    highest: o.rate * peakRate(arrivals, duration_s),
  };
  const compiled = compile({
    scenario: o.controller === undefined ? scenario : under(scenario, { name: o.controller, options: {} }),
    strategy: o.strategy,
    load,
    shares: operationShares(scenario.workload),
    duration_ms: o.duration_s * 1000,
    cut_start_s: o.cut_start_s,
    limits: latencyLimits(scenario.objectives),
  });
  if ('problems' in compiled) return compiled;
  const bad = controllerProblems(compiled.plan);
  return bad.length > 0 ? { problems: bad } : compiled;
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
  const own = scenario.strategies.map((s) => (typeof s === 'string' ? s : s.name));
  const all = strategiesOf(scenario, [...new Set([...own, ...Object.keys(STRATEGIES)])]);
  const others = all.flatMap((strategy) => {
    const compiled = compileRow(scenario, { strategy, controller: undefined, rate: 1, duration_s, cut_start_s: 0 });
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

function under(scenario: Scenario, controller: ControllerSpec): Scenario {
  return { ...scenario, controller };
}

/** Options that a pool's controller does not take: found before anything runs. */
function controllerProblems(plan: Plan): Problem[] {
  return plan.parts.flatMap((part) => {
    if (part.sizing === undefined) return [];
    const { name, options } = part.sizing.controller;
    try {
      CONTROLLERS[name]?.create(options, assetsOf(plan, options));
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
