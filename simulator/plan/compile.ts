import type { Strategy } from '../domain/placement.ts';
import type { Plan } from '../domain/plan.ts';
import type { Problem } from '../domain/problem.ts';
import type { Scenario } from '../domain/scenario.ts';
import type { HistoryCounts } from '../domain/workload.ts';
import { assemble } from './assemble.ts';
import { calibrationProblems, measuredUnder, withDemands } from './calibrated.ts';
import { checkParameters } from './check-parameters.ts';
import { checkEffects } from './effects.ts';
import { faultsOf } from './faults.ts';
import type { Limit } from './memory.ts';
import { orderOf } from './order.ts';
import { type ComponentPlacements, placeComponents } from './place.ts';
import { type DataPlacements, placeData } from './place-data.ts';
import { checkNames } from './programs.ts';
import type { Load } from './sizing.ts';
import { type Traits, traitsOf } from './traits.ts';
import { checkUndoing } from './undoing.ts';

export interface CompileOptions {
  scenario: Scenario;
  strategy: Strategy;
  /** Intended operations a second; `peak` is the highest before any flash crowd. */
  load: Load;
  /** Share of each operation in the normal mix. */
  shares: ReadonlyMap<string, number>;
  duration_ms: number;
  /** Where the window that is played begins in the schedule; its start unless said. */
  cut_start_s?: number;
  /** Latency limits among the objectives, which the memory of functions has to meet. */
  limits: readonly Limit[];
  /** Where the scenario has one: what controllers may know. */
  history?: HistoryCounts;
}

/** What compiling has found out before parts are made. */
export interface Placements extends CompileOptions {
  traits: ReadonlyMap<string, Traits>;
  calleesFirst: readonly string[];
  components: ComponentPlacements['placed'];
  stores: DataPlacements['stores'];
  channels: DataPlacements['channels'];
}

/** Compiles a scenario with one strategy into a plan, or says everything that is wrong. */
export function compile(asked: CompileOptions): { plan: Plan } | { problems: Problem[] } {
  const o = { ...asked, scenario: withDemands(measuredUnder(asked.scenario, asked.strategy.name)) };
  const { application, calibration } = o.scenario;
  const before = [
    ...(calibration === undefined ? [] : calibrationProblems(calibration)),
    ...checkNames(application),
    ...checkEffects(application),
    ...checkUndoing(application),
    ...checkParameters(o.scenario),
    ...checkLoad(o.load),
  ];
  const { calleesFirst, problems: circles } = orderOf(application);
  const traits = traitsOf(application);
  const components = placeComponents(o.scenario, o.strategy, traits);
  const data = placeData(o.scenario, o.strategy);
  const problems = [...before, ...circles, ...components.problems, ...data.problems];
  if (problems.length > 0) return { problems };
  const { stores, channels } = data;
  const compiled = assemble({ ...o, traits, calleesFirst, components: components.placed, stores, channels });
  const { faults } = o.scenario;
  if ('problems' in compiled || faults.length === 0) return compiled;
  const window = { start_s: o.cut_start_s ?? 0, length_s: o.duration_ms / 1000 };
  return { plan: { ...compiled.plan, faults: faultsOf(compiled.plan, faults, window) } };
}

function checkLoad(load: Load): Problem[] {
  return Object.entries(load)
    .filter(([, rate]) => !(Number.isFinite(rate) && rate >= 0))
    .map(([name, rate]) => ({
      path: 'workload.arrivals',
      message: `the ${name} rate is ${rate}`,
      expected: 'a finite rate of at least 0',
    }));
}
