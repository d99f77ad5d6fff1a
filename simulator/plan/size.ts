import { mean } from '../domain/distribution.ts';
import type { ComponentPlacement, ControllerSpec } from '../domain/placement.ts';
import type { Decision, Part } from '../domain/plan.ts';
import type { Placements } from './compile.ts';
import { given } from './component-parts.ts';
import { assetsFor } from './history.ts';
import { chooseMemory, type MemoryChoice, sizesFor } from './memory.ts';
import { firstCallOf } from './parameters/cold-start.ts';
import type { Parts } from './parts.ts';
import type { Rates } from './rates.ts';
import { offered, poolSizing, useOf } from './sizing.ts';
import { Unloaded } from './unloaded.ts';
import type { Values } from './values.ts';

export interface SizeOptions {
  placements: Placements;
  parts: Parts;
  rates: Rates;
  values: Values;
  hits: ReadonlyMap<string, number>;
}

/** What a pool gets when neither scenario nor strategy names a controller. */
const DEFAULT_CONTROLLER: ControllerSpec = { name: 'target-utilization', options: {} };

/** Settles the memory of functions and the size of pools, and says why. */
export function size(o: SizeOptions): Decision[] {
  const memory = settleMemory(o);
  const unloaded = unloadedOf(o, o.parts.runs);
  const pools: Decision[] = [];
  const known = o.placements.history && assetsFor({ ...o.placements, history: o.placements.history, unloaded });
  for (const [name, { placement }] of o.placements.components) {
    const part = o.parts.runs.get(name);
    if (part !== undefined && (placement.platform === 'server' || placement.platform === 'gpu')) {
      pools.push(settlePool(part, placement, { ...o, unloaded }));
      if (known && part.sizing) part.sizing.assets = known(part, part.sizing);
    }
  }
  return [...memory, ...pools];
}

function unloadedOf(o: SizeOptions, runs: ReadonlyMap<string, Part>): Unloaded {
  const { calleesFirst, scenario } = o.placements;
  const hitRatio = (edge: string) => o.hits.get(edge) ?? 0.5;
  return new Unloaded({ ...o.parts, runs, application: scenario.application, calleesFirst, hitRatio });
}

/** Memory as the scenario's parameters say, else as the placement says, else the cheapest that meets the objectives. */
function settleMemory(o: SizeOptions): Decision[] {
  const { components } = o.placements.scenario.application;
  // Where a pool overflows, its functions have to be fast enough by themselves, so they stand in for it here.
  const runs = new Map([...o.parts.runs, ...o.parts.overflows]);
  const open = new Map<string, Part>();
  for (const name of o.placements.calleesFirst) {
    const part = runs.get(name);
    if (part?.kind !== 'function' || o.values.override('function', name, 'memory_mb') !== undefined) continue;
    const wanted = wantedMemory(o.placements.components.get(name)?.placement);
    if (wanted === 'cheapest') {
      part.values.memory_mb = sizesFor(components[name]?.memory_mb ?? 128)[0] ?? 128;
      open.set(name, part);
    } else noteMemory(o, name, { part, memory_mb: wanted, source: 'placement' });
  }
  const choice = chooseMemory({
    functions: open,
    needed: (name) => components[name]?.memory_mb ?? 128,
    batch: (name) => batchOf(o.parts, name),
    unloaded: unloadedOf(o, runs),
    operations: Object.keys(o.placements.scenario.application.operations),
    limits: o.placements.limits,
  });
  for (const [name, memory_mb] of choice.memory) {
    const source = 'sizing: the cheapest memory whose unloaded latency meets the objectives';
    noteMemory(o, name, { part: open.get(name) as Part, memory_mb, source });
  }
  for (const [name, part] of runs) if (part.kind === 'function') settleFirstCall(o, name, part);
  return memoryDecisions(o, choice);
}

function wantedMemory(placement: ComponentPlacement | undefined): number | 'cheapest' {
  if (placement?.platform === 'function') return placement.memory_mb;
  return placement?.platform === 'server' ? (placement.overflow?.memory_mb ?? 'cheapest') : 'cheapest';
}

function noteMemory(o: SizeOptions, name: string, chosen: { part: Part; memory_mb: number; source: string }): void {
  chosen.part.values.memory_mb = chosen.memory_mb;
  o.values.settle(`function.${name}.memory_mb`, given(chosen.memory_mb, 'MB', chosen.source));
}

function settleFirstCall(o: SizeOptions, name: string, part: Part): void {
  if (o.values.override('function', name, 'first_call_ms') !== undefined) return;
  const memory = part.values.memory_mb;
  const parameter = firstCallOf(part.words.runtime ?? '', typeof memory === 'number' ? memory : 1769);
  part.values.first_call_ms = parameter.value;
  o.values.settle(`function.${name}.first_call_ms`, parameter);
}

