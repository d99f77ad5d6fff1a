import { availableParallelism } from 'node:os';
import { peakTime } from '../../workloads/arrivals/index.ts';
import { operationRates } from '../../workloads/mix.ts';
import { InputError } from '../domain/problem.ts';
import type { Scenario } from '../domain/scenario.ts';
import { coresNeeded, EMULATED_CALL_MS } from '../plan/cores-needed.ts';

/** Largest share of the machine's cores that a live run plans to use: beyond it queues come from the machine, not from the plan. */
export const MACHINE_SHARE = 0.6;

/** How a load fits on this machine: the factor it was scaled by (1: as it is), and what it keeps busy then. */
export interface Fit {
  factor: number;
  cores_needed: number;
  cores: number;
}

export interface FitOptions {
  rate: number;
  isExact: boolean;
  /** Whether an emulator runs the functions: each call is dearer then, wherever a strategy places it. */
  isEmulated?: boolean;
  cores?: number;
  share?: number;
}

/**
 * Adds up the CPU of a scenario's plan at its highest rate, and the factor by which the rate has to go down so that this machine can do it.
 *
 * Throws: InputError with `isExact` when it does not fit.
 */
export function fitMachine(scenario: Scenario, o: FitOptions): Fit {
  const { workload, application } = scenario;
  const cores = o.cores ?? availableParallelism();
  const most = (o.share ?? MACHINE_SHARE) * cores;
  // Crowds do something else than everybody does on most days, and often what is dearer.
  const rates = operationRates(workload, peakTime(workload.arrivals, workload.duration_s));
  const peak = [...rates.values()].reduce((sum, rate) => sum + rate, 0);
  const shares = new Map([...rates].map(([name, rate]) => [name, rate / (peak || 1)]));
  const needed = (factor: number) =>
    coresNeeded({ application, shares, rate: factor * o.rate * peak, call_ms: o.isEmulated ? EMULATED_CALL_MS : 0 });
  const share = needed(1) / most;
  if (share <= 1) return { factor: 1, cores_needed: needed(1), cores };
  if (o.isExact) {
    const message = `the plan needs ${needed(1).toFixed(1)} cores at its peak, and 60 % of this machine's ${cores} are ${(MACHINE_SHARE * cores).toFixed(1)}`;
    throw new InputError([{ path: '--exact', message, expected: 'a lower --rate, or no --exact: then the rate is scaled down' }]);
  }
  // Caches answer a smaller share of fewer lookups, so the work falls more slowly than the rate.
  let factor = 1 / share;
  for (let i = 0; i < 20 && needed(factor) > most; i++) factor *= most / needed(factor);
  const rounded = Number(factor.toPrecision(2));
  return { factor: rounded, cores_needed: needed(rounded), cores };
}
