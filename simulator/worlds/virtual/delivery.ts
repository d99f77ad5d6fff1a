import { quantile } from '../../domain/distribution.ts';
import { mix } from '../../domain/draws.ts';
import type { EffectRole } from '../../domain/plan.ts';
import { Deliveries, MESSAGE, Messages } from './channels/messages.ts';
import type { SqsQueue } from './channels/sqs.ts';
import { CauseTable } from './engine/cause-table.ts';
import { EVENT } from './engine/events.ts';
import { FRAME } from './engine/frames.ts';
import type { World } from './world.ts';

/** Messages from publish to done: queues, consumers, redelivery, dead letters, and the ledger lines that come of them. */
export class Delivery {
  readonly messages = new Messages();
  /** Messages that some queue still holds. */
  live = 0;
  readonly causes = new CauseTable();
  private readonly deliveries = new Deliveries();
  private readonly world: World;
  /** By queue part: component that consumes it, its part, its place among all consumers, and whether its part is a function. */
  private readonly consumerOf: Int32Array;
  private readonly consumerPart: Int32Array;
  private readonly consumerIndex: Int32Array;
  /** Queues that feed a part. */
  private readonly feeds: number[][];
  private readonly roles: Map<EffectRole, number>;
  private readonly attributes: Float64Array[][];

  constructor(world: World) {
    const { plan } = world.cell;
    this.world = world;
    this.consumerOf = new Int32Array(plan.parts.length).fill(-1);
    this.consumerPart = new Int32Array(plan.parts.length).fill(-1);
    this.consumerIndex = new Int32Array(plan.parts.length).fill(-1);
    this.feeds = plan.parts.map(() => []);
    let index = 0;
    for (const c of plan.events.flatMap((e) => e.consumers)) {
      const part = plan.components[c.component]?.part ?? -1;
      this.consumerOf[c.queue] = c.component;
      this.consumerPart[c.queue] = part;
      this.consumerIndex[c.queue] = index++;
      this.feeds[part]?.push(c.queue);
    }
    this.roles = new Map(plan.effects.map((e, i) => [e.role, i]));
    this.attributes = plan.events.map((e) => e.consumers.map((c) => attributeTable(world, c.attribute)));
  }

  /** Messages that event `event` of `user` makes for its consumer `k`. */
  private messagesFor(event: number, k: number, user: number): number {
    const consumer = this.world.cell.plan.events[event]?.consumers[k];
    if (consumer === undefined || consumer.each === 0) return 1;
    const amount = this.attributes[event]?.[k]?.[user] ?? 1;
    return Math.max(1, Math.ceil(amount / consumer.each));
  }

  /** Messages that all consumers of `event` get from `user`. */
  messagesOf(event: number, user: number): number {
    const consumers = this.world.cell.plan.events[event]?.consumers.length ?? 0;
    let sum = 0;
    for (let k = 0; k < consumers; k++) sum += this.messagesFor(event, k, user);
    return sum;
  }

  /** Frame `f` publishes `event`: one queue per consumer. A repeated attempt of an idempotent component sends only what is missing. */
  publish(f: number, event: number): void {
    const { frames, cell, queues, now, operate } = this.world;
    const planned = cell.plan.events[event];
    if (planned === undefined) throw new RangeError('unknown event');
    const action = frames.stories.action[frames.story[f] as number] as number;
    const cause = frames.stories.cause[frames.story[f] as number] as number;
    if (this.isIdempotent(f) && !this.causes.markPublished(cause, action, event)) return;
    let slowest = 0;
    for (let k = 0; k < planned.consumers.length; k++) {
      const q = planned.consumers[k]?.queue as number;
      const queue = queues[q] as SqsQueue;
      const n = this.messagesFor(event, k, frames.stories.user[frames.story[f] as number] as number);
      queue.metersSends(n);
      operate.arrived(this.consumerPart[q] as number, n);
      const key = mix(frames.key[f] as number, 0x9e77 + event * 31 + k);
      for (let i = 0; i < n; i++) {
        const c = this.causes.add();
        const m = this.enqueue(f, q, mix(key, i), c);
        this.record('published', f, action, c);
        if (queue.isDuplicated()) this.enqueue(f, q, this.messages.key[m] as number, c);
      }
      slowest = Math.max(slowest, queue.sendMs());
      this.dispatch(q);
    }
    frames.clock[f] = now + slowest;
  }

