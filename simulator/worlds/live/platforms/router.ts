import type { Part, Plan, PlannedComponent } from '../../../domain/plan.ts';
import { MARK } from '../../../domain/span-words.ts';
import type { Story } from '../contract.ts';
import type { SpanLog } from '../spans.ts';
import type { Place, Result } from '../wire.ts';
import type { FunctionCaller } from './function.ts';
import { type Instance, type PoolCounters, ServerPool } from './server.ts';

/** Sends each call to where its component is placed: a free slot of its pool, a function, or the function that takes what a full pool cannot. */
export class Router {
  /** By component. */
  readonly calls: number[];
  /** What has called and has no answer yet. */
  readonly waiting = new Set<Pick<Story, 'action'>>();
  private readonly plan: Plan;
  private readonly pools = new Map<number, ServerPool>();
  private readonly functions: FunctionCaller | undefined;

  constructor(plan: Plan, o: { functions: FunctionCaller | undefined; spans: SpanLog }) {
    this.plan = plan;
    this.functions = o.functions;
    this.calls = plan.components.map(() => 0);
    const overflowing = new Set(plan.components.filter((c) => c.overflow >= 0).map((c) => c.part));
    plan.parts.forEach((part, i) => {
      if (part.kind === 'server' || part.kind === 'gpu')
        this.pools.set(
          i,
          new ServerPool(part, {
            overflows: overflowing.has(i),
            waited: (story, start) => o.spans.add(story, MARK.queue, i, { start }),
          }),
        );
    });
  }

  async call(component: number, story: Story): Promise<Result> {
    const planned = this.plan.components[component];
    if (planned === undefined) return 'failed';
    this.calls[component] = (this.calls[component] as number) + 1;
    const call = { action: story.action };
    this.waiting.add(call);
    return this.serve(planned, component, story).finally(() => this.waiting.delete(call));
  }

  private async serve(planned: PlannedComponent, component: number, story: Story): Promise<Result> {
    const answer = (await this.pools.get(planned.part)?.call(component, story)) ?? 'full';
    if (answer !== 'full') return answer;
    const taking = this.pools.has(planned.part) ? planned.overflow : planned.part;
    return this.invoke(taking, component, story);
  }

  /** Which instances take work from now on, by part. */
  resize(pools: readonly { part: number; instances: Instance[] }[]): void {
    for (const { part, instances } of pools) this.pools.get(part)?.resize(instances);
  }

  /** Where the instances listen that take work. */
  places(): { pool: string; at: Place }[] {
    return [...this.pools.values()].flatMap((pool) => pool.places.map((at) => ({ pool: pool.path, at })));
  }

  counters(): ({ part: number } & PoolCounters)[] {
    return [...this.pools].map(([part, pool]) => ({ part, ...pool.counters() }));
  }

  private invoke(part: number, component: number, story: Story): Promise<Result> {
    if (this.functions === undefined) throw new RangeError(`no functions for ${(this.plan.parts[part] as Part).path}`);
    return this.functions.call(part, { component, story });
  }
}
