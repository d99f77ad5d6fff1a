import { setTimeout as sleep } from 'node:timers/promises';
import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from '@aws-sdk/client-sqs';
import type { Part } from '../../../domain/plan.ts';
import type { Message, Outcome, Sender } from '../contract.ts';
import { isThrottle, outcomeOf } from '../stacks/aws/failures.ts';
import { bodyOf, TRACEPARENT } from '../trace-context.ts';
import type { Form } from './sqs-kind.ts';

const BATCH_API = 10;
/** What the strictest endpoint takes in one call. */
const BATCH_BYTES = 250 * 1024;
const TRIES = 6;
const BACKOFF_MS = 50;

interface Pass {
  left: SendMessageBatchRequestEntry[];
  outcome: Outcome;
}

/**
 * Sends in batches of ten. What a batch refuses is sent again by itself: who sent all of it again would store the rest twice.
 *
 * Only when nothing was stored is the caller told `throttled`, to try again as the plan has it. A body is filled up to the event's size.
 */
export class SqsSender implements Sender {
  private readonly o: {
    sqs: SQSClient;
    url: string;
    part: Part;
    form: Form;
    bytesOf: (event: string) => number;
    destroy: () => void;
  };

  constructor(o: SqsSender['o']) {
    this.o = o;
  }

  async send(messages: readonly Message[], { deduplication }: { deduplication?: string }): Promise<Outcome> {
    const all = messages.map((message, n) => this.entryOf(message, n, deduplication));
    let left = all;
    for (let tries = 0; left.length > 0; tries++) {
      if (tries > 0) await sleep(BACKOFF_MS * 2 ** (tries - 1));
      const pass = await this.pass(left);
      const isNothingStored = pass.left.length === all.length;
      if (pass.outcome !== 'ok' && (isNothingStored || pass.outcome === 'refused' || tries + 1 === TRIES))
        return isNothingStored ? pass.outcome : 'refused';
      left = pass.left;
    }
    return 'ok';
  }

  async close(): Promise<void> {
    this.o.destroy();
  }

  /** Everything once; batches of a FIFO queue one after another, since they may be of one group. */
  private async pass(entries: SendMessageBatchRequestEntry[]): Promise<Pass> {
    const passes: Pass[] = [];
    if (this.o.form.placeOf === undefined)
      passes.push(...(await Promise.all(batchesOf(entries).map((batch) => this.call(batch)))));
    else for (const batch of batchesOf(entries)) passes.push(await this.call(batch));
    const outcomes = passes.map(({ outcome }) => outcome);
    const outcome = outcomes.find((o) => o === 'refused') ?? outcomes.find((o) => o === 'throttled') ?? 'ok';
    return { left: passes.flatMap((pass) => pass.left), outcome };
  }

  private async call(batch: SendMessageBatchRequestEntry[]): Promise<Pass> {
    try {
      const { Failed = [] } = await this.o.sqs.send(new SendMessageBatchCommand({ QueueUrl: this.o.url, Entries: batch }));
      const ids = new Set(Failed.map(({ Id }) => Id));
      const isWrong = Failed.some(({ Code, SenderFault }) => SenderFault === true && !isThrottle(Code ?? ''));
      return { left: batch.filter(({ Id }) => ids.has(Id)), outcome: isWrong ? 'refused' : ids.size > 0 ? 'throttled' : 'ok' };
    } catch (error) {
      return { left: batch, outcome: outcomeOf(error) };
    }
  }

  private entryOf(message: Message, n: number, deduplication: string | undefined): SendMessageBatchRequestEntry {
    const { form, part } = this.o;
    const body = bodyOf(message);
    const { traceparent } = message.story;
    const context = traceparent && { MessageAttributes: { [TRACEPARENT]: { DataType: 'String', StringValue: traceparent } } };
    const name = deduplication === undefined ? undefined : `${deduplication}-${n}`;
    const MessageBody = body.padEnd(this.o.bytesOf(message.event));
    return { Id: String(n), MessageBody, ...context, ...form.placeOf?.(message, part, name) };
  }
}

/** In order, ten at a time and no more bytes than a call takes. */
function batchesOf(entries: readonly SendMessageBatchRequestEntry[]): SendMessageBatchRequestEntry[][] {
  const batches: SendMessageBatchRequestEntry[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const entry of entries) {
    const size = Buffer.byteLength(entry.MessageBody ?? '');
    const last = batches.at(-1);
    if (last === undefined || last.length === BATCH_API || bytes + size > BATCH_BYTES) {
      batches.push([entry]);
      bytes = size;
    } else {
      last.push(entry);
      bytes += size;
    }
  }
  return batches;
}
