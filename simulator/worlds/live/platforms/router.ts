import type { Part, Plan, PlannedComponent } from '../../../domain/plan.ts';
import { MARK } from '../../../domain/span-words.ts';
import type { Story } from '../contract.ts';
import { errorOf, type SpanLog } from '../spans.ts';
import type { Place, Result } from '../wire.ts';
import type { FunctionCaller } from './function.ts';
import { type Instance, type PoolCounters, ServerPool } from './server.ts';

/** Sends each call to where its component is placed: a free slot of its pool, a function, or the function that takes what a full pool cannot. */
export class Router {
  /** By component. */
  readonly calls: number[];
  /** What has called and has no answer yet. */
  readonly waiting = new Set<Story>();
  private readonly plan: Plan;
  private readonly pools = new Map<number, ServerPool>();
  private readonly functions: FunctionCaller | undefined;
  private readonly spans: SpanLog;

  constructor(plan: Plan, o: { functions: FunctionCaller | undefined; spans: SpanLog }) {
    this.plan = plan;
    this.spans = o.spans;
    this.functions = o.functions;
    this.calls = plan.components.map(() => 0);
    const overflowing = new Set(plan.components.filter((c) => c.overflow >= 0).map((c) => c.part));
    plan.parts.forEach((part, i) => {
      if (part.kind === 'server' || part.kind === 'gpu')
        this.pools.set(
          i,
          new ServerPool(part, {
            overflows: overflowing.has(i),
            waited: (story, start) => this.spans.add(story, MARK.queue, i, { start }),
          }),
        );
    });
  }

  async call(component: number, story: Story): Promise<Result> {
    const planned = this.plan.components[component];
    if (planned === undefined) return 'failed';
    this.calls[component] = (this.calls[component] as number) + 1;
    const span = this.spans.begin(story);
    this.waiting.add(span.story);
    const { part, result } = await this.serve(planned, component, span.story).finally(() => this.waiting.delete(span.story));
    this.spans.end(span, MARK.serve, part, { detail: component, error: errorOf(result) });
    return result;
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

  /** What comes of it, and which part has answered. */
  private async serve(
    { overflow, part }: PlannedComponent,
    component: number,
    story: Story,
  ): Promise<{ part: number; result: Result }> {
    const answer = (await this.pools.get(part)?.call(component, story)) ?? 'full';
    if (answer !== 'full') return { part, result: answer };
    const taking = this.pools.has(part) ? overflow : part;
    return { part: taking, result: await this.invoke(taking, component, story) };
  }

  private invoke(part: number, component: number, story: Story): Promise<Result> {
    if (this.functions === undefined) throw new RangeError(`no functions for ${(this.plan.parts[part] as Part).path}`);
    return this.functions.call(part, { component, story });
  }
}