  private enqueue(f: number, q: number, key: number, cause: number): number {
    const { frames, queues, now } = this.world;
    const m = this.messages.take();
    const t = this.messages;
    t.action[m] = frames.stories.action[frames.story[f] as number] as number;
    t.session[m] = frames.stories.session[frames.story[f] as number] as number;
    t.user[m] = frames.stories.user[frames.story[f] as number] as number;
    t.object[m] = frames.stories.object[frames.story[f] as number] as number;
    t.key[m] = key;
    t.cause[m] = cause;
    t.publishedAt[m] = now;
    t.visibleAt[m] = now;
    (queues[q] as SqsQueue).visible.push(m);
    this.live++;
    return m;
  }

  /** Pool `part` may have room: its queues hand out what they can. */
  feed(part: number): void {
    const queues = this.feeds[part] as number[];
    if (queues.length === 0) return;
    for (let k = 0; k < queues.length; k++) this.dispatch(queues[k] as number);
  }

  /** Messages that wait in the queues of `part`. */
  waitingFor(part: number): number {
    let sum = 0;
    for (const q of this.feeds[part] as number[]) sum += (this.world.queues[q] as SqsQueue).visible.length;
    return sum;
  }

  /** The batch window of queue `q` is over. */
  windowOver(q: number): void {
    (this.world.queues[q] as SqsQueue).isWaiting = false;
    this.dispatch(q);
  }

  /** Hands out messages of queue `q` as long as its consumer takes them. */
  private dispatch(q: number): void {
    const { servers, gpus, queues, now } = this.world;
    const queue = queues[q] as SqsQueue;
    const part = this.consumerPart[q] as number;
    const server = servers[part];
    const gpu = gpus[part];
    if (server === undefined && gpu === undefined) {
      const allowed = queue.allowance(now);
      while (queue.visible.length > 0 && queue.batchesOut < allowed) if (!this.handOut(q, queue.batchSize)) return;
      return;
    }
    if (queue.visible.length === 0) return;
    queue.allowance(now);
    if (server !== undefined) while (server.free > 0 && server.queue.length === 0 && this.handOut(q, 1));
    else if (gpu !== undefined) while (gpu.room - queue.inTransit > 0 && this.handOut(q, 1));
  }

  /** Gives up to `most` messages to a consumer frame; false when there is none to give now. */
  private handOut(q: number, most: number): boolean {
    const { frames, queues, servers, events, now, calls } = this.world;
    const queue = queues[q] as SqsQueue;
    if (most > 1 && this.awaitsWindow(q, queue, most)) return false;
    let first = -1;
    let last = -1;
    let n = 0;
    while (n < most) {
      const m = this.takeVisible(queue);
      if (m < 0) break;
      queue.receive(this.messages, m, now);
      const d = this.deliveries.take(m, this.messages.generation[m] as number);
      if (last < 0) first = d;
      else this.deliveries.next[last] = d;
      last = d;
      n++;
    }
    if (n === 0) return false;
    queue.metersReceive(n);
    queue.batchesOut++;
    queue.inTransit += n;
    this.world.operate.watchQueue(q);
    const c = frames.take(frames.stories.take());
    frames.kind[c] = FRAME.consumer;
    frames.parent[c] = first;
    frames.parentGeneration[c] = q;
    frames.component[c] = this.consumerOf[q] as number;
    frames.part[c] = this.consumerPart[q] as number;
    this.load(c, first);
    const server = servers[frames.part[c] as number];
    if (server !== undefined) calls.hold(c, server.occupy(now));
    events.push(now + queue.deliveryMs(), EVENT.arrive, c, frames.generation[c] as number);
    return true;
  }

  private awaitsWindow(q: number, queue: SqsQueue, most: number): boolean {
    if (queue.windowMs <= 0 || queue.visible.length >= most) return false;
    const { events, now } = this.world;
    const oldest = this.messages.visibleAt[queue.visible.peek()] as number;
    if (now >= oldest + queue.windowMs) return false;
    if (!queue.isWaiting) {
      queue.isWaiting = true;
      events.push(oldest + queue.windowMs, EVENT.dispatch, q, 0);
    }
    return true;
  }

