import {
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetAccountSettingsCommand,
  GetFunctionCommand,
  InvokeCommand,
  ListFunctionsCommand,
  PutFunctionConcurrencyCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { type Backend, startBackend, until, zipOf } from './lambda-backend.ts';

let b: Backend;
beforeAll(async () => {
  b = await startBackend({ idle_expiry_s: 300, account_concurrency: 50 });
});
afterAll(() => b.stop());

/** Skips where an emulator is asked for what only this project's runtime does. */
function ownOnly(context: TestContext, because: string): void {
  if (!b.isOwn) context.skip(`${b.name}: ${because}`);
}

describe('a function', () => {
  it('starts cold, stays warm, and is given its variables', async () => {
    const name = await b.deploy({ Environment: { Variables: { WORD: 'hello' } } });
    const first = await b.call(name);
    const second = await b.call(name);
    expect(first.told).toMatchObject({ calls: 1, word: 'hello' });
    expect(second.told).toMatchObject({ calls: 2, id: first.told.id });
    expect(first.error).toBeUndefined();
  });

  it('runs one invocation an environment: two at once are two environments', async () => {
    const name = await b.deploy();
    const [one, two] = await Promise.all([b.call(name, { wait: 300 }), b.call(name, { wait: 300 })]);
    expect(one.told.id).not.toBe(two.told.id);
  });

  it('sends the next call to the environment that became idle last', async (context) => {
    ownOnly(context, 'says nothing about which environment it picks');
    const name = await b.deploy();
    const [early, late] = await Promise.all([b.call(name, { wait: 50 }), b.call(name, { wait: 600 })]);
    expect(late.told.id).not.toBe(early.told.id);
    for (let i = 0; i < 3; i++) expect((await b.call(name)).told.id).toBe(late.told.id);
  });

  it('keeps its environment when the handler throws, and says what was thrown', async (context) => {
    const name = await b.deploy();
    const { told: first } = await b.call(name);
    const failed = await b.call(name, { fail: true });
    expect(failed.error).toBe('Unhandled');
    expect(failed.told.errorMessage).toBe('as asked');
    ownOnly(context, 'kills the process on any handler error, and its errorType is always Runtime.HandlerError');
    expect(failed.told.errorType).toBe('TypeError');
    expect((await b.call(name)).told).toMatchObject({ id: first.id, calls: 3 });
  });

  it('is cut off at its timeout, and the next call is cold', async () => {
    const name = await b.deploy({ Timeout: 1 });
    const { told: first } = await b.call(name);
    const late = await b.call(name, { wait: 5_000 });
    expect(late.error).toBe('Unhandled');
    expect(late.told.errorType).toBe('Sandbox.Timedout');
    expect(late.told.errorMessage).toContain('Task timed out after 1.00 seconds');
    const { told: next } = await b.call(name);
    expect(next.calls).toBe(1);
    expect(next.id).not.toBe(first.id);
  });

  it('whose process exits fails the call that ran, and the next one is cold', async (context) => {
    ownOnly(context, 'its word for this is its own');
    const name = await b.deploy();
    const { told, error } = await b.call(name, { exit: 7 });
    expect(error).toBe('Unhandled');
    expect(told).toMatchObject({ errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('exit status 7') });
    expect((await b.call(name)).told.calls).toBe(1);
  });

  it('that cannot be loaded says so at every call', async (context) => {
    const broken = await b.deploy({}, 'throw new RangeError("no start");');
    const missing = await b.deploy({ Handler: 'index.nothing' });
    for (let i = 0; i < 2; i++) expect((await b.call(broken)).error).toBe('Unhandled');
    ownOnly(context, 'has words of its own for a failed start');
    expect((await b.call(broken)).told).toMatchObject({ errorType: 'RangeError', errorMessage: 'no start' });
    expect((await b.call(missing)).told.errorType).toBe('Runtime.HandlerNotFound');
    expect((await b.metrics(broken)).environments).toEqual([]);
  });

  it('takes changed settings and code with its next call, which is cold', async () => {
    const name = await b.deploy();
    await b.call(name);
    const Environment = { Variables: { WORD: 'changed' } };
    await b.lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: name, Environment, MemorySize: 256 }));
    expect((await b.call(name)).told).toMatchObject({ calls: 1, word: 'changed' });
    const ZipFile = zipOf('exports.handler = async () => ({ calls: "other code" });');
    await b.lambda.send(new UpdateFunctionCodeCommand({ FunctionName: name, ZipFile }));
    expect((await b.call(name)).told.calls).toBe('other code');
    const { Configuration } = await b.lambda.send(new GetFunctionCommand({ FunctionName: name }));
    expect(Configuration).toMatchObject({ MemorySize: 256, Timeout: 10, FunctionName: name, Handler: 'index.handler' });
  });

  it('is listed, is found by its ARN, and is gone when it was deleted', async () => {
    const name = await b.deploy();
    const { Functions } = await b.lambda.send(new ListFunctionsCommand({}));
    const arn = Functions?.find(({ FunctionName }) => FunctionName === name)?.FunctionArn as string;
    expect((await b.call(arn)).told.calls).toBe(1);
    await b.lambda.send(new DeleteFunctionCommand({ FunctionName: name }));
    await expect(b.call(name)).rejects.toMatchObject({ name: 'ResourceNotFoundException', $metadata: { httpStatusCode: 404 } });
  });
});

