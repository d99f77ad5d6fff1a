import { mean } from '../domain/distribution.ts';
import type { Part } from '../domain/plan.ts';
import { FUNCTION_MEMORY_MAX } from './fit.ts';
import { quantileOf } from './moments.ts';
import type { Unloaded } from './unloaded.ts';

/** Sizes that are tried, MB: the steps of AWS's own power tuning up to one vCPU, and above it for those that need the room. */
export const MEMORY_STEPS: readonly number[] = [128, 256, 512, 1024, 1769, 3008];

/** Costs this close to the cheapest are equal; the faster size wins. */
const TIE = 1.05;

export interface Limit {
  operation: string | null;
  quantile: number;
  limit_ms: number;
}

export interface MemoryOptions {
  /** Functions whose memory is to be chosen, by component, callees first. */
  functions: ReadonlyMap<string, Part>;
  /** What each component needs at least, MB, and messages it takes in one run. */
  needed: (component: string) => number;
  batch: (component: string) => number;
  unloaded: Unloaded;
  operations: readonly string[];
  limits: readonly Limit[];
}

/** What was chosen for each function, and the limits that no size meets. */
export interface MemoryChoice {
  memory: Map<string, number>;
  unmet: { operation: string; limit: Limit; unloaded_ms: number }[];
}

/**
 * Gives each function the cheapest memory whose unloaded latency meets the objectives, and writes it into the part.
 *
 * First each gets the memory at which a call costs least GB-seconds (and ends before the function's timeout); while an operation
 * is too slow, the step that shortens most for what it costs is taken.
 */
export function chooseMemory(o: MemoryOptions): MemoryChoice {
  const memory = new Map<string, number>();
  for (const [name, part] of o.functions) {
    memory.set(name, cheapest(name, part, o));
    o.unloaded.refresh();
  }
  for (let i = 0; i < MEMORY_STEPS.length * o.functions.size; i++) {
    const before = excess(o);
    if (before === 0) break;
    const steps = bestSteps(before, memory, o);
    for (const step of steps) {
      memory.set(step.name, step.memory_mb);
      set(o.functions.get(step.name) as Part, step.memory_mb);
    }
    o.unloaded.refresh();
    if (steps.length === 0) break;
  }
  return { memory, unmet: unmet(o) };
}

/** Sizes that a component may have: the steps that hold it, or just what it needs. */
export function sizesFor(needed_mb: number): number[] {
  const steps = MEMORY_STEPS.filter((step) => step >= needed_mb);
  return steps.length > 0 ? steps : [Math.min(FUNCTION_MEMORY_MAX, Math.ceil(needed_mb))];
}

function cheapest(name: string, part: Part, o: MemoryOptions): number {
  const timeout = mean(part.values.timeout_s ?? 900) * 1000;
  const options = sizesFor(o.needed(name)).map((memory_mb) => {
    set(part, memory_mb);
    o.unloaded.refresh();
    const held = o.unloaded.heldBy(name);
    return { memory_mb, cost: memory_mb * held.mean, isInTime: quantileOf(held, 0.99) * o.batch(name) <= timeout };
  });
  const inTime = options.filter((option) => option.isInTime);
  const last = options.at(-1) as (typeof options)[number];
  const least = Math.min(...inTime.map((option) => option.cost));
  const chosen = inTime.findLast((option) => option.cost <= least * TIE && option.memory_mb <= 1769) ?? inTime[0] ?? last;
  set(part, chosen.memory_mb);
  return chosen.memory_mb;
}

/** The next steps that remove most excess for the GB-seconds they add: one at a time, or a tenth of many functions. */
function bestSteps(before: number, memory: ReadonlyMap<string, number>, o: MemoryOptions) {
  const costs = new Map([...memory].map(([name, memory_mb]) => [name, memory_mb * o.unloaded.heldBy(name).mean]));
  const steps: { name: string; memory_mb: number; gain: number }[] = [];
  for (const [name, part] of o.functions) {
    const now = memory.get(name) as number;
    const next = sizesFor(o.needed(name)).find((size) => size > now);
    if (next === undefined) continue;
    set(part, next);
    o.unloaded.refresh();
    const saved = before - excess(o);
    const added = Math.max(1, next * o.unloaded.heldBy(name).mean - (costs.get(name) ?? 0));
    set(part, now);
    if (saved > 1e-9) steps.push({ name, memory_mb: next, gain: saved / added });
  }
  return steps.sort((a, b) => b.gain - a.gain).slice(0, Math.max(1, Math.floor(o.functions.size / 10)));
}

/** By how many milliseconds operations miss their limits, added up. */
function excess(o: MemoryOptions): number {
  return unmet(o).reduce((sum, miss) => sum + miss.unloaded_ms - miss.limit.limit_ms, 0);
}

function unmet(o: MemoryOptions): MemoryChoice['unmet'] {
  const misses: MemoryChoice['unmet'] = [];
  for (const limit of o.limits) {
    for (const operation of limit.operation === null ? o.operations : [limit.operation]) {
      const unloaded_ms = quantileOf(o.unloaded.operation(operation), limit.quantile);
      if (unloaded_ms > limit.limit_ms) misses.push({ operation, limit, unloaded_ms });
    }
  }
  return misses;
}

function set(part: Part, memory_mb: number): void {
  part.values.memory_mb = memory_mb;
}
