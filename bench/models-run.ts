import type { Cell, HistogramData } from '../simulator/domain/cell.ts';
import type { Plan } from '../simulator/domain/plan.ts';
import { Sampler } from '../simulator/domain/sampler.ts';
import { type Scenario, type ScenarioInput, ScenarioSchema } from '../simulator/domain/scenario.ts';
import { Histogram } from '../simulator/measure/histogram.ts';
import { compile } from '../simulator/plan/compile.ts';
import { runCell } from '../simulator/worlds/virtual/world.ts';
import { Schedule } from '../workloads/schedule.ts';
import { batchStation, functionStation, NaiveLoop, queueStation, runNaive } from './naive.ts';

export interface Measured {
  requests: number;
  events: number;
  latency: HistogramData;
}

/** A model compiled by the very code that compiles `social-peak`. */
export function cellOf(input: ScenarioInput, seed: number): Cell {
  const scenario: Scenario = ScenarioSchema.parse(input);
  const strategy = scenario.strategies[0];
  if (typeof strategy !== 'object' || 'strategy' in strategy) throw new Error('a model brings its own strategy');
  const rate = scenario.workload.arrivals.kind === 'constant' ? scenario.workload.arrivals.rate : 1;
  const compiled = compile({
    scenario,
    strategy,
    load: { first: rate, peak: rate, highest: rate },
    shares: new Map([['work', 1]]),
    duration_ms: scenario.workload.duration_s * 1000,
    limits: [],
  });
  if ('problems' in compiled) throw new Error(JSON.stringify(compiled.problems, null, 2));
  return {
    schema: 'cell@1',
    plan: compiled.plan,
    workload: scenario.workload,
    seed,
    rate: 1,
    cut_start_s: 0,
    wantsLedger: false,
  };
}

/** The product's engine on a model. */
export function runProduct(cell: Cell): Measured {
  const result = runCell(cell);
  if (result.broken.length > 0) throw new Error(result.broken.join('\n'));
  const latency = result.operations[0]?.latency;
  if (latency === undefined) throw new Error('no latency');
  return { requests: result.counters.requests, events: result.counters.events, latency };
}

/** The plain engine on the same model, schedule and draws. */
export function runPlain(cell: Cell, model: 'a' | 'c'): Measured {
  const { plan } = cell;
  const loop = new NaiveLoop();
  const histogram = new Histogram();
  const until_ms = plan.duration_ms;
  const operations = plan.operations.map((o) => o.name);
  const schedule = new Schedule({
    workload: cell.workload,
    operations,
    users: plan.users,
    objects: plan.objects,
    seed: cell.seed,
    rate: 1,
    until_ms,
  });
  const stations = model === 'a' ? stationsA(loop, plan) : stationsC(loop, plan);
  const firstMs = model === 'a' ? 0 : 5;
  const requests = runNaive({ loop, schedule, untilMs: until_ms, firstMs, stations, histogram });
  return { requests, events: loop.events, latency: histogram.data() };
}

function siteOf(plan: Plan, step: number): string {
  return plan.operations[0]?.program[step]?.site ?? '';
}

function stationsA(loop: NaiveLoop, plan: Plan) {
  return [{ site: siteOf(plan, 0), station: queueStation(loop, 8, new Sampler({ kind: 'exponential', mean: 1000 })) }];
}

function stationsC(loop: NaiveLoop, plan: Plan) {
  const handler = functionStation(loop, new Sampler({ kind: 'exponential', mean: 80 }), {
    coldFactor: 330 / 80,
    expiryMs: 60_000,
  });
  const worker = queueStation(loop, 24, new Sampler({ kind: 'exponential', mean: 20 }));
  const model = batchStation(loop, { cards: 2, max: 16, waitMs: 10, alone: 8.5, base: 8 / 8.5, saturation: 17 });
  return [handler, worker, model].map((station, i) => ({ site: siteOf(plan, i), station }));
}
