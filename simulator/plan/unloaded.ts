import type { Application, Step } from '../domain/application.ts';
import { heldBackOver, quotaOf } from '../domain/cpu-quota.ts';
import { type Distribution, mean } from '../domain/distribution.ts';
import type { Part } from '../domain/plan.ts';
import { onCpu } from './laws.ts';
import { either, equallyLikely, latest, type Moments, momentsOf, NOTHING, overSamples, plus, times } from './moments.ts';

/** Equally likely quantiles of a demand that a quota is held against. */
const LOOKS = 64;

export interface UnloadedOptions {
  application: Application;
  calleesFirst: readonly string[];
  gateway: Part;
  /** By component. */
  runs: ReadonlyMap<string, Part>;
  queues: ReadonlyMap<string, Part>;
  stores: ReadonlyMap<string, Part>;
  hitRatio: (edge: string) => number;
}

/**
 * How long everything takes while nobody else is there: no queues, no cold starts, no retries.
 *
 * Means and variances are added along a path as if steps were independent; of parallel branches the longest counts.
 */
export class Unloaded {
  private readonly o: UnloadedOptions;
  private readonly laws = new Map<Distribution, Moments>();
  /** By function and share of a vCPU. */
  private readonly quotas = new Map<string, Moments>();
  private readonly holding = new Map<string, Moments>();
  private readonly hops: Moments;

  constructor(o: UnloadedOptions) {
    this.o = o;
    const hop = this.value(o.gateway, 'hop_ms');
    this.hops = plus(hop, hop);
    this.refresh();
  }

  /** Works everything out again, after a part's values changed. */
  refresh(): void {
    for (const name of this.o.calleesFirst) this.holding.set(name, this.holdingOf(name));
  }

  /** Time that one call of a component holds its slot, its own calls included. On a GPU: from batch to answer. */
  heldBy(name: string): Moments {
    return this.holding.get(name) ?? NOTHING;
  }

  /** CPU time of one call where the component runs. */
  cpuOf(name: string): Moments {
    const part = this.o.runs.get(name);
    const component = this.o.application.components[name];
    if (part === undefined || component === undefined || part.kind === 'edge') return NOTHING;
    const cpu = this.moments(component.cpu_ms);
    if (part.kind === 'gpu') return cpu;
    const gpu =
      component.gpu_ms === undefined ? NOTHING : times(this.number(part, 'cpu_per_gpu'), this.moments(component.gpu_ms));
    const demand = times(1 / this.number(part, 'speed'), plus(cpu, gpu));
    if (part.kind !== 'function' || quotaOf(part).share >= 1) return demand;
    return this.held(part, onCpu(component.cpu_ms, component.gpu_ms, this.number(part, 'cpu_per_gpu')));
  }

  /** What the quota of a function makes of work of this law, over work that is short and long and begins at any moment of a period. */
  private held(part: Part, law: Distribution): Moments {
    const quota = quotaOf(part);
    const key = `${part.path} ${quota.share}`;
    let known = this.quotas.get(key);
    if (known === undefined) {
      const demands = typeof law === 'number' ? [law] : equallyLikely(law, LOOKS);
      const speed = this.number(part, 'speed');
      known = overSamples(demands.flatMap((cpu_ms) => heldBackOver(cpu_ms / speed, quota)));
      this.quotas.set(key, known);
    }
    return known;
  }

  /** Time on the card of one request in a batch of `batch`. */
  cardOf(name: string, batch: number): Moments {
    const part = this.o.runs.get(name);
    const component = this.o.application.components[name];
    if (part?.kind !== 'gpu' || component?.gpu_ms === undefined) return NOTHING;
    const stretch = Math.max(1, this.number(part, 'batch_base') + batch / this.number(part, 'saturation_batch'));
    return times(stretch / this.number(part, 'speed'), this.moments(component.gpu_ms));
  }