function batchOf(parts: Parts, consumer: string): number {
  let most = 1;
  for (const part of parts.queues.values()) {
    const batch = part.values.batch_size;
    if (part.owner === consumer && typeof batch === 'number') most = Math.max(most, batch);
  }
  return most;
}

function memoryDecisions(o: SizeOptions, choice: MemoryChoice): Decision[] {
  const { components } = o.placements.scenario.application;
  const neededBy = (name: string) => components[name]?.memory_mb ?? 128;
  const sizes: Decision[] = [...choice.memory].map(([name, memory_mb]) => ({
    subject: `size of ${(o.parts.overflows.get(name) ?? o.parts.runs.get(name))?.path}`,
    placed: `${memory_mb} MB`,
    rule: 'fair sizing',
    because: `of ${sizesFor(neededBy(name)).join(', ')} MB the cheapest whose unloaded latency meets the objectives`,
  }));
  const misses: Decision[] = choice.unmet.map(({ operation, limit, unloaded_ms }) => ({
    subject: `objective of ${operation}`,
    placed: `${Math.round(unloaded_ms)} ms at p${Number((limit.quantile * 100).toPrecision(4))}, unloaded`,
    rule: 'fair sizing',
    because: `above ${limit.limit_ms} ms before any load comes: no memory of a function changes that`,
  }));
  return [...sizes, ...misses];
}

type Pool = Extract<ComponentPlacement, { platform: 'server' | 'gpu' }>;

/** Calls per instance of a pool that overflows, over those that keep its cores busy: beyond it they would wait for a core. */
const BEFORE_OVERFLOW = 1.5;

/** A pool that overflows hands over what would only queue for its cores, unless somebody said how many slots it has. */
function settleSlots(part: Part, placement: Pool, o: SizeOptions & { unloaded: Unloaded }): void {
  if (placement.platform !== 'server' || placement.overflow === undefined || placement.slots !== undefined) return;
  if (o.values.override('server', part.owner, 'slots') !== undefined) return;
  const cores = mean(part.values.cores ?? 1);
  const fitting = mean(part.values.slots ?? 1);
  const slots = Math.min(fitting, Math.max(cores, Math.ceil(BEFORE_OVERFLOW * useOf(part, o.unloaded).slots)));
  part.values.slots = slots;
  const source = `sizing: ${BEFORE_OVERFLOW} x the calls that keep its cores busy; what comes on top overflows`;
  o.values.settle(`server.${part.owner}.slots`, given(slots, 'request', source));
}

function settlePool(part: Part, placement: Pool, o: SizeOptions & { unloaded: Unloaded }): Decision {
  const { load } = o.placements;
  settleSlots(part, placement, o);
  const demand = { perOperation: o.rates.components.get(part.owner) ?? 0, load, ...useOf(part, o.unloaded) };
  const controller = controllerOf(part.owner, placement, o.placements);
  const reserved_share = placement.platform === 'server' ? placement.reserved_share : 0;
  const sizing = poolSizing(demand, controller, { ...placement, reserved_share });
  part.sizing = sizing;
  const rate = controller.name === 'static' ? load.peak : load.first;
  const busy = offered(demand, rate);
  const calls = rate * demand.perOperation;
  const when = controller.name === 'static' ? 'the base peak' : 'the first rate';
  const reserved = sizing.reserved > 0 ? `, ${sizing.reserved} reserved` : '';
  const spot = sizing.onDemand === undefined ? '' : `, ${sizing.onDemand} on demand, the others on spot`;
  return {
    subject: `size of ${part.path}`,
    placed: `${sizing.initial} at the start, ${sizing.minimum} to ${sizing.maximum}${reserved}${spot}, by ${controller.name}`,
    rule: 'fair sizing',
    because:
      `${busy.toFixed(2)} calls at work at ${when} (${calls.toFixed(1)}/s x ${demand.holding_ms.toFixed(1)} ms), ` +
      `${sizing.slots.toFixed(1)} an instance: ceil((R + sqrt R) / slots)`,
  };
}

/** An override's controller, then the scenario's, then the rule's, then the strategy's. */
function controllerOf(name: string, placement: Pool, o: Placements): ControllerSpec {
  const isOverride = o.components.get(name)?.isOverride === true;
  const own = isOverride ? placement.controller : undefined;
  return own ?? o.scenario.controller ?? placement.controller ?? o.strategy.controller ?? DEFAULT_CONTROLLER;
}
