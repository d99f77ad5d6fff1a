import { DeleteMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { outcomeOf } from '../stacks/aws/failures.ts';

const BATCH_API = 10;
const CALLS = 4;

/**
 * Deletes what was worked off, up to ten in a call: at once while few calls are out, else with what gathers meanwhile.
 *
 * A delete that is refused is not repeated: the message comes back after its visibility timeout, as it would anywhere.
 */
export class SqsDeletes {
  private readonly sqs: SQSClient;
  private readonly url: string;
  private waiting: string[] = [];
  private readonly calls = new Set<Promise<void>>();

  constructor(sqs: SQSClient, url: string) {
    this.sqs = sqs;
    this.url = url;
  }

  add(receipt: string): void {
    this.waiting.push(receipt);
    this.flush();
  }

  /** Resolves when nothing is left to delete. */
  async settled(): Promise<void> {
    while (this.calls.size > 0) await Promise.all(this.calls);
  }

  private flush(): void {
    while (this.waiting.length > 0 && this.calls.size < CALLS) {
      const call = this.call(this.waiting.splice(0, BATCH_API)).finally(() => {
        this.calls.delete(call);
        this.flush();
      });
      this.calls.add(call);
    }
  }

  private async call(receipts: string[]): Promise<void> {
    const Entries = receipts.map((ReceiptHandle, n) => ({ Id: String(n), ReceiptHandle }));
    try {
      await this.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: this.url, Entries }));
    } catch (error) {
      outcomeOf(error);
    }
  }
}
