import { FAULTS, type Fault, type FaultDefinition, faultInWords } from '../domain/fault.ts';
import type { Plan, PlannedFault } from '../domain/plan.ts';

/** The window of the run that is played, in seconds of the schedule. */
export interface FaultWindow {
  start_s: number;
  length_s: number;
}

/** The faults of a scenario as this plan meets them, by the parts that they act on. */
export function faultsOf(plan: Plan, faults: readonly Fault[], window: FaultWindow): PlannedFault[] {
  return faults.map((fault) => ({ ...timesOf(fault, window), ...subjectsOf(plan, fault) }));
}

/** A fault that has begun before the window goes on in it; one that is over at once does not. */
function timesOf(fault: Fault, window: FaultWindow): Omit<PlannedFault, 'parts' | 'components'> {
  const definition: FaultDefinition = FAULTS[fault.kind];
  const for_s = fault.for_s ?? 0;
  const from = fault.at_s - window.start_s;
  const isOver = definition.isInstant ? from < 0 : from + for_s <= 0;
  const isOutside = isOver || from >= window.length_s;
  const begun = isOutside ? from : Math.max(0, from);
  return {
    kind: fault.kind,
    text: faultInWords(fault),
    at_ms: begun * 1000,
    for_ms: (from + for_s - begun) * 1000,
    amount: fault.amount ?? definition.usual ?? 0,
    isOutside,
  };
}

/** Parts and components of the plan that the fault's target names and its kind can act on. */
function subjectsOf(plan: Plan, { kind, target }: Fault): Pick<PlannedFault, 'parts' | 'components'> {
  const acts: FaultDefinition['acts'] = FAULTS[kind].acts;
  const named = target === undefined ? plan.parts.map((_, i) => i) : partsNamed(plan, target);
  const roles = rolesOf(plan);
  const parts = named.filter((i) => {
    const part = plan.parts[i];
    if (kind === 'fail-over') return part?.kind === 'postgres';
    if (roles.stores.has(i)) return acts.includes('store');
    if (roles.queues.has(i)) return acts.includes('queue') && (kind !== 'duplicate' || part?.kind === 'sqs');
    if (part?.kind === 'function') return acts.includes('function');
    if (kind === 'spot-wave') return part?.sizing?.onDemand !== undefined;
    return part?.sizing !== undefined && acts.includes('machine');
  });
  const components = plan.components.flatMap((component, i) => {
    if (!acts.includes('component') || (component.name !== target && plan.parts[component.part]?.kind !== target)) return [];
    const isAtEdge = plan.parts[component.part]?.kind === 'edge';
    return isAtEdge && kind !== 'slow' ? [] : [i];
  });
  return { parts: [...new Set(parts.map((i) => whatFails(plan, i)))], components };
}

/** A queue of RabbitMQ goes wrong as its broker does, with all others that lie on it. */
function whatFails(plan: Plan, part: number): number {
  return plan.parts[part]?.kind === 'rabbitmq' ? plan.parts.findIndex(({ kind }) => kind === 'broker') : part;
}

/** By kind, component (with what takes its overflow), dataset, event or consumer. */
function partsNamed(plan: Plan, target: string): number[] {
  const byKind = plan.parts.flatMap((part, i) => (part.kind === target ? [i] : []));
  const pools = plan.components.filter((c) => c.name === target).flatMap((c) => [c.part, c.overflow]);
  const stores = plan.datasets.filter((d) => d.name === target).map((d) => d.part);
  const queues = plan.events.flatMap((event) =>
    event.consumers.filter((c) => event.name === target || plan.components[c.component]?.name === target).map((c) => c.queue),
  );
  return [...byKind, ...pools, ...stores, ...queues].filter((i) => i >= 0);
}

function rolesOf(plan: Plan): { stores: ReadonlySet<number>; queues: ReadonlySet<number> } {
  return {
    stores: new Set(plan.datasets.map((d) => d.part)),
    queues: new Set(plan.events.flatMap((event) => event.consumers.map((c) => c.queue))),
  };
}