  /** From the user's intention to the answer. */
  operation(name: string): Moments {
    const network = this.value(this.o.gateway, 'client_ms');
    const steps = this.o.application.operations[name]?.steps ?? [];
    return plus(network, network, this.value(this.o.gateway, 'added_ms'), this.program(steps));
  }

  private holdingOf(name: string): Moments {
    const component = this.o.application.components[name];
    if (component === undefined) return NOTHING;
    return plus(this.cpuOf(name), this.cardOf(name, 1), this.moments(component.io_ms), this.program(component.steps));
  }

  private program(steps: readonly Step[]): Moments {
    return plus(...steps.map((step) => this.step(step)));
  }

  private step(step: Step): Moments {
    if ('call' in step) return this.call(step.call);
    if ('read' in step) return this.access(step.read, 'read');
    if ('write' in step)
      return plus(
        this.access(step.write, 'write'),
        step.take || step.undoes || step.unless ? this.transaction(step.write) : NOTHING,
      );
    if ('parallel' in step) return latest(step.parallel.map((branch) => this.step(branch)));
    if ('publish' in step) return this.publish(step.publish);
    if (!('cached' in step)) return NOTHING;
    const edge = this.o.runs.get(step.cached);
    if (edge?.kind !== 'edge') return this.program(step.otherwise);
    const miss = plus(this.value(edge, 'miss_ms'), this.program(step.otherwise));
    return either(this.o.hitRatio(step.cached), this.value(edge, 'hit_ms'), miss);
  }

  private call(name: string): Moments {
    const part = this.o.runs.get(name);
    const inside = this.holding.get(name) ?? NOTHING;
    if (part?.kind === 'function') return plus(this.hops, this.value(part, 'invoke_ms'), inside);
    if (part?.kind === 'gpu' && this.number(part, 'batch_max') > 1)
      return plus(this.hops, this.value(part, 'batch_wait_ms'), inside);
    return plus(this.hops, inside);
  }

  private publish(event: string): Moments {
    const consumers = Object.keys(this.o.application.events[event]?.consumers ?? {});
    return latest(
      consumers.map((consumer) => {
        const queue = this.o.queues.get(`${event}/${consumer}`);
        if (queue === undefined) return NOTHING;
        const isConfirmed = queue.words.confirms === 'yes';
        return plus(this.value(queue, 'send_ms'), isConfirmed ? this.value(queue, 'commit_ms') : NOTHING);
      }),
    );
  }

  private access(dataset: string, kind: 'read' | 'write'): Moments {
    const part = this.o.stores.get(dataset);
    if (part === undefined) return NOTHING;
    if (part.kind === 'dynamodb') return this.value(part, kind === 'read' ? 'read_ms' : 'write_ms');
    if (part.kind === 's3') return this.value(part, kind === 'read' ? 'get_ms' : 'put_ms');
    const disk = times(Math.min(1, this.number(part, `io_per_${kind}`)), this.value(part, 'disk_ms'));
    return plus(this.value(part, 'network_ms'), this.value(part, `cpu_ms_${kind}`), disk);
  }

  /** What a write that takes from a stock, or is made only in some cases, adds: its transaction's further statements. */
  private transaction(dataset: string): Moments {
    const part = this.o.stores.get(dataset);
    return part?.kind === 'postgres' ? this.value(part, 'transaction_ms') : NOTHING;
  }

  private value(part: Part, name: string): Moments {
    return this.moments(part.values[name] ?? 0);
  }

  private number(part: Part, name: string): number {
    const value = part.values[name] ?? 0;
    return typeof value === 'number' ? value : mean(value);
  }

  /** Laws are shared objects, so each is worked out once. */
  private moments(law: Distribution): Moments {
    if (typeof law === 'number') return { mean: law, variance: 0 };
    let known = this.laws.get(law);
    if (known === undefined) {
      known = momentsOf(law);
      this.laws.set(law, known);
    }
    return known;
  }
}
