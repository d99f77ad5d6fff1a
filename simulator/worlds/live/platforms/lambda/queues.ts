import {
  DeleteMessageBatchCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { invalid } from './api-error.ts';

/** The most that one request to SQS takes. */
const BATCH_MAX = 10;
const WAIT_MAX_S = 20;

/** SQS by ARNs, as mappings and dead letters name queues; any endpoint that speaks it. */
export class Queues {
  private readonly client: SQSClient;
  private readonly urls = new Map<string, Promise<string>>();

  constructor(o: { endpoint: string; region: string; accessKeyId: string; secretAccessKey: string }) {
    const { endpoint, region, ...credentials } = o;
    this.client = new SQSClient({ endpoint, region, credentials, useQueueUrlAsEndpoint: false });
  }

  /** Throws: an ApiError 400 when the ARN names no queue that is there. */
  urlOf(arn: string): Promise<string> {
    const known = this.urls.get(arn);
    if (known !== undefined) return known;
    const name = /^arn:aws:sqs:[^:]*:[^:]*:(.+)$/.exec(arn)?.[1];
    if (name === undefined) throw invalid(`${arn} is not the ARN of an SQS queue: only these are known here`);
    const url = this.client.send(new GetQueueUrlCommand({ QueueName: name })).then(
      ({ QueueUrl }) => QueueUrl as string,
      (error: Error) => {
        this.urls.delete(arn);
        throw invalid(`${arn}: ${error.message}`);
      },
    );
    this.urls.set(arn, url);
    return url;
  }

  /** At most `max` messages, waiting for the first. */
  async receive(arn: string, o: { max: number; waitS: number; signal: AbortSignal }): Promise<Message[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: await this.urlOf(arn),
      MaxNumberOfMessages: Math.min(BATCH_MAX, o.max),
      WaitTimeSeconds: Math.min(WAIT_MAX_S, o.waitS),
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    });
    return (await this.client.send(command, { abortSignal: o.signal })).Messages ?? [];
  }

  async remove(arn: string, messages: readonly Message[]): Promise<void> {
    const QueueUrl = await this.urlOf(arn);
    for (let i = 0; i < messages.length; i += BATCH_MAX) {
      await this.client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: entriesOf(messages.slice(i, i + BATCH_MAX)) }));
    }
  }

  async send(arn: string, o: { body: string; attributes?: Record<string, string> }): Promise<void> {
    const MessageAttributes = Object.fromEntries(
      Object.entries(o.attributes ?? {}).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
    );
    await this.client.send(new SendMessageCommand({ QueueUrl: await this.urlOf(arn), MessageBody: o.body, MessageAttributes }));
  }

  close(): void {
    this.client.destroy();
  }
}

function entriesOf(messages: readonly Message[]): { Id: string; ReceiptHandle: string | undefined }[] {
  return messages.map(({ ReceiptHandle }, i) => ({ Id: String(i), ReceiptHandle }));
}
