import { quantile } from '../../domain/distribution.ts';
import { mix } from '../../domain/draws.ts';
import type { SqsQueue } from './channels/sqs.ts';
import type { World } from './world.ts';

/** Publishing: how many messages an event makes for each consumer, and the way of each into its queue. */
export class Publisher {
  private readonly world: World;
  /** By event, consumer and user: units of the attribute that decides how many messages. */
  private readonly attributes: Float64Array[][];

  constructor(world: World) {
    this.world = world;
    this.attributes = world.cell.plan.events.map((e) => e.consumers.map((c) => attributeTable(world, c.attribute)));
  }

  /** Messages that everything which `operation` publishes makes for `user`: what an accepted entity is promised. */
  promisedBy(operation: number, user: number): number {
    let sum = 0;
    for (const event of this.world.promises[operation] ?? []) {
      const consumers = this.world.cell.plan.events[event]?.consumers.length ?? 0;
      for (let k = 0; k < consumers; k++) sum += this.messagesFor(event, k, user);
    }
    return sum;
  }

  /** Messages that event `event` of `user` makes for its consumer `k`. */
  private messagesFor(event: number, k: number, user: number): number {
    const consumer = this.world.cell.plan.events[event]?.consumers[k];
    if (consumer === undefined || consumer.each === 0) return 1;
    const amount = this.attributes[event]?.[k]?.[user] ?? 1;
    return Math.max(1, Math.ceil(amount / consumer.each));
  }

  /**
   * Frame `f` publishes `event`: one queue per consumer; false, and nothing sent, when one of them refuses.
   *
   * A repeated attempt of an idempotent component sends only what is missing.
   */
  publish(f: number, event: number): boolean {
    const { frames, cell, queues, now, effects, dispatch } = this.world;
    const planned = cell.plan.events[event];
    if (planned === undefined) throw new RangeError('unknown event');
    for (const { queue } of planned.consumers) if (queues[queue]?.isStopped) return false;
    const story = frames.story[f] as number;
    const action = frames.stories.action[story] as number;
    if (effects.isIdempotent(f) && !effects.causes.markPublished(frames.stories.cause[story] as number, action, event))
      return true;
    let slowest = 0;
    for (let k = 0; k < planned.consumers.length; k++) {
      const q = planned.consumers[k]?.queue as number;
      const n = this.messagesFor(event, k, frames.stories.user[story] as number);
      this.send(f, q, n, mix(frames.key[f] as number, 0x9e77 + event * 31 + k));
      slowest = Math.max(slowest, (queues[q] as SqsQueue).sendMs());
      dispatch.look(q);
    }
    frames.clock[f] = now + slowest;
    return true;
  }

  /** `n` messages into queue `q`, some of them stored twice. */
  private send(f: number, q: number, n: number, key: number): void {
    const { delivery, effects, frames, operate, queues, routes } = this.world;
    const queue = queues[q] as SqsQueue;
    const action = frames.stories.action[frames.story[f] as number] as number;
    queue.metersSends(n);
    operate.arrived(routes.part[q] as number, n);
    for (let i = 0; i < n; i++) {
      const cause = effects.causes.add();
      const m = this.enqueue(f, queue, mix(key, i), cause);
      effects.record('published', f, action, cause);
      if (queue.isDuplicated()) this.enqueue(f, queue, delivery.messages.key[m] as number, cause);
    }
  }

  private enqueue(f: number, queue: SqsQueue, key: number, cause: number): number {
    const { frames, delivery, now } = this.world;
    const { stories } = frames;
    const story = frames.story[f] as number;
    const t = delivery.messages;
    const m = t.take();
    t.action[m] = stories.action[story] as number;
    t.session[m] = stories.session[story] as number;
    t.user[m] = stories.user[story] as number;
    t.object[m] = stories.object[story] as number;
    t.key[m] = key;
    t.cause[m] = cause;
    t.publishedAt[m] = now;
    t.visibleAt[m] = now;
    queue.visible.push(m);
    delivery.live++;
    return m;
  }
}

/** The attribute of every user by popularity rank: rank 0 has the law's highest value. */
function attributeTable(world: World, name: string): Float64Array {
  const { users } = world.cell.plan;
  const law = users.attributes[name];
  if (law === undefined) return new Float64Array(0);
  return Float64Array.from({ length: users.count }, (_, rank) => quantile(law, 1 - (rank + 0.5) / users.count));
}
