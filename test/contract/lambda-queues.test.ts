import {
  CreateEventSourceMappingCommand,
  type CreateEventSourceMappingCommandInput,
  DeleteEventSourceMappingCommand,
  InvokeCommand,
  ListEventSourceMappingsCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  UpdateEventSourceMappingCommand,
} from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { type Backend, startBackend, until } from './lambda-backend.ts';

let b: Backend;
beforeAll(async () => {
  b = await startBackend({ retry_s: 0.05, throttled_retry_s: 0.05 });
});
afterAll(() => b.stop());

function ownOnly(context: TestContext, because: string): void {
  if (!b.isOwn) context.skip(`${b.name}: ${because}`);
}

async function send(url: string, messages: readonly object[]): Promise<void> {
  const Entries = messages.map((message, i) => ({ Id: String(i), MessageBody: JSON.stringify(message) }));
  await b.sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
}

async function map(o: Partial<CreateEventSourceMappingCommandInput> & { FunctionName: string }): Promise<string> {
  return (await b.lambda.send(new CreateEventSourceMappingCommand(o))).UUID as string;
}

/** Messages in a queue: visible and in flight. */
async function depth(url: string): Promise<number> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes } = await b.sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...names] }));
  return names.reduce((sum, name) => sum + Number(Attributes?.[name]), 0);
}

/** A queue whose messages come back after a second, and go to a dead-letter queue after `receives` receives. */
async function queueWithDead(receives: number) {
  const dead = await b.queue();
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: receives });
  return { dead, queue: await b.queue({ VisibilityTimeout: '1', RedrivePolicy }) };
}

describe('an asynchronous call', () => {
  it('is accepted with 202 and runs once when it succeeds', async (context) => {
    const name = await b.deploy();
    const { StatusCode } = await b.lambda.send(new InvokeCommand({ FunctionName: name, InvocationType: 'Event' }));
    expect(StatusCode).toBe(202);
    ownOnly(context, 'has no counters');
    await until(
      () => b.metrics(name),
      ({ invocations, concurrent }) => invocations === 1 && concurrent === 0,
    );
  });

  it('that fails runs three times, then lies in the dead-letter queue as it came', async (context) => {
    ownOnly(context, 'sends its invocation record to the dead-letter queue instead of the event');
    const dead = await b.queue();
    const name = await b.deploy({ DeadLetterConfig: { TargetArn: dead.arn } });
    await b.call(name, { fail: true, number: 7 }, { InvocationType: 'Event' });
    expect((await b.bodies(dead.url, 1)).map((body) => JSON.parse(body))).toEqual([{ fail: true, number: 7 }]);
    if (b.isOwn) expect(await b.metrics(name)).toMatchObject({ invocations: 3, errors: 3 });
  });

  it('tells the destination on failure what was asked, how often, and what was answered', async (context) => {
    const failed = await b.queue();
    const name = await b.deploy();
    const DestinationConfig = { OnFailure: { Destination: failed.arn } };
    await b.lambda.send(
      new PutFunctionEventInvokeConfigCommand({ FunctionName: name, MaximumRetryAttempts: 1, DestinationConfig }),
    );
    await b.call(name, { fail: true }, { InvocationType: 'Event' });
    const record = JSON.parse((await b.bodies(failed.url, 1))[0] as string);
    ownOnly(context, 'writes the record its own way');
    expect(record).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 2 },
      requestPayload: { fail: true },
      responseContext: { functionError: 'Unhandled' },
      responsePayload: { errorType: 'TypeError', errorMessage: 'as asked' },
    });
  });

  it('tells the destination on success', async (context) => {
    ownOnly(context, 'never sends to OnSuccess');
    const done = await b.queue();
    const name = await b.deploy();
    const DestinationConfig = { OnSuccess: { Destination: done.arn } };
    await b.lambda.send(new PutFunctionEventInvokeConfigCommand({ FunctionName: name, DestinationConfig }));
    await b.call(name, {}, { InvocationType: 'Event' });
    const record = JSON.parse((await b.bodies(done.url, 1))[0] as string);
    expect(record).toMatchObject({ requestContext: { condition: 'Success' }, responsePayload: { calls: 1 } });
  });

  it('that is throttled waits and runs when there is room, without counting as a failure', async (context) => {
    ownOnly(context, 'has no counters');
    const name = await b.deploy();
    await b.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: 1 }));
    for (let i = 0; i < 3; i++) await b.call(name, { wait: 100 }, { InvocationType: 'Event' });
    const report = await until(
      () => b.metrics(name),
      ({ invocations, concurrent }) => invocations === 3 && concurrent === 0,
    );
    expect(report).toMatchObject({ colds: 1, concurrent_max: 1, errors: 0 });
    expect(report.throttles.ReservedFunctionConcurrentInvocationLimitExceeded).toBeGreaterThanOrEqual(2);
  });
});

