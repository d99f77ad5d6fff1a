import type { Channel } from './channels/channel.ts';
import { MESSAGE } from './channels/messages.ts';
import { EVENT } from './engine/events.ts';
import { FRAME } from './engine/frames.ts';
import type { World } from './world.ts';

/** Handing out: which messages of a queue go to whom, as soon as pollers, slots or cards allow. */
export class Dispatch {
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  /** Pool `part` may have room: its queues hand out what they can. */
  feed(part: number): void {
    const queues = this.world.routes.feeding[part] as number[];
    if (queues.length === 0) return;
    for (let k = 0; k < queues.length; k++) this.look(queues[k] as number);
  }

  /** Messages that wait in the queues of `part`. */
  waitingFor(part: number): number {
    let sum = 0;
    for (const q of this.world.routes.feeding[part] as number[]) sum += (this.world.queues[q] as Channel).waiting;
    return sum;
  }

  /** Messages of the queues of `part` that nobody works on and nobody can see: they failed, and wait for their visibility timeout. */
  hiddenFrom(part: number): number {
    let sum = 0;
    for (const q of this.world.routes.feeding[part] as number[]) {
      const queue = this.world.queues[q] as Channel;
      sum += Math.max(0, queue.inFlight - queue.batchesOut);
    }
    return sum;
  }

  /** A look at queue `q` that was put off is due: its batch window is over, or one more poller is there. */
  due(q: number): void {
    (this.world.queues[q] as Channel).isWaiting = false;
    this.look(q);
  }

  /** Hands out messages of queue `q` as long as its consumer takes them. */
  look(q: number): void {
    const { servers, gpus, queues, routes, now } = this.world;
    const queue = queues[q] as Channel;
    if (queue.isStopped) return;
    const part = routes.part[q] as number;
    const server = servers[part];
    const gpu = gpus[part];
    const allowed = queue.allowance(now);
    if (server !== undefined) while (server.free > 0 && server.queue.length === 0 && this.handOut(q, 1));
    else if (gpu !== undefined) while (gpu.room - queue.inTransit > 0 && this.handOut(q, 1));
    else while (queue.batchesOut < allowed && this.handOut(q, queue.batchSize));
    queue.looked();
    if (server === undefined && gpu === undefined) this.lookAgain(q, queue);
  }

  /** A backlog that has all pollers at work is looked at again when there is one more. */
  private lookAgain(q: number, queue: Channel): void {
    if (queue.isWaiting || queue.nextPollerMs === Number.POSITIVE_INFINITY) return;
    queue.isWaiting = true;
    this.world.events.push(this.world.now + queue.nextPollerMs, EVENT.dispatch, q, 0);
  }

  /** Gives up to `most` messages to a consumer frame; false when there is none to give now. */
  private handOut(q: number, most: number): boolean {
    const { delivery, queues, now } = this.world;
    const queue = queues[q] as Channel;
    if (queue.ready === 0 || queue.inFlight + most > queue.inFlightMax) return false;
    if (most > 1 && this.awaitsWindow(q, queue, most)) return false;
    const { deliveries, messages } = delivery;
    let first = -1;
    let last = -1;
    let n = 0;
    while (n < most) {
      const m = this.next(queue, n);
      if (m < 0) break;
      queue.receive(m, now);
      const d = deliveries.take(m, messages.generation[m] as number);
      if (last < 0) first = d;
      else deliveries.next[last] = d;
      last = d;
      n++;
    }
    if (n === 0) return false;
    queue.metersReceive(n);
    queue.batchesOut++;
    queue.inTransit += n;
    this.world.operate.watchQueue(q);
    this.carry(q, queue, first);
    return true;
  }

  /** A consumer frame that carries the deliveries from `first` on to its pool. */
  private carry(q: number, queue: Channel, first: number): void {
    const { frames, routes, servers, events, now, calls, delivery } = this.world;
    const c = frames.take(frames.stories.take());
    const part = routes.part[q] as number;
    frames.kind[c] = FRAME.consumer;
    frames.parent[c] = first;
    frames.parentGeneration[c] = q;
    frames.component[c] = routes.component[q] as number;
    frames.part[c] = part;
    delivery.load(c, first);
    const server = servers[part];
    if (server !== undefined) calls.hold(c, server.occupy(now));
    events.push(now + queue.deliveryMs(now), EVENT.arrive, c, frames.generation[c] as number);
  }

  private awaitsWindow(q: number, queue: Channel, most: number): boolean {
    if (queue.windowMs <= 0 || queue.ready >= most) return false;
    const { delivery, events, now } = this.world;
    const oldest = delivery.messages.visibleAt[queue.peek()] as number;
    if (now >= oldest + queue.windowMs) return false;
    if (!queue.isWaiting) {
      queue.isWaiting = true;
      events.push(oldest + queue.windowMs, EVENT.dispatch, q, 0);
    }
    return true;
  }

  /** The next message for a batch of `n` that was neither deleted meanwhile nor kept beyond the queue's retention, or -1. */
  private next(queue: Channel, n: number): number {
    const { delivery, now } = this.world;
    const { state, publishedAt } = delivery.messages;
    for (let m = queue.take(n); m >= 0; m = queue.take(n)) {
      if (state[m] === MESSAGE.visible && now - (publishedAt[m] as number) <= queue.retentionMs) return m;
      delivery.remove(queue, m);
    }
    return -1;
  }
}
