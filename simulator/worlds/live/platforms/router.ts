import type { Part, Plan } from '../../../domain/plan.ts';
import type { Story } from '../contract.ts';
import type { Result } from '../wire.ts';
import type { FunctionCaller } from './function.ts';
import { type Instance, type PoolCounters, ServerPool } from './server.ts';

/** Sends each call to where its component is placed: a free slot of its pool, a function, or the function that takes what a full pool cannot. */
export class Router {
  /** By component. */
  readonly calls: number[];
  private readonly plan: Plan;
  private readonly pools = new Map<number, ServerPool>();
  private readonly functions: FunctionCaller | undefined;

  constructor(plan: Plan, functions: FunctionCaller | undefined) {
    this.plan = plan;
    this.functions = functions;
    this.calls = plan.components.map(() => 0);
    const overflowing = new Set(plan.components.filter((c) => c.overflow >= 0).map((c) => c.part));
    plan.parts.forEach((part, i) => {
      if (part.kind === 'server' || part.kind === 'gpu')
        this.pools.set(i, new ServerPool(part, { overflows: overflowing.has(i) }));
    });
  }

  async call(component: number, story: Story): Promise<Result> {
    const planned = this.plan.components[component];
    if (planned === undefined) return 'failed';
    this.calls[component] = (this.calls[component] as number) + 1;
    const pool = this.pools.get(planned.part);
    if (pool === undefined) return this.invoke(planned.part, component, story);
    const answer = await pool.call(component, story);
    return answer === 'full' ? this.invoke(planned.overflow, component, story) : answer;
  }

  /** Which instances take work from now on, by part. */
  resize(pools: readonly { part: number; instances: Instance[] }[]): void {
    for (const { part, instances } of pools) this.pools.get(part)?.resize(instances);
  }

  counters(): ({ part: number } & PoolCounters)[] {
    return [...this.pools].map(([part, pool]) => ({ part, ...pool.counters() }));
  }

  private invoke(part: number, component: number, story: Story): Promise<Result> {
    if (this.functions === undefined) throw new RangeError(`no functions for ${(this.plan.parts[part] as Part).path}`);
    return this.functions.call(part, { component, story });
  }
}
