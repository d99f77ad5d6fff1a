import { mix } from '../../domain/draws.ts';
import { Deliveries, MESSAGE, Messages } from './channels/messages.ts';
import type { SqsQueue } from './channels/sqs.ts';
import type { World } from './world.ts';

/** Messages in the hands of consumers: begun, worked off one by one, deleted, or back in the queue when they were not. */
export class Delivery {
  readonly messages = new Messages();
  readonly deliveries = new Deliveries();
  /** Messages that some queue still holds. */
  live = 0;
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  /** Makes delivery `d` the one that consumer `c` works on. */
  load(c: number, d: number): void {
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
    const { frames, calls, effects, recorder, routes } = this.world;
    const d = frames.message[c] as number;
    if (isDone) {
      this.deliveries.isDone[d] = 1;
      const m = this.deliveries.message[d] as number;
      const place = routes.place[frames.parentGeneration[c] as number] as number;
      if (effects.workedOff(c)) recorder.lag(place, this.messages.publishedAt[m] as number, frames.clock[c] as number);
    }
    const next = this.deliveries.next[d] as number;
    if (next < 0) return false;
    this.load(c, next);
    calls.again(c);
    return true;
  }

  /** The consumer is done with its batch: finished messages are deleted if the queue lets them, the others come back by themselves. */
  settle(c: number): void {
    const q = this.world.frames.parentGeneration[c] as number;
    const queue = this.world.queues[q] as SqsQueue;
    let deleted = 0;
    for (let d = this.world.frames.parent[c] as number; d >= 0; d = this.deliveries.next[d] as number) {
      if (this.deliveries.isDone[d] === 0 || queue.isStopped) continue;
      this.erase(queue, d);
      deleted++;
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
  private erase(queue: SqsQueue, d: number): void {
    const m = this.deliveries.message[d] as number;
    if (this.messages.generation[m] !== this.deliveries.generation[d]) return;
    if (this.messages.state[m] === MESSAGE.inFlight) {
      queue.inFlight--;
      this.drop(m);
    } else if (this.messages.state[m] === MESSAGE.visible) this.messages.state[m] = MESSAGE.deleted;
  }

  /** Message `m` is in no queue any more. */
  drop(m: number): void {
    this.messages.release(m);
    this.live--;
  }

  /** The visibility timeout of message `m` of queue `q` is over: it goes to the dead letters, or shows again. */
  reappear(q: number, m: number): void {
    const { dispatch, effects, queues, now } = this.world;
    const queue = queues[q] as SqsQueue;
    const t = this.messages;
    queue.inFlight--;
    if ((t.receives[m] as number) >= queue.receivesMax) {
      effects.deadLettered(q, m);
      this.drop(m);
      return;
    }
    t.state[m] = MESSAGE.visible;
    t.visibleAt[m] = now;
    queue.visible.push(m);
    dispatch.look(q);
  }

  /** Whether message `m` is still in flight from the receive with this generation. */
  isInFlight(m: number, generation: number): boolean {
    return this.messages.generation[m] === generation && this.messages.state[m] === MESSAGE.inFlight;
  }

  /** Publications that some queue still holds. */
  pendingCauses(): Uint8Array {
    const pending = new Uint8Array(this.world.effects.causes.count);
    for (let m = 0; m < this.messages.used; m++) {
      const state = this.messages.state[m];
      if (state === MESSAGE.visible || state === MESSAGE.inFlight) pending[this.messages.cause[m] as number] = 1;
    }
    return pending;
  }
}
