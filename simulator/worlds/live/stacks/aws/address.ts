import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { UnavailableError } from '../../../../domain/problem.ts';
import type { AwsAddress } from '../../contract.ts';

type Environment = Readonly<Record<string, string | undefined>>;
export type Service = keyof AwsAddress['endpoints'];

/** Nobody listens there: the endpoint of a service that a plan does not use. */
export const NOWHERE = 'http://127.0.0.1:9';

/** What every emulator takes. */
export const TEST_CREDENTIALS = { accessKeyId: 'test', secretAccessKey: 'test' };
export const REGION = 'us-east-1';

/** Where LocalStack listens unless it is told otherwise. */
const LOCALSTACK_PORT = 4566;

/**
 * Where an endpoint that is already running is, from what the user named and from the variables that AWS tools share.
 *
 * In this order: `endpoint` (an option), `AWS_ENDPOINT_URL_SQS` and its like for one service, `AWS_ENDPOINT_URL`, `LOCALSTACK_HOST` (host,
 * or host:port). Region and credentials as the AWS SDKs read them, or what emulators take.
 * Throws: UnavailableError when nothing says where one of `services` is, or what does is no URL.
 */
export function addressFrom(env: Environment, services: readonly Service[], endpoint?: string): AwsAddress {
  const common = endpoint ?? env.AWS_ENDPOINT_URL ?? localstack(env.LOCALSTACK_HOST);
  const urlOf = (service: Service) => {
    if (!services.includes(service)) return NOWHERE;
    const own = endpoint === undefined ? env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] : undefined;
    return checked(own ?? common, service);
  };
  return {
    backend: 'url',
    functions: 'emulator',
    region: env.AWS_REGION ?? env.AWS_DEFAULT_REGION ?? REGION,
    accessKeyId: env.AWS_ACCESS_KEY_ID ?? TEST_CREDENTIALS.accessKeyId,
    secretAccessKey: env.AWS_SECRET_ACCESS_KEY ?? TEST_CREDENTIALS.secretAccessKey,
    ...(env.AWS_SESSION_TOKEN === undefined ? {} : { sessionToken: env.AWS_SESSION_TOKEN }),
    endpoints: { lambda: urlOf('lambda'), sqs: urlOf('sqs'), dynamodb: urlOf('dynamodb'), s3: urlOf('s3') },
  };
}

/** One service's URL for all four. */
export function everyService(url: string): AwsAddress['endpoints'] {
  return { lambda: url, sqs: url, dynamodb: url, s3: url };
}

/**
 * Lets through what is on this machine, and elsewhere only the hosts that the user confirmed to be theirs.
 *
 * Load on somebody else's machine is an attack, and load on one's own AWS account is a bill.
 * Throws: UnavailableError with the option that confirms.
 */
export async function insistOnOwn(address: AwsAddress, confirmed: readonly string[]): Promise<void> {
  for (const [service, url] of Object.entries(address.endpoints)) {
    const { hostname, host } = new URL(url);
    if (confirmed.includes(hostname) || confirmed.includes(host) || (await isLoopback(hostname))) continue;
    throw new UnavailableError(
      `the AWS endpoint ${url} (${service}) is not on this machine: a run would put load on it, and cost money if it is AWS.\n` +
        `  If it is yours and you want that, add --confirm-target ${hostname}`,
    );
  }
}

async function isLoopback(hostname: string): Promise<boolean> {
  const name = hostname.replace(/^\[|\]$/g, '');
  const found = isIP(name) > 0 ? [{ address: name }] : await lookup(name, { all: true }).catch(() => []);
  return found.length > 0 && found.every(({ address }) => /^127\.|^::1$|^::ffff:127\./.test(address));
}

function localstack(host: string | undefined): string | undefined {
  if (host === undefined || host === '') return undefined;
  if (/^https?:/.test(host)) return host;
  return /:\d+$/.test(host) ? `http://${host}` : `http://${host}:${LOCALSTACK_PORT}`;
}

function checked(url: string | undefined, service: string): string {
  if (url === undefined || url === '')
    throw new UnavailableError(
      `no AWS endpoint for ${service}: name one with --endpoint URL, or set AWS_ENDPOINT_URL or LOCALSTACK_HOST (http://127.0.0.1:${LOCALSTACK_PORT}, say)`,
    );
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !/^https?:$/.test(parsed.protocol) || parsed.hostname === '')
    throw new UnavailableError(
      `the AWS endpoint for ${service} is ${JSON.stringify(url)}: expected a URL such as http://127.0.0.1:4566`,
    );
  return url;
}
