import type { Channel, ChannelModel, GetMessage } from 'amqplib';
import { UnavailableError } from '../../../domain/problem.ts';
import { wait, wallMs } from '../clock.ts';
import type { ChannelKind, Message, QueueKeeper } from '../contract.ts';
import { Link, type LinkUser } from './rabbitmq-link.ts';
import { RabbitmqQueueDeclaration } from './rabbitmq-queue.ts';
import { RabbitmqReceiver } from './rabbitmq-receiver.ts';
import { RabbitmqSender } from './rabbitmq-sender.ts';

const BACK_MS = 10_000;

/**
 * One queue of a broker as the run sees it.
 *
 * Simplified: AMQP tells how many messages are ready, not how many are unacknowledged, so `inFlight` is 0: who looks at the queue's
 * depth while consumers hold prefetched messages does not see those. The end of a run asks the journals, too (`unfinished.ts`).
 */
class RabbitmqQueueKeeper implements QueueKeeper, LinkUser {
  private readonly queue: RabbitmqQueueDeclaration;
  private model: ChannelModel | undefined;
  private link: Link | undefined;
  private visible = 0;

  constructor(queue: RabbitmqQueueDeclaration) {
    this.queue = queue;
  }

  async open(): Promise<this> {
    this.link = await Link.join(this.queue.url, 'consume', this);
    return this;
  }

  async attach(model: ChannelModel): Promise<void> {
    this.model = model;
  }

  async prepare(): Promise<void> {
    await this.onChannel((channel) => this.queue.declare(channel));
  }

  get isAway(): boolean {
    return this.link?.isUp === false;
  }

  /** While the broker is away, what it was last. */
  async depth(): Promise<{ visible: number; inFlight: number }> {
    this.visible = await this.readyIn(this.queue.name, this.visible);
    return { visible: this.visible, inFlight: 0 };
  }

  deadDepth(): Promise<number> {
    return this.readyIn(this.queue.deadName, 0);
  }

  async left(): Promise<Message[]> {
    return (await this.lookedAt(this.queue.name)).map((got) => this.queue.decode(got));
  }

  async dead(): Promise<{ message: Message; receives: number }[]> {
    const dead = await this.lookedAt(this.queue.deadName);
    return dead.map((got) => ({ message: this.queue.decode(got), receives: this.queue.receivesOfDead(got) }));
  }

  async dispose(): Promise<void> {
    try {
      await this.untilUp();
      await this.onChannel(async (channel) => {
        await channel.deleteQueue(this.queue.name);
        await channel.deleteQueue(this.queue.deadName);
      });
    } finally {
      await this.link?.leave(this);
    }
  }

  /** Messages of a queue that nobody has; `last` while the broker is away. */
  private async readyIn(name: string, last: number): Promise<number> {
    if (!this.link?.isUp) return last;
    const asked = this.onChannel(async (channel) => (await channel.checkQueue(name)).messageCount);
    return (await asked.catch(() => last)) ?? 0;
  }

  /** A broker that a fault has just brought back takes a moment until it is connected again. Throws: UnavailableError when it stays away. */
  private async untilUp(): Promise<void> {
    for (const until = wallMs() + BACK_MS; this.link?.isUp === false; await wait(100)) {
      if (wallMs() > until) throw new UnavailableError(`RabbitMQ did not come back within ${BACK_MS / 1000} s`);
    }
  }

  /** Every message of a queue, taken without acknowledging and given back as the channel closes. */
  private async lookedAt(name: string): Promise<GetMessage[]> {
    const all: GetMessage[] = [];
    await this.untilUp();
    await this.onChannel(async (channel) => {
      for (let got = await channel.get(name); got; got = await channel.get(name)) all.push(got);
    });
    return all;
  }

  /** Something on a channel of its own; undefined where the broker has no such queue (any more). */
  private async onChannel<T>(act: (channel: Channel) => Promise<T>): Promise<T | undefined> {
    const asked = this.onAnyChannel(act);
    return this.link?.isUp ? this.link.whileUp(asked) : asked;
  }

  private async onAnyChannel<T>(act: (channel: Channel) => Promise<T>): Promise<T | undefined> {
    const channel = await this.model?.createChannel();
    if (channel === undefined) return undefined;
    channel.on('error', () => undefined);
    try {
      const done = await act(channel);
      await channel.close();
      return done;
    } catch (error) {
      if ((error as { code?: number }).code === 404) return undefined;
      throw error;
    }
  }
}

/** RabbitMQ as a channel of the live world. */
export const rabbitmq: ChannelKind = {
  sender: (part, sheet) => new RabbitmqSender(new RabbitmqQueueDeclaration(part, sheet)).open(),
  receiver: async (part, sheet, o) => new RabbitmqReceiver(new RabbitmqQueueDeclaration(part, sheet), o),
  keeper: (part, sheet) => new RabbitmqQueueKeeper(new RabbitmqQueueDeclaration(part, sheet)).open(),
};