describe('the report line', () => {
  it('gives duration, billed duration with INIT, memory and what the program said', async (context) => {
    ownOnly(context, 'writes no REPORT line');
    const name = await b.deploy({ MemorySize: 256 });
    const { log } = await b.call(name, { say: 'good morning', wait: 20 }, { LogType: 'Tail' });
    const line =
      /REPORT RequestId: \S+\tDuration: ([\d.]+) ms\tBilled Duration: (\d+) ms\tMemory Size: 256 MB\tMax Memory Used: (\d+) MB\tInit Duration: ([\d.]+) ms/;
    const [duration, billed, used, init] = (line.exec(log) ?? []).slice(1).map(Number) as [number, number, number, number];
    expect(log).toMatch(/^START RequestId: /);
    expect(log).toContain('good morning\n');
    expect(duration).toBeGreaterThan(15);
    expect(Math.abs(billed - Math.ceil(duration + init))).toBeLessThanOrEqual(1);
    if (process.platform === 'linux') expect(used).toBeGreaterThan(10);
    const warm = await b.call(name, {}, { LogType: 'Tail' });
    expect(warm.log).not.toContain('Init Duration');
    expect(warm.log).not.toContain('good morning');
  });
});

describe('limits', () => {
  it('reserved concurrency refuses the call above it with 429, and lets it in when it is taken off', async () => {
    const name = await b.deploy();
    await b.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: 2 }));
    const all = await Promise.allSettled(Array.from({ length: 5 }, () => b.call(name, { wait: 1_000 })));
    const refused = all.filter((one) => one.status === 'rejected').map(({ reason }) => reason);
    expect(refused).toHaveLength(3);
    for (const error of refused) {
      expect(error).toMatchObject({
        name: 'TooManyRequestsException',
        Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      });
      expect(error.$metadata.httpStatusCode).toBe(429);
    }
    await b.lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName: name }));
    await Promise.all(Array.from({ length: 3 }, () => b.call(name, { wait: 100 })));
    if (!b.isOwn) return;
    expect(await b.metrics(name)).toMatchObject({
      invocations: 5,
      colds: 3,
      throttles: { ReservedFunctionConcurrentInvocationLimitExceeded: 3 },
    });
  });

  it('none may run when none is reserved for it', async () => {
    const name = await b.deploy();
    await b.lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: name, ReservedConcurrentExecutions: 0 }));
    await expect(b.call(name)).rejects.toMatchObject({ name: 'TooManyRequestsException' });
  });

  it('a synchronous payload above 6 MB is refused with 413, an asynchronous one above 1 MB', async (context) => {
    ownOnly(context, 'was not tried for payload limits');
    const name = await b.deploy();
    const mb = 1024 * 1024;
    const tooLarge = { $metadata: { httpStatusCode: 413 }, name: 'RequestTooLargeException' };
    expect((await b.call(name, { x: 'x'.repeat(6 * mb - 10) })).told.calls).toBe(1);
    await expect(b.call(name, { x: 'x'.repeat(6 * mb) })).rejects.toMatchObject(tooLarge);
    await expect(b.call(name, { x: 'x'.repeat(mb) }, { InvocationType: 'Event' })).rejects.toMatchObject(tooLarge);
  });

  it('an answer above 6 MB fails the call and keeps the environment', async (context) => {
    ownOnly(context, 'does not enforce the limit on answers');
    const name = await b.deploy({ MemorySize: 512 });
    const { told, error } = await b.call(name, { big: 6 * 1024 * 1024 + 101 });
    expect(error).toBe('Unhandled');
    expect(told.errorType).toBe('Function.ResponseSizeTooLarge');
    expect((await b.call(name)).told.calls).toBe(2);
  });

  it('a payload that is not JSON is refused with 400', async (context) => {
    ownOnly(context, 'takes any payload');
    const name = await b.deploy();
    const ask = b.lambda.send(new InvokeCommand({ FunctionName: name, Payload: new TextEncoder().encode('{no') }));
    await expect(ask).rejects.toMatchObject({ name: 'InvalidRequestContentException', $metadata: { httpStatusCode: 400 } });
  });

  it('settings that make no sense are refused with 400, all of them in one message', async (context) => {
    ownOnly(context, 'checks settings its own way');
    await expect(b.deploy({ MemorySize: 1, Timeout: 10_000 })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringMatching(/MemorySize.*Timeout/),
    });
  });

  it('a process that fills more memory than its function has is killed', async (context) => {
    ownOnly(context, 'does not enforce memory');
    if (process.platform !== 'linux') context.skip('memory is enforced on Linux only');
    const name = await b.deploy({ MemorySize: 128 });
    expect((await b.call(name, { fill: 20 })).error).toBeUndefined();
    const { told, error } = await b.call(name, { fill: 300 });
    expect(error).toBe('Unhandled');
    expect(told.errorType).toBe('Runtime.OutOfMemory');
    expect(await b.metrics(name)).toMatchObject({ lost: 1, environments: [] });
  });

  it('the account tells its limits', async (context) => {
    ownOnly(context, 'has limits of its own');
    const { AccountLimit } = await b.lambda.send(new GetAccountSettingsCommand({}));
    expect(AccountLimit).toMatchObject({ ConcurrentExecutions: 50 });
  });
});

