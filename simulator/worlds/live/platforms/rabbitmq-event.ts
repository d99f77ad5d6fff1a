import type { Message } from '../contract.ts';
import { bodyOf, messageIn, TRACEPARENT } from '../trace-context.ts';

/** What Lambda's event source for Amazon MQ hands to a function: messages by queue, their bytes in base64. */
export interface RabbitmqEvent {
  eventSource: 'aws:rmq';
  rmqMessagesByQueue: Record<
    string,
    { basicProperties: { headers: { 'x-delivery-count': number; [TRACEPARENT]?: string } }; data: string }[]
  >;
}

export function rabbitmqEvent(queue: string, batch: readonly { message: Message; receives: number }[]): RabbitmqEvent {
  const messages = batch.map(({ message, receives }) => ({
    basicProperties: { headers: { 'x-delivery-count': receives - 1, ...contextOf(message) } },
    data: Buffer.from(bodyOf(message)).toString('base64'),
  }));
  return { eventSource: 'aws:rmq', rmqMessagesByQueue: { [`${queue}::/`]: messages } };
}

/** The messages in such an event, in order. */
export function messagesIn({ rmqMessagesByQueue }: RabbitmqEvent): { message: Message; receives: number }[] {
  return Object.values(rmqMessagesByQueue)
    .flat()
    .map(({ basicProperties, data }) => ({
      message: messageIn(Buffer.from(data, 'base64').toString(), basicProperties.headers[TRACEPARENT]),
      receives: basicProperties.headers['x-delivery-count'] + 1,
    }));
}

function contextOf({ story: { traceparent } }: Message): { [TRACEPARENT]?: string } {
  return traceparent === undefined ? {} : { [TRACEPARENT]: traceparent };
}
