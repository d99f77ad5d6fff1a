import type { ChannelModel, ConfirmChannel, ConsumeMessage } from 'amqplib';
import type { Handler, Receiver, ReceiverOptions } from '../contract.ts';
import { Link, type LinkUser } from './rabbitmq-link.ts';
import type { RabbitmqQueueDeclaration } from './rabbitmq-queue.ts';

interface Delivery {
  channel: ConfirmChannel;
  arrived: ConsumeMessage;
}

/**
 * Takes messages from one queue of a broker, which pushes: at most `prefetch` unacknowledged ones lie here, `slots` of them at work.
 *
 * What is not acknowledged goes back to the queue: at once when its handling failed, and when this consumer, its connection or the
 * broker goes. With automatic acknowledgement the broker forgets a message as it leaves, however many lie here, and what was not begun
 * when the consumer stops is lost, as it is in the virtual world.
 */
export class RabbitmqReceiver implements Receiver, LinkUser {
  private readonly queue: RabbitmqQueueDeclaration;
  private readonly o: ReceiverOptions;
  private readonly waiting: Delivery[] = [];
  private readonly atWork = new Set<Promise<void>>();
  private link: Link | undefined;
  private consumer: { channel: ConfirmChannel; tag: string } | undefined;
  private handle: Handler | undefined;
  private isStopping = false;

  constructor(queue: RabbitmqQueueDeclaration, o: ReceiverOptions) {
    this.queue = queue;
    this.o = o;
  }

  async start(handle: Handler): Promise<void> {
    this.handle = handle;
    this.link = await Link.join(this.queue.url, 'consume', this);
  }

  async attach(model: ChannelModel): Promise<void> {
    const { queue } = this;
    const channel = await model.createConfirmChannel();
    channel.on('error', () => undefined);
    channel.on('close', () => this.forget(channel));
    await queue.declare(channel);
    if (!this.isAutomatic) await channel.prefetch(this.o.isPoller ? this.o.slots : queue.prefetch);
    const take = (arrived: ConsumeMessage | null) => {
      if (arrived === null) return;
      this.waiting.push({ channel, arrived });
      this.begin();
    };
    // Known before the first message can come.
    const name = this.o.isDead ? queue.deadName : queue.name;
    this.consumer = { channel, tag: name };
    await channel.consume(name, take, { noAck: this.isAutomatic, consumerTag: name });
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    const { consumer } = this;
    // A broker that is away has dropped the consumer by itself.
    await consumer?.channel.cancel(consumer.tag).catch(() => undefined);
    await Promise.all(this.atWork);
    await this.consumer?.channel.close().catch(() => undefined);
    await this.link?.leave(this);
  }

  private get isAutomatic(): boolean {
    return this.queue.isAutomatic && !this.o.isDead && !this.o.isPoller;
  }

  private begin(): void {
    while (!this.isStopping && this.atWork.size < this.o.slots) {
      const delivery = this.waiting.shift();
      if (delivery === undefined) return;
      const work = this.work(delivery);
      this.atWork.add(work);
      void work.then(() => {
        this.atWork.delete(work);
        this.begin();
      });
    }
  }

  private async work({ channel, arrived }: Delivery): Promise<void> {
    const { queue } = this;
    const receives = this.o.isDead ? queue.receivesOfDead(arrived) : queue.receivesOf(arrived);
    const isDone = await this.handle?.(queue.decode(arrived), { receives });
    // Without the channel there is nothing to say: the broker has put the message back already.
    if (this.isAutomatic || this.consumer?.channel !== channel) return;
    if (isDone) channel.ack(arrived);
    else if (queue.isQuorum || queue.limit === Number.POSITIVE_INFINITY) channel.nack(arrived, false, true);
    else if (receives > queue.limit) channel.nack(arrived, false, false);
    else await this.putBack({ channel, arrived }, receives);
  }

  /**
   * A classic queue does not count, so the consumer does: it publishes the message again with its count, and acknowledges the old one
   * when the broker has the new. It goes to the queue's end, and is there twice if the consumer dies in between.
   */
  private putBack({ channel, arrived }: Delivery, delivered: number): Promise<void> {
    const { queue } = this;
    const properties = queue.properties(queue.decode(arrived), delivered);
    return new Promise((resolve) => {
      channel.sendToQueue(queue.name, arrived.content, properties, (error: unknown) => {
        if (!error) channel.ack(arrived);
        resolve();
      });
    });
  }

  /** What lies here unacknowledged goes back to the queue with its channel; what came without need of an acknowledgement stays. */
  private forget(channel: ConfirmChannel): void {
    if (this.consumer?.channel === channel) this.consumer = undefined;
    if (this.isAutomatic) return;
    const others = this.waiting.filter((delivery) => delivery.channel !== channel);
    this.waiting.splice(0, this.waiting.length, ...others);
  }
}
