import type { Message } from '../contract.ts';

/** What Lambda's event source for Amazon MQ hands to a function: messages by queue, their bytes in base64. */
export interface RabbitmqEvent {
  eventSource: 'aws:rmq';
  rmqMessagesByQueue: Record<string, { basicProperties: { headers: { 'x-delivery-count': number } }; data: string }[]>;
}

export function rabbitmqEvent(queue: string, batch: readonly { message: Message; receives: number }[]): RabbitmqEvent {
  const messages = batch.map(({ message, receives }) => ({
    basicProperties: { headers: { 'x-delivery-count': receives - 1 } },
    data: Buffer.from(JSON.stringify(message)).toString('base64'),
  }));
  return { eventSource: 'aws:rmq', rmqMessagesByQueue: { [`${queue}::/`]: messages } };
}

/** The messages in such an event, in order. */
export function messagesIn({ rmqMessagesByQueue }: RabbitmqEvent): { message: Message; receives: number }[] {
  return Object.values(rmqMessagesByQueue)
    .flat()
    .map(({ basicProperties, data }) => ({
      message: JSON.parse(Buffer.from(data, 'base64').toString()) as Message,
      receives: basicProperties.headers['x-delivery-count'] + 1,
    }));
}
