import { ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import { ListQueuesCommand } from '@aws-sdk/client-sqs';
import { UnavailableError } from '../../../../domain/problem.ts';
import type { AwsAddress } from '../../contract.ts';
import type { Service } from './address.ts';
import { type AwsClients, clientsOf } from './clients.ts';
import { failureOf } from './failures.ts';

interface Probe {
  name: string;
  call: string;
  ask(clients: AwsClients, o: { abortSignal: AbortSignal }): Promise<object>;
  /** Something that only a real answer has; an endpoint without the service may answer anything with 200. */
  isAnswer(answer: object): boolean;
}

const PROBE_MS = 5_000;
const CREDENTIALS = /Credential|ClientToken|Signature|InvalidAccessKey|AccessDenied|ExpiredToken|UnrecognizedClient/;
const PROBES: Record<Service, Probe> = {
  sqs: {
    name: 'SQS',
    call: 'ListQueues',
    ask: ({ sqs }, o) => sqs.send(new ListQueuesCommand({ MaxResults: 1 }), o),
    isAnswer: () => true,
  },
  dynamodb: {
    name: 'DynamoDB',
    call: 'ListTables',
    ask: ({ dynamodb }, o) => dynamodb.send(new ListTablesCommand({ Limit: 1 }), o),
    isAnswer: (answer) => 'TableNames' in answer,
  },
  s3: {
    name: 'S3',
    call: 'ListBuckets',
    ask: ({ s3 }, o) => s3.send(new ListBucketsCommand({}), o),
    isAnswer: (answer) => 'Buckets' in answer || 'Owner' in answer,
  },
  lambda: {
    name: 'Lambda',
    call: 'ListFunctions',
    ask: ({ lambda }, o) => lambda.send(new ListFunctionsCommand({ MaxItems: 1 }), o),
    isAnswer: (answer) => 'Functions' in answer,
  },
};

/**
 * Asks each service for something real: an endpoint whose health page says "available" may still answer every call with 500.
 *
 * Throws: UnavailableError with one line for each service that is not there, and what to do.
 */
export async function probe(address: AwsAddress, services: readonly Service[]): Promise<void> {
  const clients = clientsOf(address);
  const asked = await Promise.all(services.map((service) => complaint(address, clients, service)));
  clients.destroy();
  const complaints = asked.filter((words) => words !== undefined);
  if (complaints.length > 0) throw new UnavailableError(complaints.join('\n'));
}

async function complaint(address: AwsAddress, clients: AwsClients, service: Service): Promise<string | undefined> {
  const { name, call, ask, isAnswer } = PROBES[service];
  const url = address.endpoints[service];
  try {
    const answer = await ask(clients, { abortSignal: AbortSignal.timeout(PROBE_MS) });
    return isAnswer(answer) ? undefined : `the endpoint at ${url} has no ${name}: it answers ${call} with something else`;
  } catch (error) {
    return inWords(error, { url, name, call });
  }
}

function inWords(error: unknown, { url, name, call }: { url: string; name: string; call: string }): string {
  const failure = failureOf(error);
  const { code = '', message, status } = failure;
  const said = `${failure.name}: ${message}`.split('\n')[0];
  if (/ECONNREFUSED|ENOTFOUND|EHOST|ENET|EAI_/.test(code))
    return `nothing answers at ${url} (${name}, ${code}): start it there, or name another endpoint`;
  if (/^HPE_|ECONNRESET|EPROTO|ERR_SSL/.test(code) || /socket hang up/.test(message))
    return `what listens at ${url} (${name}) does not speak ${new URL(url).protocol === 'https:' ? 'HTTPS' : 'HTTP'} (${code || message}): is that the port of another service?`;
  if (/AbortError|TimeoutError/.test(failure.name))
    return `the endpoint at ${url} did not answer ${call} within ${PROBE_MS / 1000} s (${name}): is it still starting, or is that the port of another service?`;
  if (status === 401 || status === 403 || CREDENTIALS.test(failure.name))
    return `the endpoint at ${url} refuses the credentials for ${name} (${said}): set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to what it expects`;
  if (status >= 500 && status !== 501)
    return `the endpoint at ${url} is up but its ${name} is broken: it answers ${call} with ${status} (${said}); look at its log`;
  return `the endpoint at ${url} has no ${name}: it answers ${call} with ${status || 'what is no answer'} (${said})`;
}
