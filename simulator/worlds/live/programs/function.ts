import { Disturbances } from '../components/disturbances.ts';
import { openFor, throughGateway } from '../components/open.ts';
import { ownWorkOf } from '../components/own-work.ts';
import { Work } from '../components/work.ts';
import type { Message } from '../contract.ts';
import type { CallAnswer, CallPayload } from '../platforms/function.ts';
import { messagesIn, type RabbitmqEvent } from '../platforms/rabbitmq-event.ts';
import { readSheet } from '../run-sheet.ts';
import { messageIn } from '../trace-context.ts';

/** One record of a batch that the SQS event source hands over. */
interface SqsRecord {
  messageId: string;
  body: string;
  attributes: { ApproximateReceiveCount: string };
  messageAttributes?: { traceparent?: { stringValue?: string } };
}
type SqsEvent = { Records: SqsRecord[] };
/** Asks for nothing but that an environment is there. */
type Warming = { warm: true };

const sheet = readSheet();
const part = Number(process.env.PLACEMENT_PART);
const path = sheet.plan.parts[part]?.path ?? '';
const own = sheet.plan.components.map((c, i) => ({ ...c, index: i })).filter((c) => c.part === part || c.overflow === part);
const call = throughGateway();
const around = await openFor(sheet, { name: `function-${part}`, programs: own.map((c) => c.program), call });
const share = Number(process.env.PLACEMENT_CPU_SHARE ?? 1);
const work = new Work(around, {
  pace: { stretch: 1, ...(share < 1 ? { share } : {}) },
  disturbances: new Disturbances(sheet.folder),
  own: await ownWorkOf(
    around,
    own.map((c) => c.index),
  ),
  // The platform starts provisioned environments before anybody waits for them.
  ...(process.env.AWS_LAMBDA_INITIALIZATION_TYPE === 'provisioned-concurrency' ? {} : { coldSince: performance.timeOrigin }),
});

/**
 * What the platform calls: a component's work for one call, or for each message of a batch, in order.
 *
 * Throws: Error when a message of a batch from RabbitMQ fails, which repeats the batch.
 */
export async function handler(
  event: CallPayload | SqsEvent | RabbitmqEvent | Warming,
): Promise<CallAnswer | { batchItemFailures: { itemIdentifier: string }[] }> {
  // MiniStack waits 50 ms for a line when a call prints none, which would be taken for work.
  if (sheet.addresses.aws?.functions === 'emulator') console.log(path);
  try {
    if ('warm' in event) return work.warmed();
    if ('rmqMessagesByQueue' in event) return await wholeBatch(event);
    if ('Records' in event) return await batch(event);
    const { component, story } = event;
    return { result: await work.answer(component, story, path) };
  } finally {
    // Between calls an environment may be stopped for good.
    around.spans.flush();
  }
}

async function wholeBatch(event: RabbitmqEvent): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> {
  for (const { message, receives } of messagesIn(event)) {
    if (!(await work.take(consumerOf(message), message, { receives, part: path })))
      throw new Error(`${path} did not work ${message.id} off`);
  }
  return { batchItemFailures: [] };
}

async function batch(event: SqsEvent): Promise<{ batchItemFailures: { itemIdentifier: string }[] }> {
  const failures: { itemIdentifier: string }[] = [];
  for (const record of event.Records) {
    const message = messageIn(record.body, record.messageAttributes?.traceparent?.stringValue);
    const receives = Number(record.attributes.ApproximateReceiveCount);
    const isDone = await work.take(consumerOf(message), message, { receives, part: path });
    if (!isDone) failures.push({ itemIdentifier: record.messageId });
  }
  return { batchItemFailures: failures };
}

/** The component of this function that takes the message's event. */
function consumerOf(message: Message): number {
  const event = sheet.plan.events.find((e) => e.name === message.event);
  const consumer = event?.consumers.find((c) => own.some((component) => component.index === c.component));
  if (consumer === undefined) throw new RangeError(`${path} has no consumer of ${message.event}`);
  return consumer.component;
}
