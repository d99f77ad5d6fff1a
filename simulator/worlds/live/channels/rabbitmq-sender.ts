import { once } from 'node:events';
import type { Channel, ChannelModel, ConfirmChannel } from 'amqplib';
import type { Message, Outcome, Sender } from '../contract.ts';
import { Link, type LinkUser } from './rabbitmq-link.ts';
import type { RabbitmqQueueDeclaration } from './rabbitmq-queue.ts';

/**
 * Puts messages on one queue of a broker.
 *
 * With confirms an answer means that the broker has the message (on disk if both are durable), and `refused` that it may or may not:
 * who tries again may publish it twice. Without confirms nothing is heard: what was sent to a broker that is away is lost, and `ok`.
 */
export class RabbitmqSender implements Sender, LinkUser {
  private readonly queue: RabbitmqQueueDeclaration;
  private link: Link | undefined;
  private channel: Channel | undefined;

  constructor(queue: RabbitmqQueueDeclaration) {
    this.queue = queue;
  }

  async open(): Promise<this> {
    this.link = await Link.join(this.queue.url, 'publish', this);
    return this;
  }

  async attach(model: ChannelModel): Promise<void> {
    const channel = await (this.queue.confirms ? model.createConfirmChannel() : model.createChannel());
    channel.on('error', () => undefined);
    channel.on('close', () => {
      if (this.channel === channel) this.channel = undefined;
    });
    await this.queue.declare(channel);
    this.channel = channel;
  }

  async send(messages: readonly Message[]): Promise<Outcome> {
    const { channel, queue } = this;
    if (channel === undefined) return queue.confirms ? 'refused' : 'ok';
    if (this.link?.isBlocked) return 'throttled';
    if (queue.confirms) return this.confirmed(channel as ConfirmChannel, messages);
    const takesMore = messages.map((message) =>
      channel.sendToQueue(queue.name, queue.encode(message), queue.properties(message)),
    );
    // The socket is full: the broker slows its publishers down, whether they listen or not.
    if (takesMore.at(-1) === false) await Promise.race([once(channel, 'drain'), once(channel, 'close')]);
    return 'ok';
  }

  async close(): Promise<void> {
    const { channel, link } = this;
    // Closing waits until the broker has read all that was sent, which a blocked one does not.
    if (channel) await link?.unlessBlocked(channel.close());
    await link?.leave(this);
  }

  private confirmed(channel: ConfirmChannel, messages: readonly Message[]): Promise<Outcome> {
    const { queue } = this;
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve('refused'), queue.patienceMs);
      const state = { open: messages.length, outcome: 'ok' as Outcome };
      const heard = (error: unknown) => {
        if (error) state.outcome = 'refused';
        if (--state.open > 0) return;
        clearTimeout(timer);
        resolve(state.outcome);
      };
      for (const message of messages) channel.sendToQueue(queue.name, queue.encode(message), queue.properties(message), heard);
    });
  }
}
