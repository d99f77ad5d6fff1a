import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { AwsAddress, RunSheet } from '../../contract.ts';

/** Calls that one process has under way at once, at most; further ones wait for a socket. */
const SOCKETS = 200;
/** A socket that nobody used for so long is closed from this side: some servers close after 5 s, and a request that meets that is lost. */
const IDLE_MS = 4_000;
const CONNECT_MS = 3_000;
/** Longer than the longest wait of a receive. */
const ANSWER_MS = 30_000;

export interface AwsClients {
  sqs: SQSClient;
  dynamodb: DynamoDBClient;
  s3: S3Client;
  lambda: LambdaClient;
  /** Closes their connections. */
  destroy(): void;
}

/**
 * SDK clients for wherever the endpoint is: what `localstack-client` does for other languages.
 *
 * One attempt a call: a retry is part of what a plan says, so it must not happen unseen. The endpoint is always given, since emulators
 * write host names into queue URLs and buckets that resolve nowhere. The SDK's warning about Node 20 is for who chooses its version: us.
 */
export function clientsOf(address: AwsAddress): AwsClients {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const clients = {
    sqs: new SQSClient({ ...settings(address, 'sqs'), useQueueUrlAsEndpoint: false }),
    dynamodb: new DynamoDBClient(settings(address, 'dynamodb')),
    s3: new S3Client({
      ...settings(address, 's3'),
      forcePathStyle: true,
      requestChecksumCalculation: 'WHEN_REQUIRED',
      responseChecksumValidation: 'WHEN_REQUIRED',
    }),
    lambda: new LambdaClient(settings(address, 'lambda')),
  };
  for (const client of Object.values(clients)) nameUnanswered(client);
  return { ...clients, destroy: () => Object.values(clients).forEach((client) => void client.destroy()) };
}

/** A call that nobody answered says which one it was and where. */
function nameUnanswered({ middlewareStack, config }: LambdaClient | SQSClient | DynamoDBClient | S3Client): void {
  const watch =
    (next: (args: never) => Promise<unknown>, { commandName }: { commandName?: string }) =>
    async (args: never) => {
      try {
        return await next(args);
      } catch (error) {
        const url = await config.endpoint?.();
        if (error instanceof Error && error.name === 'TimeoutError')
          error.message = `the endpoint at ${url?.hostname}:${url?.port} has not answered ${commandName?.replace(/Command$/, '')} within ${ANSWER_MS / 1000} s`;
        throw error;
      }
    };
  (middlewareStack as { add(watch: unknown, o: object): void }).add(watch, { step: 'initialize', name: 'nameUnanswered' });
}

/** The clients of one process of a run. Throws: Error when its stack has no AWS endpoint, which is a fault of who built the stack. */
export function clientsFor(sheet: RunSheet, part: string): AwsClients {
  if (sheet.addresses.aws === undefined) throw new Error(`${part} needs an AWS endpoint, and the stack has none`);
  return clientsOf(sheet.addresses.aws);
}

function settings(address: AwsAddress, service: keyof AwsAddress['endpoints']) {
  const agent = { keepAlive: true, maxSockets: SOCKETS, timeout: IDLE_MS };
  const { accessKeyId, secretAccessKey, sessionToken } = address;
  return {
    endpoint: address.endpoints[service],
    region: address.region,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
    maxAttempts: 1,
    requestHandler: {
      httpAgent: agent,
      httpsAgent: agent,
      connectionTimeout: CONNECT_MS,
      requestTimeout: ANSWER_MS,
      throwOnRequestTimeout: true,
    },
  };
}
