import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { RunSheet, Story } from '../contract.ts';
import { nameOf } from '../names.ts';
import { clientsOf } from '../stacks/aws/clients.ts';
import type { Result } from '../wire.ts';

/** What a function is sent for a synchronous call, and what it answers. */
export interface CallPayload {
  component: number;
  story: Story;
}
export interface CallAnswer {
  result: Result;
}

/** Calls functions through the AWS API, wherever they run. */
export class FunctionCaller {
  private readonly client: LambdaClient;
  private readonly sheet: RunSheet;

  constructor(sheet: RunSheet) {
    if (sheet.addresses.aws === undefined) throw new RangeError('a plan with functions needs an AWS endpoint');
    this.client = clientsOf(sheet.addresses.aws).lambda;
    this.sheet = sheet;
  }

  async call(part: number, payload: CallPayload): Promise<Result> {
    const FunctionName = nameOf(this.sheet.namespace, this.sheet.plan.parts[part]?.path ?? '');
    try {
      const answer = await this.client.send(new InvokeCommand({ FunctionName, Payload: Buffer.from(JSON.stringify(payload)) }));
      const text = Buffer.from(answer.Payload ?? []).toString('utf8');
      if (answer.FunctionError !== undefined) return text.includes('timed out') ? 'timed-out' : 'failed';
      return (JSON.parse(text) as CallAnswer).result;
    } catch (error) {
      return (error as Error).name === 'TooManyRequestsException' ? 'refused' : 'failed';
    }
  }

  close(): void {
    this.client.destroy();
  }
}
