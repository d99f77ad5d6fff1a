import type { Broker } from './channels/broker.ts';
import { MESSAGE } from './channels/messages.ts';
import { RabbitmqQueue } from './channels/rabbitmq.ts';
import { FLAG, FRAME } from './engine/frames.ts';
import type { World } from './world.ts';

/** The broker of a plan from outside: it can be stopped and started, and everything that follows happens to its queues. */
export class BrokerDesk {
  readonly broker: Broker;
  private readonly world: World;

  constructor(world: World, broker: Broker) {
    this.world = world;
    this.broker = broker;
  }

  /**
   * Stops the broker: publishers fail or lose what they send, nothing is handed out, acknowledgements reach nobody.
   *
   * Durable messages are there again after `resume`, those that consumers had at hand included, so that these are worked on twice; what
   * is not durable is gone, unless a consumer already works on it.
   */
  stop(): void {
    if (this.broker.isStopped) return;
    this.broker.isStopped = true;
    this.broker.forgetWork(this.world.now);
    this.world.queues.forEach((queue, q) => {
      if (!(queue instanceof RabbitmqQueue)) return;
      this.dropReceipts(q, queue);
      queue.connectionLost(this.world.now);
    });
  }

  /** Starts it again: what it still has goes out. */
  resume(): void {
    if (!this.broker.isStopped) return;
    this.broker.isStopped = false;
    this.world.queues.forEach((queue, q) => {
      if (queue instanceof RabbitmqQueue) this.world.dispatch.look(q);
    });
  }

  /** Consumers keep what they work on, but can no longer acknowledge it. */
  private dropReceipts(q: number, queue: RabbitmqQueue): void {
    if (queue.forgets) return;
    const { frames, delivery } = this.world;
    const { deliveries } = delivery;
    for (let c = 0; c < frames.used; c++) {
      const isConsumer = ((frames.flags[c] as number) & FLAG.alive) !== 0 && frames.kind[c] === FRAME.consumer;
      if (!isConsumer || frames.parentGeneration[c] !== q) continue;
      for (let d = frames.parent[c] as number; d >= 0; d = deliveries.next[d] as number) this.dropReceipt(queue, d);
    }
  }

  private dropReceipt(queue: RabbitmqQueue, d: number): void {
    const { now, delivery } = this.world;
    const { deliveries, messages } = delivery;
    const m = deliveries.message[d] as number;
    if (!delivery.isInFlight(m, deliveries.generation[d] as number)) return;
    queue.inFlight--;
    if (!queue.isDurable) {
      messages.state[m] = MESSAGE.deleted;
      return;
    }
    messages.state[m] = MESSAGE.visible;
    messages.generation[m] = ((messages.generation[m] as number) + 1) | 0;
    queue.back(m, now);
  }
}
