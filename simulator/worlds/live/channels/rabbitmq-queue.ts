import type { Channel, MessageProperties, Options } from 'amqplib';
import { mean } from '../../../domain/distribution.ts';
import type { Part } from '../../../domain/plan.ts';
import type { Message, RunSheet } from '../contract.ts';
import { nameOf } from '../names.ts';
import { bodyOf, messageIn, TRACEPARENT } from '../trace-context.ts';

/** From so many redeliveries on a plan means that there is no limit (`plan/parameters/rabbitmq.ts`). */
const NO_LIMIT = 1_000_000_000;
/** How often a message of a classic queue was delivered before: written by the consumer that puts it back. */
const DELIVERED = 'x-placement-delivered';

interface Arrived {
  content: Buffer;
  fields: { redelivered: boolean };
  properties: MessageProperties;
}

/**
 * One queue of the plan as the broker knows it: its names, how it is declared, how messages are written and read.
 *
 * Everybody who uses it declares it, so that one that a broker has forgotten is there again. Dead letters go to a queue beside it.
 */
export class RabbitmqQueueDeclaration {
  readonly name: string;
  readonly deadName: string;
  readonly url: string;
  readonly isDurable: boolean;
  readonly isQuorum: boolean;
  readonly confirms: boolean;
  readonly isAutomatic: boolean;
  readonly prefetch: number;
  /** Redeliveries that are allowed, or infinity. */
  readonly limit: number;
  /** How long a publisher waits for a broker that has stopped reading. */
  readonly patienceMs: number;
  private readonly bytes: number;

  constructor(part: Part, sheet: RunSheet) {
    if (sheet.addresses.rabbitmq === undefined) throw new Error('a queue on RabbitMQ in a run whose stack has none');
    const { words, values } = part;
    this.url = sheet.addresses.rabbitmq.url;
    this.name = nameOf(sheet.namespace, part.path);
    this.deadName = `${this.name}.dead`;
    this.isDurable = words.durable === 'yes';
    this.isQuorum = words.queue === 'quorum';
    this.confirms = words.confirms === 'yes';
    this.isAutomatic = words.ack === 'automatic';
    this.prefetch = Math.round(mean(values.prefetch as number));
    const limit = Math.round(mean(values.delivery_limit as number));
    this.limit = limit >= NO_LIMIT ? Number.POSITIVE_INFINITY : limit;
    const broker = sheet.plan.parts.find(({ kind }) => kind === 'broker');
    this.patienceMs = mean(broker?.values.publish_timeout_ms as number);
    this.bytes = (sheet.plan.events.find(({ name }) => name === words.event)?.kb ?? 0) * 1_000;
  }

  async declare(channel: Channel): Promise<void> {
    await channel.assertQueue(this.deadName, { durable: this.isDurable });
    const dead = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': this.deadName };
    const limit = this.limit === Number.POSITIVE_INFINITY ? {} : { 'x-delivery-limit': this.limit };
    const quorum = this.isQuorum ? { 'x-queue-type': 'quorum', ...limit } : {};
    await channel.assertQueue(this.name, { durable: this.isDurable, arguments: { ...dead, ...quorum } });
  }

  /** A message as bytes: spaces after its JSON make it as heavy as the plan says. */
  encode(message: Message): Buffer {
    return Buffer.from(bodyOf(message).padEnd(this.bytes));
  }

  decode({ content, properties }: Arrived): Message {
    return messageIn(content.toString(), properties.headers?.[TRACEPARENT]);
  }

  /** Properties of a message that was delivered `delivered` times before. */
  properties(message: Message, delivered = 0): Options.Publish {
    const { traceparent } = message.story;
    const headers = {
      ...(delivered > 0 ? { [DELIVERED]: delivered } : {}),
      ...(traceparent === undefined ? {} : { [TRACEPARENT]: traceparent }),
    };
    return {
      persistent: this.isDurable,
      messageId: message.id,
      contentType: 'application/json',
      ...(Object.keys(headers).length > 0 ? { headers } : {}),
    };
  }

  /**
   * How often a message has been delivered, this time included.
   *
   * A quorum queue counts in the message. A classic queue says only that there was a delivery before whose consumer went away; the
   * failures before that are counted by the consumers, in a header of what they put back.
   */
  receivesOf({ fields, properties }: Arrived): number {
    const headers: Record<string, unknown> = properties.headers ?? {};
    if (this.isQuorum) return Number(headers['x-delivery-count'] ?? 0) + 1;
    return Number(headers[DELIVERED] ?? 0) + (fields.redelivered ? 1 : 0) + 1;
  }

  /** The same for a message that was given up on: a quorum queue takes its count off, and gives up after the limit only. */
  receivesOfDead(arrived: Arrived): number {
    return this.isQuorum ? this.limit + 1 : this.receivesOf(arrived);
  }
}
