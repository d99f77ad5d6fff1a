import type { Step } from '../domain/application.ts';

/** How often one run of a program does what, in the mean; reads and writes count items. */
export interface Demand {
  calls: Map<string, number>;
  publishes: Map<string, number>;
  reads: Map<string, number>;
  writes: Map<string, number>;
  lookups: Map<string, number>;
}

/** Sums what a program asks for; what stands behind a cache counts by the share of misses. */
export function demandOf(steps: readonly Step[], missRatio: (edge: string) => number): Demand {
  const demand: Demand = { calls: new Map(), publishes: new Map(), reads: new Map(), writes: new Map(), lookups: new Map() };
  const walk = (list: readonly Step[], weight: number): void => {
    for (const step of list) one(step, weight);
  };
  const one = (step: Step, weight: number): void => {
    if ('call' in step) add(demand.calls, step.call, weight);
    else if ('publish' in step) add(demand.publishes, step.publish, weight);
    else if ('read' in step) add(demand.reads, step.read, weight * (step.items ?? 1));
    else if ('write' in step) add(demand.writes, step.write, weight * (step.items ?? 1));
    else if ('parallel' in step) walk(step.parallel, weight);
    else if ('cached' in step) {
      add(demand.lookups, step.cached, weight);
      walk(step.otherwise, weight * missRatio(step.cached));
    }
  };
  walk(steps, 1);
  return demand;
}

export function add(sums: Map<string, number>, name: string, amount: number): void {
  sums.set(name, (sums.get(name) ?? 0) + amount);
}