  private takeVisible(queue: SqsQueue): number {
    for (let m = queue.visible.shift(); m >= 0; m = queue.visible.shift()) {
      if (this.messages.state[m] === MESSAGE.visible) return m;
      this.drop(m);
    }
    return -1;
  }

  /** Makes delivery `d` the one that consumer `c` works on. */
  private load(c: number, d: number): void {
    const { frames } = this.world;
    const t = this.messages;
    const m = this.deliveries.message[d] as number;
    frames.message[c] = d;
    const { stories } = frames;
    const story = stories.own(frames.story[c] as number);
    frames.story[c] = story;
    stories.operation[story] = -1;
    stories.action[story] = t.action[m] as number;
    stories.session[story] = t.session[m] as number;
    stories.user[story] = t.user[m] as number;
    stories.object[story] = t.object[m] as number;
    stories.cause[story] = t.cause[m] as number;
    stories.attempt[story] = t.receives[m] as number;
    frames.key[c] = mix(t.key[m] as number, t.receives[m] as number);
  }

  /** The consumer has its messages and begins. */
  begun(c: number): void {
    const { frames, queues } = this.world;
    const queue = queues[frames.parentGeneration[c] as number] as SqsQueue;
    for (let d = frames.parent[c] as number; d >= 0; d = this.deliveries.next[d] as number) queue.inTransit--;
  }

  /** The current message is worked off (or has failed) at the frame's clock; true when the consumer goes on with another. */
  advance(c: number, isDone: boolean): boolean {
    const { frames, calls, recorder } = this.world;
    const d = frames.message[c] as number;
    if (isDone) {
      this.deliveries.isDone[d] = 1;
      const m = this.deliveries.message[d] as number;
      const isFirst = this.causes.markDone(frames.stories.cause[frames.story[c] as number] as number);
      const q = frames.parentGeneration[c] as number;
      if (isFirst)
        recorder.lag(this.consumerIndex[q] as number, this.messages.publishedAt[m] as number, frames.clock[c] as number);
    }
    const next = this.deliveries.next[d] as number;
    if (next < 0) return false;
    this.load(c, next);
    calls.again(c);
    return true;
  }

  /** The consumer is done with its batch: finished messages are deleted, the others come back by themselves. */
  settle(c: number): void {
    const q = this.world.frames.parentGeneration[c] as number;
    const queue = this.world.queues[q] as SqsQueue;
    let deleted = 0;
    for (let d = this.world.frames.parent[c] as number; d >= 0; d = this.deliveries.next[d] as number) {
      if (this.deliveries.isDone[d] === 1 && this.erase(queue, d)) deleted++;
    }
    if (deleted > 0) queue.metersDelete(deleted);
    this.abandon(c);
  }

  /** The consumer is gone; what it had not deleted comes back when its visibility timeout is over. */
  abandon(c: number): void {
    const { frames, queues } = this.world;
    const queue = queues[frames.parentGeneration[c] as number] as SqsQueue;
    queue.batchesOut--;
    for (let d = frames.parent[c] as number; d >= 0; ) {
      const next = this.deliveries.next[d] as number;
      this.deliveries.release(d);
      d = next;
    }
    frames.release(c);
  }

  /** Deletes the message of delivery `d` unless it was received again meanwhile (then the old receipt is void). */
  private erase(queue: SqsQueue, d: number): boolean {
    const m = this.deliveries.message[d] as number;
    if (this.messages.generation[m] !== this.deliveries.generation[d]) return true;
    if (this.messages.state[m] === MESSAGE.inFlight) {
      queue.inFlight--;
      this.drop(m);
    } else if (this.messages.state[m] === MESSAGE.visible) this.messages.state[m] = MESSAGE.deleted;
    return true;
  }

  private drop(m: number): void {
    this.messages.release(m);
    this.live--;
  }