describe('what this runtime tells beyond the service', () => {
  it('counts what is billed and who is there, and a killed environment is lost without a call failing', async (context) => {
    ownOnly(context, 'has no such endpoint');
    const name = await b.deploy({ MemorySize: 512 });
    await Promise.all([b.call(name, { wait: 200 }), b.call(name, { wait: 200 })]);
    const before = await b.metrics(name);
    expect(before).toMatchObject({ invocations: 2, colds: 2, concurrent: 0, concurrent_max: 2, errors: 0 });
    expect(before.environments.map(({ state }) => state)).toEqual(['idle', 'idle']);
    expect(before.gb_s).toBeCloseTo((before.billed_ms / 1000) * 0.5, 9);
    expect(before.busy_ms).toBeGreaterThan(390);
    expect(before.billed_ms).toBeGreaterThanOrEqual(before.busy_ms);
    const gone = before.environments[0] as { pid: number; id: string };
    process.kill(gone.pid, 'SIGKILL');
    const after = await until(
      () => b.metrics(name),
      ({ environments }) => environments.length === 1,
    );
    expect(after.environments[0]?.id).not.toBe(gone.id);
    expect((await b.call(name)).told.pid).toBe(after.environments[0]?.pid);
  });

  it('gives a function its share of a CPU by its memory', async (context) => {
    ownOnly(context, 'gives no CPU share');
    const shares = [];
    for (const MemorySize of [128, 884, 1_769, 3_538]) {
      const name = await b.deploy({ MemorySize });
      shares.push((await b.call(name)).told.share);
    }
    expect(shares).toEqual([128 / 1_769, 884 / 1_769, 1, 1]);
  });
});
