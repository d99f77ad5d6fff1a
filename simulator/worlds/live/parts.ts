import { numberOf } from '../../domain/part-values.ts';
import type { Part, Plan } from '../../domain/plan.ts';
import { followedQueues } from '../../domain/undoing.ts';
import { channelOf } from './components/open.ts';
import type { LiveEffect, QueueKeeper, RunSheet, Store, StoreKeeper } from './contract.ts';
import type { Prelude } from './prelude.ts';
import { STORES } from './stores/index.ts';
import { within } from './within.ts';

/** Longest that one store or queue may take to be made, to be read back beyond what its visibility timeout hides, and to be taken away. */
const PART_MS = 180_000;
/** Longest that a queue may take to say how deep it is. */
const DEPTH_MS = 40_000;

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
        const made = keeper
          .prepare(datasets, { objects: plan.objects.count })
          .then(async () => takeBefore(await (await load()).store(part, sheet), { plan, part: i, prelude }));
        await within(made, { ms: PART_MS, what: `preparing ${part.path}` });
      }
      for (const { queue } of plan.events.flatMap((e) => e.consumers)) {
        const keeper = await (await channelOf(plan, queue)).keeper(plan.parts[queue] as Part, sheet);
        parts.queues.set(queue, keeper);
        await within(keeper.prepare(), { ms: PART_MS, what: `preparing ${plan.parts[queue]?.path}` });
      }
    } catch (error) {
      await parts.dispose().catch(() => undefined);
      throw error;
    }
    return parts;
  }

  /** How deep every queue is. */
  async depths(): Promise<Map<number, { visible: number; inFlight: number }>> {
    const depthOf = (q: number, keeper: QueueKeeper) =>
      within(keeper.depth(), { ms: DEPTH_MS, what: `counting the messages of ${this.pathOf(q)}` });
    const found = await Promise.all([...this.queues].map(async ([q, keeper]) => [q, await depthOf(q, keeper)] as const));
    return new Map(found);
  }

  /** How many messages every queue shows, and how many dead letters lie beside it; a queue that is away says nothing. */
  async contents(): Promise<Map<number, { messages: number; dead: number; isAway: boolean }>> {
    const contentsOf = async (q: number, keeper: QueueKeeper) => {
      const asked = Promise.all([keeper.depth(), keeper.deadDepth()]);
      const [{ visible, inFlight }, dead] = await within(asked, {
        ms: DEPTH_MS,
        what: `counting the messages of ${this.pathOf(q)}`,
      });
      return [q, { messages: visible + inFlight, dead, isAway: keeper.isAway === true }] as const;
    };
    return new Map(await Promise.all([...this.queues].map(([q, keeper]) => contentsOf(q, keeper))));
  }

  /** Slows store `part` down. Throws: RangeError for one that cannot be, which `refusals.ts` turns away. */
  async slow(part: number, factor: number): Promise<void> {
    const keeper = this.stores.get(part);
    if (keeper?.slow === undefined) throw new RangeError(`the live world cannot slow ${this.plan.parts[part]?.path}`);
    await keeper.slow(factor);
  }

  /** The ledger's lines that stores keep, and those that dead letters are; what is left to do, by message and by action. */
  async readBack(at_ms: number): Promise<{ effects: LiveEffect[]; left: Set<string>; actions: Set<number> }> {
    const effects: LiveEffect[] = [];
    for (const [i, keeper] of this.stores) {
      const lines = async () => {
        for await (const line of keeper.readBack()) effects.push(line);
      };
      await within(lines(), { ms: PART_MS, what: `reading back ${this.pathOf(i)}` });
    }
    const found = await Promise.all([...this.queues].map(([q, keeper]) => this.foundIn(q, keeper)));
    const followed = followedQueues(this.plan);
    const left = new Set(found.flatMap(({ messages }) => messages.map(({ id }) => id)));
    const actions = new Set(found.flatMap(({ messages }) => messages.map(({ story }) => story.action)));
    const effect = this.plan.effects.find((e) => e.role === 'dead-lettered')?.name;
    for (const { queue, dead } of found) {
      for (const { message, receives } of dead) {
        const line = { at_ms, entity: message.story.action, cause: message.id, attempt: receives, count: 1 };
        if (effect !== undefined) effects.push({ ...line, part: this.pathOf(queue), effect });
        if (followed.has(queue)) actions.add(message.story.action);
      }
    }
    return { effects, left, actions };
  }

  /** How long it may take until every queue shows all its messages: those that a consumer had are hidden for a while. */
  get hidden_ms(): number {
    return Math.max(0, ...[...this.queues.keys()].map((queue) => this.hiddenMs(queue)));
  }

  private hiddenMs(queue: number): number {
    const part = this.plan.parts[queue];
    return part?.values.visibility_timeout_s === undefined ? 0 : numberOf(part, 'visibility_timeout_s') * 1000;
  }

  private async foundIn(queue: number, keeper: QueueKeeper) {
    const wait = { ms: PART_MS + this.hiddenMs(queue), what: `reading back ${this.pathOf(queue)}` };
    const messages = await within(keeper.left(), wait);
    return { queue, messages, dead: await within(keeper.dead(), wait) };
  }

  async dispose(): Promise<void> {
    const parts = [...this.queues, ...this.stores];
    await Promise.all(
      parts.map(([i, keeper]) => within(keeper.dispose(), { ms: PART_MS, what: `taking away ${this.pathOf(i)}` })),
    );
  }

  private pathOf(part: number): string {
    return this.plan.parts[part]?.path ?? '';
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