  /** The visibility timeout of message `m` of queue `q` is over: it shows again, or goes to the dead letters. */
  reappear(q: number, m: number): void {
    const { queues, now, ledger } = this.world;
    const queue = queues[q] as SqsQueue;
    const t = this.messages;
    queue.inFlight--;
    const isOld = now - (t.publishedAt[m] as number) > queue.retentionMs;
    if ((t.receives[m] as number) >= queue.receivesMax || isOld) {
      queue.deadLettered++;
      const effect = this.roles.get('dead-lettered') ?? -1;
      const cause = t.cause[m] as number;
      if (!this.causes.isDone(cause)) ledger.record(effect, now, t.action[m] as number, cause, q, t.receives[m] as number, 1);
      this.drop(m);
      return;
    }
    t.state[m] = MESSAGE.visible;
    t.visibleAt[m] = now;
    queue.visible.push(m);
    this.dispatch(q);
  }

  /** Whether message `m` is still in flight from the receive with this generation. */
  isInFlight(m: number, generation: number): boolean {
    return this.messages.generation[m] === generation && this.messages.state[m] === MESSAGE.inFlight;
  }

  private isIdempotent(f: number): boolean {
    const component = this.world.frames.component[f] as number;
    return component < 0 || this.world.cell.plan.components[component]?.idempotent === true;
  }

  /** A write took place and is answered `at`: its effect goes to the ledger, unless it was applied before and is guarded against repeats. */
  written(f: number, detail: number, row: number, at: number): void {
    const effect = detail >> 1;
    if (effect < 0) return;
    const { frames, cell, ledger, client, edges } = this.world;
    const action = frames.stories.action[frames.story[f] as number] as number;
    const isFirst = this.causes.markApplied(frames.stories.cause[frames.story[f] as number] as number, action, effect);
    if (!isFirst && ((detail & 1) === 1 || this.isIdempotent(f))) {
      this.record('suppressed', f, action, frames.stories.cause[frames.story[f] as number] as number);
      return;
    }
    const planned = cell.plan.effects[effect];
    const isAccepted = planned?.role === 'accepted';
    const count = isAccepted
      ? this.promisesOf(
          frames.stories.operation[frames.story[f] as number] as number,
          frames.stories.user[frames.story[f] as number] as number,
        )
      : 1;
    const part = frames.part[f] as number;
    ledger.record(
      effect,
      at,
      action,
      frames.stories.cause[frames.story[f] as number] as number,
      part,
      frames.stories.attempt[frames.story[f] as number] as number,
      count,
    );
    for (const edge of edges) edge?.changed(at, row);
    if (!isAccepted) return;
    cell.plan.entities.forEach((e, i) => {
      if (e.accepted === effect) client.accepted(i, row, action);
    });
  }

  private promisesOf(operation: number, user: number): number {
    let sum = 0;
    for (const event of this.world.promises[operation] ?? []) sum += this.messagesOf(event, user);
    return sum;
  }

  shown(f: number, entity: number): void {
    this.record('shown', f, entity, -1);
  }

  staleRead(f: number): void {
    this.record(
      'stale-read',
      f,
      this.world.frames.stories.action[this.world.frames.story[f] as number] as number,
      this.world.frames.stories.cause[this.world.frames.story[f] as number] as number,
    );
  }

  private record(role: EffectRole, f: number, entity: number, cause: number): void {
    const effect = this.roles.get(role);
    if (effect === undefined) return;
    const { frames, ledger, now } = this.world;
    ledger.record(
      effect,
      now,
      entity,
      cause,
      frames.part[f] as number,
      frames.stories.attempt[frames.story[f] as number] as number,
      1,
    );
  }

  /** Publications that some queue still holds. */
  pendingCauses(): Uint8Array {
    const pending = new Uint8Array(this.causes.count);
    for (let m = 0; m < this.messages.used; m++) {
      const state = this.messages.state[m];
      if (state === MESSAGE.visible || state === MESSAGE.inFlight) pending[this.messages.cause[m] as number] = 1;
    }
    return pending;
  }
}

/** The attribute of every user by popularity rank: rank 0 has the law's highest value. */
function attributeTable(world: World, name: string): Float64Array {
  const { users } = world.cell.plan;
  const law = users.attributes[name];
  if (law === undefined) return new Float64Array(0);
  return Float64Array.from({ length: users.count }, (_, rank) => quantile(law, 1 - (rank + 0.5) / users.count));
}
