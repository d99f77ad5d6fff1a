import type { ChannelPlacement, OrderKey } from '../domain/placement.ts';
import type { Decision, Part, Plan, PlannedComponent } from '../domain/plan.ts';
import type { Placements } from './compile.ts';
import { effectsOf, entitiesOf } from './effects.ts';
import { onCpu } from './laws.ts';
import type { Parts } from './parts.ts';
import { followUpOf, type Indices, numbered, programOf } from './programs.ts';
import type { Values } from './values.ts';

/** Resolves every name to its place in the plan's lists and writes the plan down. */
export function planOf(o: Placements, parts: Parts, made: { values: Values; decisions: Decision[] }): Plan {
  const { scenario, strategy } = o;
  const { application } = scenario;
  const list = [
    parts.gateway,
    parts.account,
    ...parts.runs.values(),
    ...parts.overflows.values(),
    ...parts.queues.values(),
    ...(parts.broker === undefined ? [] : [parts.broker]),
    ...new Set(parts.stores.values()),
    ...(parts.host === undefined ? [] : [parts.host]),
  ];
  const partAt = new Map(list.map((part, i): [Part, number] => [part, i]));
  const at = (part: Part | undefined) => (part === undefined ? -1 : (partAt.get(part) ?? -1));
  const effects = effectsOf(application);
  const indices = indicesOf(o, parts, { effects, at });
  return {
    schema: 'plan@1',
    scenario: scenario.name,
    strategy: strategy.name,
    description: strategy.description,
    duration_ms: o.duration_ms,
    warmup_ms: scenario.warmup_s === undefined ? Math.min(60_000, o.duration_ms / 10) : scenario.warmup_s * 1000,
    drain_ms: scenario.drain_s * 1000,
    users: application.users,
    objects: application.objects,
    operations: operationsOf(o, indices),
    components: componentsOf(o, parts, { indices, at }),
    events: Object.entries(application.events).map(([name, event]) => ({
      name,
      kb: event.kb,
      ordered_by: orderOf(event.ordered_by, o.channels.get(name)?.placement),
      consumers: Object.entries(event.consumers).map(([consumer, { messages_per, on_failure }]) => ({
        component: indices.components.get(consumer) ?? -1,
        queue: at(parts.queues.get(`${name}/${consumer}`)),
        attribute: messages_per?.attribute ?? '',
        each: messages_per?.each ?? 0,
        ...followUpOf(on_failure, indices),
      })),
    })),
    datasets: Object.entries(application.datasets).map(([name, { item_kb, stored_gb, stock }]) => ({
      name,
      part: at(parts.stores.get(name)),
      item_kb,
      stored_gb,
      consistent_reads: o.stores.get(name)?.placement.consistent_reads ?? false,
      ...(stock === undefined ? {} : { stock }),
    })),
    parts: list,
    entities: entitiesOf(application, indices.effects),
    effects,
    objectives: scenario.objectives,
    checks: scenario.checks,
    ...(scenario.models === undefined ? {} : { models: scenario.models }),
    parameters: made.values.listed(),
    decisions: made.decisions,
  };
}

/** What the application promises about order, else what its channel does. */
function orderOf(ordered_by: 'actor' | 'object' | undefined, placement: ChannelPlacement | undefined): OrderKey {
  return ordered_by ?? (placement?.channel === 'sqs-fifo' ? placement.group : undefined) ?? 'none';
}

function indicesOf(
  o: Placements,
  parts: Parts,
  known: { effects: Plan['effects']; at: (part: Part | undefined) => number },
): Indices {
  const { application } = o.scenario;
  return {
    components: numbered(Object.keys(application.components)),
    events: numbered(Object.keys(application.events)),
    datasets: numbered(Object.keys(application.datasets)),
    entities: numbered(Object.keys(application.entities)),
    effects: numbered(known.effects.map((effect) => effect.name)),
    edges: new Map([...parts.runs].filter(([, part]) => part.kind === 'edge').map(([name, part]) => [name, known.at(part)])),
    consistent: new Map([...o.stores].map(([name, { placement }]) => [name, placement.consistent_reads])),
  };
}

function operationsOf(o: Placements, indices: Indices): Plan['operations'] {
  const { operations } = o.scenario.application;
  const order = numbered(Object.keys(operations));
  return Object.entries(operations).map(([name, operation]) => ({
    name,
    requires: operation.requires === undefined ? -1 : (order.get(operation.requires) ?? -1),
    creates: operation.creates === undefined ? -1 : (indices.entities.get(operation.creates) ?? -1),
    timeout_ms: operation.timeout_ms,
    attempts: operation.attempts,
    request_kb: operation.request_kb,
    response_kb: operation.response_kb,
    program: programOf(operation.steps, `operations.${name}.steps`, indices),
    ...followUpOf(operation.on_failure, indices),
  }));
}

function componentsOf(
  o: Placements,
  parts: Parts,
  known: { indices: Indices; at: (part: Part | undefined) => number },
): PlannedComponent[] {
  return Object.entries(o.scenario.application.components).map(([name, component]) => {
    const part = parts.runs.get(name);
    const perGpu = part?.values.cpu_per_gpu;
    const isOnCpu = part?.kind === 'function' || part?.kind === 'server';
    const { io_ms, idempotent, error_rate, request_kb, response_kb, work, code } = component;
    return {
      name,
      cpu_ms: isOnCpu ? onCpu(component.cpu_ms, component.gpu_ms, typeof perGpu === 'number' ? perGpu : 1) : component.cpu_ms,
      gpu_ms: part?.kind === 'gpu' ? (component.gpu_ms ?? 0) : 0,
      io_ms,
      ...(work === undefined ? {} : { work }),
      ...(code === undefined ? {} : { code }),
      idempotent,
      error_rate,
      request_kb,
      response_kb,
      program: programOf(component.steps, `components.${name}.steps`, known.indices),
      part: known.at(part),
      overflow: known.at(parts.overflows.get(name)),
    };
  });
}
