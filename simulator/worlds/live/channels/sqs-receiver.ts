import { setTimeout as sleep } from 'node:timers/promises';
import { type Message as Received, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { numberOf } from '../../../domain/part-values.ts';
import type { Part } from '../../../domain/plan.ts';
import type { Handler, Message, Receiver } from '../contract.ts';
import { outcomeOf } from '../stacks/aws/failures.ts';
import { messageIn, TRACEPARENT } from '../trace-context.ts';
import { SqsDeletes } from './sqs-deletes.ts';
import type { Form } from './sqs-kind.ts';

const BATCH_API = 10;
/** The longest wait of a poll: who stops waits for the polls that are out, since a message that an aborted one takes along is hidden. */
const POLL_S = 1;
const PAUSE_MS = 200;

interface Delivery {
  message: Message;
  receives: number;
  receipt: string;
}

/**
 * Long polls for as many messages as there are free slots, a poller for each ten of them; deletes what its handler is done with.
 *
 * What the handler is not done with stays hidden until its visibility timeout is over. Messages of one group are worked off one after
 * another; behind one that failed, the rest of its group's batch comes back with it.
 */
export class SqsReceiver implements Receiver {
  private readonly o: {
    sqs: SQSClient;
    url: string;
    part: Part;
    form: Form;
    slots: number;
    isDead: boolean;
    destroy: () => void;
  };
  private readonly deletes: SqsDeletes;
  private readonly batch: number;
  private readonly waitS: number;
  private readonly work = new Set<Promise<void>>();
  private pollers: Promise<void>[] = [];
  private free: number;
  private woken: (() => void)[] = [];
  private isStopping = false;

  constructor(o: SqsReceiver['o']) {
    this.o = o;
    this.free = o.slots;
    this.deletes = new SqsDeletes(o.sqs, o.url);
    this.batch = Math.max(1, Math.min(BATCH_API, Math.round(numberOf(o.part, 'batch_size'))));
    this.waitS = Math.min(POLL_S, Math.round(numberOf(o.part, 'long_poll_s')));
  }

  async start(handle: Handler): Promise<void> {
    this.pollers = Array.from({ length: Math.ceil(this.o.slots / this.batch) }, () => this.poll(handle));
  }

  async stop(): Promise<void> {
    this.isStopping = true;
    this.wake();
    await Promise.all(this.pollers);
    while (this.work.size > 0) await Promise.all(this.work);
    await this.deletes.settled();
    this.o.destroy();
  }

  private async poll(handle: Handler): Promise<void> {
    while (!this.isStopping) {
      if (this.free === 0) {
        await new Promise<void>((resolve) => this.woken.push(resolve));
        continue;
      }
      const asked = Math.min(this.batch, this.free);
      this.free -= asked;
      const received = await this.receive(asked);
      this.release(asked - received.length);
      for (const line of this.linesOf(received)) this.begin(this.workOff(line, handle));
    }
  }

  private async receive(most: number): Promise<Delivery[]> {
    const { sqs, url } = this.o;
    const call = new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: most,
      WaitTimeSeconds: this.waitS,
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
      MessageAttributeNames: [TRACEPARENT],
    });
    try {
      const { Messages = [] } = await sqs.send(call);
      if (Messages.length === 0 && this.waitS === 0) await sleep(PAUSE_MS);
      return Messages.map(deliveryOf);
    } catch (error) {
      outcomeOf(error);
      await sleep(PAUSE_MS);
      return [];
    }
  }

  private linesOf(received: readonly Delivery[]): Delivery[][] {
    const lines = new Map<unknown, Delivery[]>();
    for (const delivery of received) {
      const key = this.o.form.lineOf(delivery.message, this.o.part) ?? delivery;
      const line = lines.get(key);
      if (line === undefined) lines.set(key, [delivery]);
      else line.push(delivery);
    }
    return [...lines.values()];
  }

  private async workOff(line: readonly Delivery[], handle: Handler): Promise<void> {
    let isGoingOn = true;
    for (const { message, receives, receipt } of line) {
      // A dead letter was received as often as the queue allows: endpoints differ in what they count afterwards.
      isGoingOn &&= await handle(message, { receives: this.o.isDead ? numberOf(this.o.part, 'receives_max') : receives });
      if (isGoingOn) this.deletes.add(receipt);
      this.release(1);
    }
  }

  private begin(work: Promise<void>): void {
    const tracked = work.finally(() => this.work.delete(tracked));
    this.work.add(tracked);
  }

  private release(slots: number): void {
    this.free += slots;
    if (this.free > 0) this.wake();
  }

  private wake(): void {
    for (const resolve of this.woken.splice(0)) resolve();
  }
}

/** A message as it lies in the queue: what the sender wrote, and how often it has been received. */
export function deliveryOf({ Attributes, Body, MessageAttributes, ReceiptHandle }: Received): Delivery {
  return {
    message: messageIn(Body as string, MessageAttributes?.[TRACEPARENT]?.StringValue),
    receives: Number(Attributes?.ApproximateReceiveCount ?? 1),
    receipt: ReceiptHandle as string,
  };
}
