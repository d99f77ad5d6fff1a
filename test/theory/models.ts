import type { Cell, CellResult } from '../../simulator/domain/cell.ts';
import type { Distribution } from '../../simulator/domain/distribution.ts';
import { type ScenarioInput, ScenarioSchema } from '../../simulator/domain/scenario.ts';
import { cellsOf, rowsOf } from '../../simulator/run/rows.ts';
import { runCell } from '../../simulator/worlds/virtual/world.ts';

/** One station behind a front door that costs nothing: what theory has answers for. */
export interface Station {
  /** Arrivals a second and length of the run. */
  rate: number;
  duration_s: number;
  component: ScenarioInput['application']['components'][string];
  place: NonNullable<ScenarioInput['overrides']>['components'] extends infer C
    ? C extends Record<string, infer P>
      ? P
      : never
    : never;
  parameters?: Record<string, Distribution>;
  process?: ScenarioInput['workload']['process'];
  /** Published figures end with the arrivals; queues are left to empty. */
  drain_s?: number;
}

const BARE = {
  'gateway.client_ms': 0,
  'gateway.added_ms': 0,
  'gateway.hop_ms': 0,
  'gateway.rate_limit_per_s': 1e9,
  'gateway.burst': 1e9,
  'gateway.timeout_ms': 900_000,
};

/** The cell of a station: one operation that calls one component, compiled by the code that compiles every scenario. */
export function stationCell(o: Station, seed: number): Cell {
  const scenario = ScenarioSchema.parse({
    name: 'station',
    description: 'one station',
    application: {
      name: 'station',
      description: 'one station',
      users: { count: 1 },
      objects: { count: 1 },
      components: { station: o.component },
      operations: { work: { description: 'one request', timeout_ms: 900_000, attempts: 1, steps: [{ call: 'station' }] } },
    },
    workload: {
      duration_s: Math.min(604_800, o.duration_s),
      arrivals: { kind: 'constant', rate: o.rate },
      process: o.process ?? { kind: 'poisson' },
      sessions: { think_ms: 0, start: { work: 1 }, next: { work: { leave: 1 } } },
    },
    strategies: ['all-servers'],
    overrides: { components: { station: o.place } },
    parameters: { ...BARE, 'server.queue_limit': 1e9, ...o.parameters },
    warmup_s: 0,
    drain_s: o.drain_s ?? 86_400,
  });
  const whole = { ...scenario, workload: { ...scenario.workload, duration_s: o.duration_s } };
  const axes = { strategies: ['all-servers'], controllers: [], rates: [1], seeds: [seed], wantsLedger: false };
  const [cell] = cellsOf(whole, rowsOf(whole, axes), axes);
  if (cell === undefined) throw new Error('a station without a cell');
  return cell;
}

/** Runs it and insists that nothing is broken. */
export function runStation(o: Station, seed: number): CellResult {
  const result = runCell(stationCell(o, seed));
  if (result.broken.length > 0) throw new Error(result.broken.join('\n'));
  return result;
}

/** Mean time in the system, ms. */
export function meanLatency(result: CellResult): number {
  const latency = result.operations[0]?.latency;
  if (latency === undefined || latency.count === 0) throw new Error('nothing was served');
  return latency.sum_us / latency.count / 1000;
}

/** One machine with `cores` cores and as many slots that is there from the start. */
export function machine(cores: number): Pick<Station, 'place' | 'parameters'> {
  return {
    place: { platform: 'server', instance: 'm7g.large', minimum: 1, maximum: 1, controller: { name: 'static' } },
    parameters: { 'server.cores': cores, 'server.slots': cores, 'server.speed': 1, 'server.warmup_s': 0 },
  };
}

/** SimFaaS's platform: warm and cold exponential service, newest-created idle instance first, fixed expiry. Times in seconds. */
export function simfaas(o: {
  rate: number;
  duration_s: number;
  warm_s: number;
  cold_s: number;
  expiry_s: number;
  most?: number;
}): Station {
  return {
    rate: o.rate,
    duration_s: o.duration_s,
    component: { description: 'a function', cpu_ms: { kind: 'exponential', mean: o.warm_s * 1000 } },
    place: { platform: 'function', memory_mb: 1769 },
    drain_s: 0,
    parameters: {
      'account.concurrency': o.most ?? 1000,
      'account.rate_per_concurrency': 1e6,
      'function.speed': 1,
      'function.init_ms': 0,
      'function.invoke_ms': 0,
      'function.first_call_ms': 0,
      'function.first_call_factor': o.cold_s / o.warm_s,
      'function.idle_expiry_s': o.expiry_s,
      'function.timeout_s': 900,
      'function.scaling_burst': 1e9,
    },
  };
}
