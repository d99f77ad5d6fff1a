import { fileURLToPath } from 'node:url';
import {
  CreateFunctionCommand,
  type CreateFunctionCommandInput,
  InvokeCommand,
  type InvokeCommandInput,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { buildApp } from 'fauxqs';
import { strToU8, zipSync } from 'fflate';
import type { Parameters } from '../../simulator/worlds/live/platforms/lambda/parameters.ts';
import { serveLambda } from '../../simulator/worlds/live/platforms/lambda/serve.ts';

export const PROGRAM = fileURLToPath(new URL('../../simulator/worlds/live/programs/lambda-environment.mjs', import.meta.url));

/** Does what its event asks for, and says which environment did it, and for the how-manieth time. */
const CODE = `
const id = process.pid + '-' + Date.now();
let calls = 0;
const kept = [];
exports.handler = async (event, context) => {
  calls++;
  if (event.say) console.log(event.say);
  if (event.wait) await new Promise((resolve) => setTimeout(resolve, event.wait));
  if (event.fail) throw new TypeError('as asked');
  if (event.exit) process.exit(event.exit);
  if (event.big) return 'x'.repeat(event.big);
  if (event.fill) { kept.push(Buffer.alloc(event.fill * 1048576, 1)); await new Promise((resolve) => setTimeout(resolve, 2000)); }
  if (event.Records) {
    const bodies = event.Records.map((record) => JSON.parse(record.body));
    for (const { wait } of bodies) if (wait) await new Promise((resolve) => setTimeout(resolve, wait));
    if (bodies.some((body) => body.crash)) throw new Error('a batch that fails');
    return { batchItemFailures: event.Records.filter((r) => JSON.parse(r.body).poison).map((r) => ({ itemIdentifier: r.messageId })) };
  }
  const { PLACEMENT_CPU_SHARE, WORD } = process.env;
  return { id, pid: process.pid, calls, share: Number(PLACEMENT_CPU_SHARE), word: WORD, left: context.getRemainingTimeInMillis() };
};
`;

export function zipOf(code: string): Uint8Array {
  return zipSync({ 'index.js': strToU8(code) });
}

export interface Told {
  id: string;
  pid: number;
  calls: number;
  share: number;
  word?: string;
  left: number;
  errorType?: string;
  errorMessage?: string;
}

/** A place where functions run, with what a test needs around it. */
export interface Backend {
  name: string;
  isOwn: boolean;
  url: string;
  lambda: LambdaClient;
  sqs: SQSClient;
  /** Creates a function with a fresh name and waits until it is there. */
  deploy(o?: Partial<CreateFunctionCommandInput>, code?: string): Promise<string>;
  call(
    name: string,
    event?: object,
    o?: Partial<InvokeCommandInput>,
  ): Promise<{ told: Told; error: string | undefined; log: string }>;
  metrics(name: string): Promise<Report>;
  /** A queue with a fresh name. */
  queue(attributes?: Record<string, string>): Promise<{ url: string; arn: string }>;
  /** What lies in a queue, waiting for `count` messages. */
  bodies(url: string, count: number): Promise<string[]>;
  stop(): Promise<void>;
}

export interface Report {
  invocations: number;
  colds: number;
  errors: number;
  timeouts: number;
  lost: number;
  throttles: Record<string, number>;
  billed_ms: number;
  gb_s: number;
  alive_ms: number;
  busy_ms: number;
  concurrent: number;
  concurrent_max: number;
  environments: { id: string; pid: number; state: string; invocations: number }[];
}

/** The backend that `PLACEMENT_TEST_AWS_URL` names, else this project's own runtime with fauxqs for queues. */
export async function startBackend(parameters: Partial<Parameters> = {}): Promise<Backend> {
  const url = process.env.PLACEMENT_TEST_AWS_URL;
  if (url !== undefined) return backendOf({ name: url, isOwn: false, lambdaUrl: url, sqsUrl: url, stop: async () => undefined });
  const queues = await buildApp({ logger: false });
  const sqsUrl = await queues.listen({ host: '127.0.0.1', port: 0 });
  const keys = { region: 'us-east-1', accessKeyId: 'local', secretAccessKey: 'local' };
  const served = await serveLambda({ program: PROGRAM, ...keys, sqs: sqsUrl, cpu: 'stretch', parameters, warn: () => undefined });
  const stop = async () => {
    await served.stop();
    queues.server.closeAllConnections();
    await queues.close();
  };
  return backendOf({ name: 'own runtime', isOwn: true, lambdaUrl: served.url, sqsUrl, stop });
}

export function backendOf(o: {
  name: string;
  isOwn: boolean;
  lambdaUrl: string;
  sqsUrl: string;
  stop: () => Promise<void>;
}): Backend {
  const common = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' }, maxAttempts: 1 };
  const lambda = new LambdaClient({ ...common, endpoint: o.lambdaUrl });
  const sqs = new SQSClient({ ...common, endpoint: o.sqsUrl, useQueueUrlAsEndpoint: false });
  const fresh = counter(`t${process.pid}`);
  return {
    name: o.name,
    isOwn: o.isOwn,
    url: o.lambdaUrl,
    lambda,
    sqs,
    async deploy(settings = {}, code = CODE) {
      const name = fresh();
      const role = 'arn:aws:iam::000000000000:role/lambda';
      const fixed = { FunctionName: name, Runtime: 'nodejs22.x' as const, Handler: 'index.handler', Role: role };
      await lambda.send(new CreateFunctionCommand({ ...fixed, Timeout: 10, ...settings, Code: { ZipFile: zipOf(code) } }));
      return name;
    },
    async call(name, event = {}, settings = {}) {
      const Payload = new TextEncoder().encode(JSON.stringify(event));
      const answer = await lambda.send(new InvokeCommand({ FunctionName: name, Payload, ...settings }));
      const told = JSON.parse(Buffer.from(answer.Payload ?? []).toString() || '{}') as Told;
      return { told, error: answer.FunctionError, log: Buffer.from(answer.LogResult ?? '', 'base64').toString() };
    },
    async metrics(name) {
      return (await (await fetch(`${o.lambdaUrl}/placement/functions/${name}/metrics`)).json()) as Report;
    },
    async queue(Attributes = {}) {
      const { QueueUrl: url } = await sqs.send(new CreateQueueCommand({ QueueName: fresh(), Attributes }));
      const told = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }));
      return { url: url as string, arn: told.Attributes?.QueueArn as string };
    },
    async bodies(url, count) {
      const bodies: string[] = [];
      for (let i = 0; i < 10 && bodies.length < count; i++) {
        const ask = new ReceiveMessageCommand({
          QueueUrl: url,
          MaxNumberOfMessages: 10,
          WaitTimeSeconds: 2,
          VisibilityTimeout: 60,
        });
        bodies.push(...((await sqs.send(ask)).Messages ?? []).map(({ Body }) => Body as string));
      }
      return bodies;
    },
    async stop() {
      lambda.destroy();
      sqs.destroy();
      await o.stop();
    },
  };
}

function counter(prefix: string): () => string {
  let n = 0;
  return () => `${prefix}-${n++}-${Date.now().toString(36)}`;
}

/** Waits until something is so; fails with what it saw last. */
export async function until<T>(look: () => Promise<T>, isSo: (seen: T) => boolean): Promise<T> {
  for (let i = 0; ; i++) {
    const seen = await look();
    if (isSo(seen)) return seen;
    if (i === 200) throw new Error(`not so after 10 s: ${JSON.stringify(seen)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
