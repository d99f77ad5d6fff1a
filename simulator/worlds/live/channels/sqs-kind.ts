import { GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { Part } from '../../../domain/plan.ts';
import type { ChannelKind, Message } from '../contract.ts';
import { deadNameOf, nameOf, queueNameOf } from '../names.ts';
import { clientsFor } from '../stacks/aws/clients.ts';
import { SqsKeeper } from './sqs-keeper.ts';
import { SqsReceiver } from './sqs-receiver.ts';
import { SqsSender } from './sqs-sender.ts';

/** What a FIFO queue wants to know of a message beside its body. */
export interface Place {
  MessageGroupId: string;
  MessageDeduplicationId: string;
}

/** What tells a FIFO queue from a standard one. */
export interface Form {
  ending: '' | '.fifo';
  attributes: Readonly<Record<string, string>>;
  /** By which a batch is worked off in order, one message after another; each message by itself where there is none. */
  lineOf(message: Message, part: Part): string | undefined;
  /** `deduplication` is that of the publication's message number `n`. */
  placeOf?(message: Message, part: Part, deduplication: string | undefined): Place;
}

/** A queue of the AWS endpoint, in one of its two forms. */
export function sqsKind(form: Form): ChannelKind {
  return {
    async sender(part, sheet) {
      const { sqs, destroy } = clientsFor(sheet, part.path);
      const url = await urlOf(sqs, queueNameOf(sheet.namespace, part));
      const kb = new Map(sheet.plan.events.map((event) => [event.name, event.kb]));
      return new SqsSender({ sqs, url, part, form, bytesOf: (event) => (kb.get(event) ?? 0) * 1024, destroy });
    },
    async receiver(part, sheet, { slots, isDead = false }) {
      const { sqs, destroy } = clientsFor(sheet, part.path);
      const name = queueNameOf(sheet.namespace, part);
      const url = await urlOf(sqs, isDead ? deadNameOf(name) : name);
      return new SqsReceiver({ sqs, url, part, form, slots, isDead, destroy });
    },
    async keeper(part, sheet) {
      return new SqsKeeper({ sqs: clientsFor(sheet, part.path).sqs, part, form, name: nameOf(sheet.namespace, part.path) });
    },
  };
}

async function urlOf(sqs: SQSClient, name: string): Promise<string> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
  return QueueUrl as string;
}
