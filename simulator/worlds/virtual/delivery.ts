import { mix } from '../../domain/draws.ts';
import type { Channel } from './channels/channel.ts';
import { Deliveries, MESSAGE, Messages } from './channels/messages.ts';
import { FAILURE } from './walk.ts';
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
    t.tell(m, stories, story);
    frames.key[c] = mix(t.key[m] as number, t.receives[m] as number);
  }

  /** The consumer has its messages and begins. */
  begun(c: number): void {
    const { frames, queues } = this.world;
    const queue = queues[frames.parentGeneration[c] as number] as Channel;
    for (let d = frames.parent[c] as number; d >= 0; d = this.deliveries.next[d] as number) queue.inTransit--;
  }

  /** The current message is worked off (or has failed) at the frame's clock; true when the consumer goes on with another. */
  advance(c: number, isDone: boolean): boolean {
    const { frames, calls, effects, queues, recorder, routes } = this.world;
    const d = frames.message[c] as number;
    this.world.tracer?.processed(c, isDone ? 0 : FAILURE.failed, frames.clock[c] as number);
    if (!isDone && (queues[frames.parentGeneration[c] as number] as Channel).isOrdered) return false;
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

  /** The consumer is done: finished messages are deleted if the channel lets them, the others come back as it has it. */
  settle(c: number): void {
    const q = this.world.frames.parentGeneration[c] as number;
    const queue = this.world.queues[q] as Channel;
    const first = this.world.frames.parent[c] as number;
    let deleted = 0;
    const isRefused = queue.isStopped || (queue.isAllOrNothing && !this.isWhole(first));
    for (let d = isRefused ? -1 : first; d >= 0; d = this.deliveries.next[d] as number) {
      if (this.deliveries.isDone[d] === 0) continue;
      this.erase(queue, d);
      deleted++;
    }
    if (deleted > 0) queue.metersDelete(deleted);
    this.abandon(c);
  }

  /** Whether everything from delivery `d` on is worked off. */
  private isWhole(d: number): boolean {
    for (let at = d; at >= 0; at = this.deliveries.next[at] as number) if (this.deliveries.isDone[at] === 0) return false;
    return true;
  }

  /** The consumer is gone; what it had not deleted comes back at once or when its visibility timeout is over. */
  abandon(c: number): void {
    const { dispatch, frames, now, queues } = this.world;
    const q = frames.parentGeneration[c] as number;
    const queue = queues[q] as Channel;
    this.world.tracer?.processed(c, FAILURE.failed, now);
    queue.batchesOut--;
    for (let d = frames.parent[c] as number; d >= 0; ) {
      const next = this.deliveries.next[d] as number;
      if (queue.returnsAtOnce) this.returned(q, d);
      this.deliveries.release(d);
      d = next;
    }
    frames.release(c);
    if (queue.returnsAtOnce) dispatch.look(q);
  }

  /** Delivery `d` ends without an acknowledgement: its message goes back, or is gone if it was acknowledged when it was handed out. */
  private returned(q: number, d: number): void {
    const m = this.deliveries.message[d] as number;
    if (this.messages.generation[m] !== this.deliveries.generation[d]) return;
    const queue = this.world.queues[q] as Channel;
    if (this.messages.state[m] === MESSAGE.inFlight && !queue.forgets) {
      this.giveBack(q, m);
      return;
    }
    if (this.messages.state[m] === MESSAGE.inFlight) queue.inFlight--;
    this.remove(queue, m);
  }

  /** Deletes the message of delivery `d` unless it was received again meanwhile (then the old receipt is void). */
  private erase(queue: Channel, d: number): void {
    const m = this.deliveries.message[d] as number;
    if (this.messages.generation[m] !== this.deliveries.generation[d]) return;
    if (this.messages.state[m] === MESSAGE.inFlight) {
      queue.inFlight--;
      this.remove(queue, m);
    } else if (this.messages.state[m] === MESSAGE.visible && !queue.isOrdered) this.messages.state[m] = MESSAGE.deleted;
  }

  /** Message `m` is in no queue any more. */
  drop(m: number): void {
    this.messages.release(m);
    this.live--;
  }

  /** Message `m`, which `queue` held, is in no queue any more. */
  remove(queue: Channel, m: number): void {
    queue.left(m);
    this.drop(m);
  }

  /** The visibility timeout of message `m` of queue `q` is over. */
  reappear(q: number, m: number): void {
    const isBack = this.giveBack(q, m);
    // A dead letter lets the rest of its group go on.
    if (isBack || (this.world.queues[q] as Channel).isOrdered) this.world.dispatch.look(q);
  }

  /** Message `m` of queue `q` was not worked off: it goes to the dead letters, or back; true when it is back. */
  private giveBack(q: number, m: number): boolean {
    const { effects, followUps, queues, now } = this.world;
    const queue = queues[q] as Channel;
    const t = this.messages;
    queue.inFlight--;
    if ((t.receives[m] as number) >= queue.receivesMax) {
      effects.deadLettered(q, m);
      followUps.deadLettered(q, m);
      this.remove(queue, m);
      return false;
    }
    t.state[m] = MESSAGE.visible;
    t.visibleAt[m] = now;
    queue.back(m, now);
    effects.cameBack(q, m);
    return true;
  }

  /** Whether message `m` is still in flight from the receive with this generation. */
  isInFlight(m: number, generation: number): boolean {
    return this.messages.generation[m] === generation && this.messages.state[m] === MESSAGE.inFlight;
  }

  /** Publications that some queue still holds. */
  pendingCauses(): Uint8Array {
    const pending = new Uint8Array(this.world.effects.causes.count);
    for (const m of this.messages.waiting()) pending[this.messages.cause[m] as number] = 1;
    return pending;
  }

  /** Actions that a message is under way for. */
  actions(): number[] {
    return [...this.messages.waiting()].map((m) => this.messages.action[m] as number);
  }
}
