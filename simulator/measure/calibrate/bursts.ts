import type { Plan } from '../../domain/plan.ts';
import { fastestTenth } from './samples.ts';
import type { Stretch } from './stretch.ts';

/** One burst of CPU work that was measured. */
export interface Burst {
  /** Index in the plan. */
  component: number;
  asked_ms: number;
  /** How long it took to what was asked for. */
  ratio: number;
}

/** Bursts of one component in all runs of one plan. */
interface Seen {
  plan: Plan;
  component: number;
  ratios: number[];
  asked_ms: number;
}

const SEARCH_STEPS = 40;
/** So many others at a time are as good as never there. */
const OTHERS_MAX = 200;

/**
 * Bursts of metered runs, and what they say of demands and of the host that all instances share.
 *
 * A demand is what a burst takes when nobody is in its way, which is what the fastest tenth took. How much longer the others took says how much
 * else wants the cores.
 */
export class Bursts {
  private readonly seen: Seen[] = [];
  private readonly window_ms = new Map<Plan, number>();

  /** A run of `plan` is looked at next. */
  run(plan: Plan): void {
    this.window_ms.set(plan, (this.window_ms.get(plan) ?? 0) + plan.duration_ms - plan.warmup_ms);
  }

  add(plan: Plan, { component, asked_ms, ratio }: Burst): void {
    let of = this.seen.find((s) => s.plan === plan && s.component === component);
    if (of === undefined) {
      of = { plan, component, ratios: [], asked_ms: 0 };
      this.seen.push(of);
    }
    of.ratios.push(ratio);
    of.asked_ms += asked_ms;
  }

  /** By component: its undisturbed bursts on machines to what was asked for, and how many were measured. */
  get demands(): Map<string, { ratio: number; n: number }> {
    return this.undisturbed((s) => !isFunction(s));
  }

  /** Speed of a whole function vCPU, against machines where they ran the same component. */
  get speed(): { value: number; n: number } | undefined {
    const machines = this.demands;
    const functions = [...this.undisturbed(isFunction)];
    const n = functions.reduce((sum, [, of]) => sum + of.n, 0);
    if (n === 0) return undefined;
    const sum = functions.reduce((total, [name, of]) => total + (of.n * (machines.get(name)?.ratio ?? 1)) / of.ratio, 0);
    return { value: sum / n, n };
  }

  /** Cores that others than these bursts keep busy, so that bursts on `cores` take as long as they did. */
  otherLoad(cores: number): { value: number; n: number } | undefined {
    const n = this.seen.reduce((sum, { ratios }) => sum + ratios.length, 0);
    if (n === 0) return undefined;
    const took = this.seen.reduce((sum, s) => sum + s.ratios.reduce((all, ratio) => all + ratio, 0) / fastestTenth(s.ratios), 0);
    const beside = this.seen.map((s) => ({ count: s.ratios.length, load: this.loadBeside(s) }));
    const expected = (load: number) => beside.reduce((sum, s) => sum + s.count * stretchOf(cores, load + s.load), 0);
    let [low, high] = [0, cores];
    for (let step = 0; step < SEARCH_STEPS; step++) {
      const load = (low + high) / 2;
      if (expected(load) < took) low = load;
      else high = load;
    }
    return { value: low, n };
  }

  /** How many times longer than undisturbed ways through other processes took, and how often. */
  stretches(cores: number): Stretch[] {
    const other = this.otherLoad(cores)?.value ?? 0;
    return [...this.window_ms.keys()].flatMap((plan) => {
      const of = this.seen.filter((s) => s.plan === plan);
      const load = of.reduce((sum, s) => sum + this.loadOf(s), 0);
      const count = of.reduce((sum, { ratios }) => sum + ratios.length, 0);
      const ways = wayStretches(cores, other + load);
      return ways.map(({ factor, weight }) => ({ factor, weight: weight * count }));
    });
  }

  private undisturbed(wanted: (s: Seen) => boolean): Map<string, { ratio: number; n: number }> {
    const ratios = new Map<string, number[]>();
    for (const s of this.seen.filter(wanted)) {
      const name = s.plan.components[s.component]?.name ?? '';
      ratios.set(name, [...(ratios.get(name) ?? []), ...s.ratios]);
    }
    return new Map([...ratios].map(([name, of]) => [name, { ratio: fastestTenth(of), n: of.length }]));
  }

  /** Cores that bursts keep busy which a burst of `s` may meet: instances of a pool have one burst a core. */
  private loadBeside(s: Seen): number {
    const part = partOf(s.plan, s.component);
    const own = part?.kind === 'server' ? 1 - 1 / Math.max(1, part.sizing?.initial ?? 1) : 1;
    const beside = this.seen.filter(({ plan }) => plan === s.plan);
    return beside.reduce((sum, b) => sum + this.loadOf(b) * (b === s ? own : 1), 0);
  }

  /** Cores that these bursts keep busy. */
  private loadOf({ plan, asked_ms, ratios }: Seen): number {
    return (asked_ms * fastestTenth(ratios)) / (this.window_ms.get(plan) ?? Number.POSITIVE_INFINITY);
  }
}

/**
 * How many times longer work takes on `cores` that it shares evenly with others, who come at random and bring `load` cores' worth of work.
 *
 * Source: processor sharing with one customer that stays (L. Kleinrock, Queueing Systems II, 1976, 4.4): n others are there with a probability
 * in proportion to load^n / (n! r(2) ... r(n + 1)), where r(k) = min(1, cores / k) is what each of k has of a core.
 */
export function stretchOf(cores: number, load: number): number {
  const had = likelihoods(cores, load, 1).reduce((sum, likely, n) => sum + likely * Math.min(1, cores / (n + 1)), 0);
  return 1 / had;
}

/** How many times longer than undisturbed, and how likely, a way through other processes takes when `load` cores' worth of work is done beside it. */
export function wayStretches(cores: number, load: number): Stretch[] {
  return likelihoods(cores, load, 0).map((weight, n) => ({ factor: Math.max(1, (n + 1) / cores), weight }));
}

/** How likely 0, 1, 2 ... others are there who come at random and bring `load` cores' worth of work, beside so many who stay. */
function likelihoods(cores: number, load: number, staying: number): number[] {
  const weights = [1];
  for (let n = 1; n <= OTHERS_MAX; n++) {
    weights.push(((weights[n - 1] as number) * load) / (n * Math.min(1, cores / (n + staying))));
  }
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / all);
}

function isFunction({ plan, component }: Seen): boolean {
  return partOf(plan, component)?.kind === 'function';
}

function partOf(plan: Plan, component: number) {
  return plan.parts[plan.components[component]?.part ?? -1];
}