describe('a queue that is mapped to a function', () => {
  it('is worked off in batches up to the batch size, and is empty then', async (context) => {
    const { url, arn } = await b.queue();
    await send(
      url,
      Array.from({ length: 10 }, (_, i) => ({ i })),
    );
    const name = await b.deploy();
    await map({ FunctionName: name, EventSourceArn: arn, BatchSize: 5 });
    await until(
      () => depth(url),
      (left) => left === 0,
    );
    ownOnly(context, 'has no counters');
    expect((await b.metrics(name)).invocations).toBe(2);
  });

  it('with a batch window gathers what comes one by one', async (context) => {
    const { url, arn } = await b.queue();
    const name = await b.deploy();
    await map({
      FunctionName: name,
      EventSourceArn: arn,
      BatchSize: 3,
      MaximumBatchingWindowInSeconds: 5,
      ScalingConfig: { MaximumConcurrency: 2 },
    });
    for (let i = 0; i < 6; i++) await send(url, [{ i }]);
    await until(
      () => depth(url),
      (left) => left === 0,
    );
    ownOnly(context, 'has no counters');
    expect((await b.metrics(name)).invocations).toBeLessThanOrEqual(3);
  });

  it('gives only the failed messages of a batch again, and they end among the dead letters', async () => {
    const { queue, dead } = await queueWithDead(2);
    const name = await b.deploy();
    await send(queue.url, [{ i: 0 }, { i: 1, poison: true }, { i: 2 }]);
    await map({ FunctionName: name, EventSourceArn: queue.arn, FunctionResponseTypes: ['ReportBatchItemFailures'] });
    expect((await b.bodies(dead.url, 1)).map((body) => JSON.parse(body))).toEqual([{ i: 1, poison: true }]);
    expect(await depth(queue.url)).toBe(0);
    if (b.isOwn) expect((await b.metrics(name)).invocations).toBe(2);
  });

  it('takes a report of failures for success where it was not asked for', async () => {
    const { queue, dead } = await queueWithDead(1);
    await send(queue.url, [{ i: 0, poison: true }]);
    await map({ FunctionName: await b.deploy(), EventSourceArn: queue.arn });
    await until(
      () => depth(queue.url),
      (left) => left === 0,
    );
    expect(await depth(dead.url)).toBe(0);
  });

  it('gives a whole batch again when the function throws, and all of it ends among the dead letters', async () => {
    const { queue, dead } = await queueWithDead(2);
    await send(queue.url, [{ i: 0 }, { i: 1, crash: true }]);
    await map({ FunctionName: await b.deploy(), EventSourceArn: queue.arn });
    const bodies = await b.bodies(dead.url, 2);
    expect(bodies.map((body) => JSON.parse(body).i).sort()).toEqual([0, 1]);
  });

  it('runs no more at once than its maximum concurrency', async (context) => {
    ownOnly(context, 'has no counters');
    const { url, arn } = await b.queue();
    const name = await b.deploy();
    await send(
      url,
      Array.from({ length: 8 }, (_, i) => ({ i, wait: 50 })),
    );
    await map({ FunctionName: name, EventSourceArn: arn, BatchSize: 1, ScalingConfig: { MaximumConcurrency: 2 } });
    await until(
      () => depth(url),
      (left) => left === 0,
    );
    expect(await b.metrics(name)).toMatchObject({ invocations: 8, concurrent_max: 2, throttles: {} });
  });

  it('gets a batch back after its visibility timeout when the function is throttled', async (context) => {
    ownOnly(context, 'has no counters');
    const { url, arn } = await b.queue({ VisibilityTimeout: '1' });
    const name = await b.deploy();
    await b.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: 1 }));
    await send(url, [{ wait: 300 }, { wait: 300 }]);
    await map({ FunctionName: name, EventSourceArn: arn, BatchSize: 1 });
    await until(
      () => depth(url),
      (left) => left === 0,
    );
    const report = await b.metrics(name);
    expect(report).toMatchObject({ invocations: 2, concurrent_max: 1 });
    expect(report.throttles.ReservedFunctionConcurrentInvocationLimitExceeded).toBeGreaterThanOrEqual(1);
  });

  it('is left alone while its mapping is disabled, and after it was deleted', async () => {
    const { url, arn } = await b.queue();
    const name = await b.deploy();
    const UUID = await map({ FunctionName: name, EventSourceArn: arn, Enabled: false });
    await send(url, [{ i: 0 }]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await depth(url)).toBe(1);
    await b.lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled: true }));
    await until(
      () => depth(url),
      (left) => left === 0,
    );
    await b.lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
    await until(
      async () => (await b.lambda.send(new ListEventSourceMappingsCommand({ FunctionName: name }))).EventSourceMappings,
      (left) => left?.length === 0,
    );
    await send(url, [{ i: 1 }]);
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await depth(url)).toBe(1);
  });

  it('has to exist, and so has the function', async (context) => {
    ownOnly(context, 'takes mappings to queues that are not there');
    const name = await b.deploy();
    const { arn } = await b.queue();
    await expect(map({ FunctionName: name, EventSourceArn: `${arn}-not` })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
    });
    await expect(map({ FunctionName: 'nobody', EventSourceArn: arn })).rejects.toMatchObject({
      $metadata: { httpStatusCode: 404 },
    });
  });
});
