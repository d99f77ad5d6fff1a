import type { Message, Story } from './contract.ts';

/** Name of the W3C trace context in HTTP headers, message attributes of SQS and headers of AMQP. */
export const TRACEPARENT = 'traceparent';

/** A story without its trace context, which travels beside it as the carrier has it. */
export function parted({ traceparent, ...story }: Story): { story: Story; traceparent: string | undefined } {
  return { story, traceparent };
}

/** A story with the trace context that came beside it, if one did. */
export function joined(story: Story, traceparent: unknown): Story {
  return typeof traceparent === 'string' ? { ...story, traceparent } : story;
}

/** A message as text, without its trace context. */
export function bodyOf(message: Message): string {
  return JSON.stringify({ ...message, story: parted(message.story).story });
}

/** The message of a text, with the trace context that came beside it. */
export function messageIn(body: string, traceparent: unknown): Message {
  const message = JSON.parse(body) as Message;
  return { ...message, story: joined(message.story, traceparent) };
}
