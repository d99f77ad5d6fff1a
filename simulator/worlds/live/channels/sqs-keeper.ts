import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { numberOf } from '../../../domain/part-values.ts';
import type { Part } from '../../../domain/plan.ts';
import type { Message, QueueKeeper } from '../contract.ts';
import { deadNameOf } from '../names.ts';
import type { Form } from './sqs-kind.ts';
import { deliveryOf } from './sqs-receiver.ts';

const LOOK_MS = 100;
/** Endpoints let a message come back up to a second late; so much longer is waited for what is still hidden. */
const SLACK_MS = 2_000;

/** A queue and its dead letters: made, counted, emptied and taken away. */
export class SqsKeeper implements QueueKeeper {
  private readonly o: { sqs: SQSClient; part: Part; form: Form; name: string };
  private readonly receivesMax: number;
  private readonly visibilityS: number;

  constructor(o: SqsKeeper['o']) {
    this.o = o;
    this.receivesMax = Math.round(numberOf(o.part, 'receives_max'));
    this.visibilityS = Math.ceil(numberOf(o.part, 'visibility_timeout_s'));
  }

  async prepare(): Promise<void> {
    const { form, part } = this.o;
    const MessageRetentionPeriod = String(Math.min(1_209_600, Math.max(60, Math.round(numberOf(part, 'retention_s')))));
    const common = { ...form.attributes, MessageRetentionPeriod };
    const dead = await this.make(this.names.dead, common);
    const deadLetterTargetArn = (await this.attributes(dead, ['QueueArn'])).QueueArn;
    await this.make(this.names.queue, {
      ...common,
      VisibilityTimeout: String(this.visibilityS),
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: this.receivesMax }),
    });
  }

  async depth(): Promise<{ visible: number; inFlight: number }> {
    return this.depthOf(await this.url(this.names.queue));
  }

  async deadDepth(): Promise<number> {
    const { visible, inFlight } = await this.depthOf(await this.url(this.names.dead));
    return visible + inFlight;
  }

  /**
   * Takes out what still lies in it, and waits for what a consumer has hidden; in the order in which the queue gives it away.
   *
   * To be asked after the receivers have stopped and before `dead`: a message that has used up its receives becomes a dead letter here.
   */
  async left(): Promise<Message[]> {
    return this.drain(this.names.queue, this.visibilityS * 1000 + SLACK_MS);
  }

  /** Takes out the dead letters. Each was received as often as the queue allows: endpoints differ in what they count afterwards. */
  async dead(): Promise<{ message: Message; receives: number }[]> {
    return (await this.drain(this.names.dead, SLACK_MS)).map((message) => ({ message, receives: this.receivesMax }));
  }

  async dispose(): Promise<void> {
    for (const name of [this.names.queue, this.names.dead]) {
      try {
        await this.o.sqs.send(new DeleteQueueCommand({ QueueUrl: await this.url(name) }));
      } catch (error) {
        if (!/NonExistentQueue|QueueDoesNotExist/.test((error as Error).name)) throw error;
      }
    }
    this.o.sqs.destroy();
  }

  private get names(): { queue: string; dead: string } {
    const { form, name } = this.o;
    return { queue: name + form.ending, dead: deadNameOf(name + form.ending) };
  }

  private async make(QueueName: string, Attributes: Record<string, string>): Promise<string> {
    return (await this.o.sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl as string;
  }

  private async url(QueueName: string): Promise<string> {
    return (await this.o.sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl as string;
  }

  private async attributes(QueueUrl: string, AttributeNames: ('QueueArn' | 'All')[]): Promise<Record<string, string>> {
    return (await this.o.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }))).Attributes ?? {};
  }

  private async depthOf(url: string): Promise<{ visible: number; inFlight: number }> {
    const found = await this.attributes(url, ['All']);
    const number = (name: string) => Number(found[`ApproximateNumberOfMessages${name}`] ?? 0);
    return { visible: number(''), inFlight: number('NotVisible') + number('Delayed') };
  }

  private async drain(name: string, patienceMs: number): Promise<Message[]> {
    const url = await this.url(name);
    const found: Message[] = [];
    for (let until = Date.now() + patienceMs; Date.now() < until; ) {
      const batch = await this.takeOut(url);
      found.push(...batch);
      if (batch.length > 0) {
        until = Date.now() + patienceMs;
        continue;
      }
      const { visible, inFlight } = await this.depthOf(url);
      if (visible + inFlight === 0) break;
      await sleep(LOOK_MS);
    }
    return found;
  }

  private async takeOut(QueueUrl: string): Promise<Message[]> {
    const { Messages = [] } = await this.o.sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) return [];
    const deliveries = Messages.map(deliveryOf);
    const Entries = deliveries.map(({ receipt }, n) => ({ Id: String(n), ReceiptHandle: receipt }));
    await this.o.sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
    return deliveries.map(({ message }) => message);
  }
}
