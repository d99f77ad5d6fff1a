import type { Plan } from '../../domain/plan.ts';
import type { Crowd } from './crowd.ts';
import { fastestTenth } from './samples.ts';
import type { Stretch } from './stretch.ts';

/** One burst of CPU work that was measured. */
export interface Burst {
  /** Index in the plan. */
  component: number;
  /** Wall time at its end. */
  at_ms: number;
  ms: number;
  asked_ms: number;
}

/** Bursts of one component: how long each took to what was asked for; what was asked for and what they took in all. */
interface Seen {
  ratios: number[];
  asked_ms: number;
  had_ms: number;
}

const SEARCH_STEPS = 40;
/** So many others at a time are as good as never there. */
const OTHERS_MAX = 200;

/**
 * Bursts of metered runs, and what they say of demands and of the host that all instances share.
 *
 * When nobody is in its way, a burst takes what the fastest tenth took. How much longer the others took says how much else wants the cores.
 */
export class Bursts {
  /** By component. */
  private readonly machines = new Map<string, Seen>();
  private readonly functions = new Map<string, Seen>();
  /** How long they lasted while so many wanted the cores at once, ms. */
  private readonly among_ms: number[] = [];

  /** All bursts of a run of `plan`, and who else was there. */
  add(plan: Plan, bursts: readonly Burst[], crowd: Crowd): void {
    for (const { component, ms, asked_ms } of bursts) {
      const { name = '', part = -1 } = plan.components[component] ?? {};
      const where = plan.parts[part]?.kind === 'function' ? this.functions : this.machines;
      const of = where.get(name) ?? { ratios: [], asked_ms: 0, had_ms: 0 };
      where.set(name, of);
      of.ratios.push(ms / asked_ms);
      of.asked_ms += asked_ms;
      of.had_ms += ms;
    }
    crowd.bursts_ms.forEach((ms, there) => {
      this.among_ms[there] = (this.among_ms[there] ?? 0) + ms;
    });
  }

  /**
   * By component: its bursts on machines to what was asked for, as nobody was in their way, and how many were measured.
   *
   * What a component was held up more than bursts were on the whole is its own: short ones begin when a request has just come in, which has
   * everything else to do, too, and that is no sharing of cores. Below its fastest tenth nothing is.
   */
  get demands(): Map<string, { ratio: number; n: number }> {
    const all = [...this.machines.values()];
    const stretch = all.reduce((sum, { had_ms }) => sum + had_ms, 0) / neededMs(all);
    const ratioOf = ({ ratios, asked_ms, had_ms }: Seen) => Math.max(fastestTenth(ratios), had_ms / asked_ms / stretch);
    return new Map([...this.machines].map(([name, of]) => [name, { ratio: ratioOf(of), n: of.ratios.length }]));
  }

  /** Speed of a whole function vCPU, against machines where they ran the same component. */
  get speed(): { value: number; n: number } | undefined {
    const machines = fastest(this.machines);
    const functions = [...fastest(this.functions)];
    const n = functions.reduce((sum, [, of]) => sum + of.n, 0);
    if (n === 0) return undefined;
    const sum = functions.reduce((total, [name, of]) => total + (of.n * (machines.get(name)?.ratio ?? 1)) / of.ratio, 0);
    return { value: sum / n, n };
  }

  /** Cores that others keep busy than bursts and ways, so that what bursts had of `cores` in their time is what they needed. */
  otherLoad(cores: number): { value: number; n: number } | undefined {
    const all = [...this.machines.values(), ...this.functions.values()];
    const n = all.reduce((sum, { ratios }) => sum + ratios.length, 0);
    if (n === 0) return undefined;
    const needed_ms = neededMs(all);
    const had_ms = (load: number) => this.among_ms.reduce((sum, ms, there) => sum + ms / stretchOf(cores, load, there), 0);
    let [low, high] = [0, cores];
    for (let step = 0; step < SEARCH_STEPS; step++) {
      const load = (low + high) / 2;
      if (had_ms(load) > needed_ms) low = load;
      else high = load;
    }
    return { value: low, n };
  }
}

/** What all of these bursts take when nobody is in their way. */
function neededMs(seen: readonly Seen[]): number {
  return seen.reduce((sum, { ratios, asked_ms }) => sum + asked_ms * fastestTenth(ratios), 0);
}

function fastest(seen: ReadonlyMap<string, Seen>): Map<string, { ratio: number; n: number }> {
  return new Map([...seen].map(([name, { ratios }]) => [name, { ratio: fastestTenth(ratios), n: ratios.length }]));
}

/**
 * How many times longer each of `staying` takes who share `cores` evenly with others, who come at random and bring `load` cores' worth of work.
 *
 * Source: processor sharing with customers that stay (L. Kleinrock, Queueing Systems II, 1976, 4.4): n others are there with a probability in
 * proportion to load^n / (n! r(s + 1) ... r(s + n)), where s stay and r(k) = min(1, cores / k) is what each of k has of a core.
 */
export function stretchOf(cores: number, load: number, staying = 1): number {
  const had = likelihoods(cores, load, staying).reduce((sum, likely, n) => sum + likely * Math.min(1, cores / (n + staying)), 0);
  return 1 / had;
}

/**
 * How many times longer than undisturbed ways through other processes take, and how often, of which `met[n]` find n there when they begin,
 * while others bring `load` cores' worth of work.
 */
export function stretchesOf(cores: number, load: number, met: readonly number[]): Stretch[] {
  return met.flatMap((ways, there) =>
    wayStretches(cores, load, there).map(({ factor, weight }) => ({ factor, weight: weight * ways })),
  );
}

/**
 * How many times longer than undisturbed, and how likely, a way through other processes takes that begins while `staying` are there and
 * others bring `load` cores' worth of work.
 */
export function wayStretches(cores: number, load: number, staying = 0): Stretch[] {
  return likelihoods(cores, load, staying).map((weight, n) => ({ factor: Math.max(1, (n + staying + 1) / cores), weight }));
}

/** How likely 0, 1, 2 ... others are there who come at random, beside `staying`. */
function likelihoods(cores: number, load: number, staying: number): number[] {
  const weights = [1];
  for (let n = 1; n <= OTHERS_MAX; n++) {
    weights.push(((weights[n - 1] as number) * load) / (n * Math.min(1, cores / (n + staying))));
  }
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / all);
}
