import type { Part, Plan } from '../../domain/plan.ts';
import { channelOf } from './components/open.ts';
import type { LiveEffect, QueueKeeper, RunSheet, Store, StoreKeeper } from './contract.ts';
import type { Prelude } from './prelude.ts';
import { STORES } from './stores/index.ts';

/** Stores and queues of one run: made before it, read back after it, taken away in the end. */
export class Parts {
  /** By queue part. */
  readonly queues = new Map<number, QueueKeeper>();
  private readonly stores = new Map<number, StoreKeeper>();
  private readonly plan: Plan;

  private constructor(plan: Plan) {
    this.plan = plan;
  }

  /** Makes tables, buckets and queues, with the stock that earlier actions would have left. */
  static async prepare(sheet: RunSheet, prelude: Prelude): Promise<Parts> {
    const { plan } = sheet;
    const parts = new Parts(plan);
    try {
      for (const [i, part] of plan.parts.entries()) {
        const datasets = plan.datasets.filter((d) => d.part === i);
        const load = STORES[part.kind];
        if (load === undefined || datasets.length === 0) continue;
        const keeper = await (await load()).keeper(part, sheet);
        parts.stores.set(i, keeper);
        await keeper.prepare(datasets, { objects: plan.objects.count });
        await takeBefore(await (await load()).store(part, sheet), { plan, part: i, prelude });
      }
      for (const { queue } of plan.events.flatMap((e) => e.consumers)) {
        const keeper = await (await channelOf(plan, queue)).keeper(plan.parts[queue] as Part, sheet);
        parts.queues.set(queue, keeper);
        await keeper.prepare();
      }
    } catch (error) {
      await parts.dispose().catch(() => undefined);
      throw error;
    }
    return parts;
  }

  /** How deep every queue is. */
  async depths(): Promise<Map<number, { visible: number; inFlight: number }>> {
    const found = await Promise.all([...this.queues].map(async ([q, keeper]) => [q, await keeper.depth()] as const));
    return new Map(found);
  }

  /** Whether nothing lies in any queue; not while one of them is away. */
  async areEmpty(): Promise<boolean> {
    const depths = await this.depths();
    const isAway = [...this.queues.values()].some((keeper) => keeper.isAway);
    return !isAway && [...depths.values()].every(({ visible, inFlight }) => visible + inFlight === 0);
  }

  /** Slows store `part` down. Throws: RangeError for one that cannot be, which `refusals.ts` turns away. */
  async slow(part: number, factor: number): Promise<void> {
    const keeper = this.stores.get(part);
    if (keeper?.slow === undefined) throw new RangeError(`the live world cannot slow ${this.plan.parts[part]?.path}`);
    await keeper.slow(factor);
  }

  /** The ledger's lines that stores keep, and those that dead letters are. */
  async readBack(at_ms: number): Promise<{ effects: LiveEffect[]; left: Set<string> }> {
    const effects: LiveEffect[] = [];
    for (const keeper of this.stores.values()) for await (const line of keeper.readBack()) effects.push(line);
    const left = new Set<string>();
    const dead = this.plan.effects.find((e) => e.role === 'dead-lettered')?.name;
    for (const [q, keeper] of this.queues) {
      for (const { id } of await keeper.left()) left.add(id);
      const part = this.plan.parts[q]?.path ?? '';
      for (const { message, receives } of await keeper.dead()) {
        const line = { at_ms, entity: message.story.action, cause: message.id, part, attempt: receives, count: 1 };
        if (dead !== undefined) effects.push({ ...line, effect: dead });
      }
    }
    return { effects, left };
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.queues.values(), ...this.stores.values()].map((keeper) => keeper.dispose()));
  }
}

/** Takes what earlier actions took, without a line in the ledger: it happened before the run. */
async function takeBefore(store: Store, o: { plan: Plan; part: number; prelude: Prelude }): Promise<void> {
  for (const [index, rows] of o.prelude.taken) {
    const dataset = o.plan.datasets[index];
    if (dataset?.part !== o.part || dataset.stock === undefined) continue;
    const { stock } = dataset;
    const takings = [...rows].map(([row, units]) => {
      const take = Math.min(units, row < stock.hot_rows ? stock.hot : stock.each);
      const plain = { line: undefined, isGuarded: false, isFollowed: false, isConditional: false, seen: undefined };
      return { ...plain, dataset, row, items: 1, take };
    });
    for (const order of takings) if (order.take > 0) await store.write(order);
  }
  await store.close();
}
