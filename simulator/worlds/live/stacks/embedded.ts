import { join } from 'node:path';
import { zipSync } from 'fflate';
import type { Plan } from '../../../domain/plan.ts';
import type { Addresses, AwsAddress, RunningPart } from '../contract.ts';
import { startAws as startAwsEndpoint } from './aws/index.ts';
import { functionCode, programFolder } from './bundle.ts';
import { Deaths } from './deaths.ts';
import { type Keeper, openKeeper, programOf } from './keeper.ts';
import type { PartOrder } from './keeper-lines.ts';
import { type PostgresPart, startPostgres } from './postgres.ts';
import { type RabbitmqPart, startRabbitmq } from './rabbitmq.ts';
import type { Listening, Program, Stack, StartOptions } from './stack.ts';

export interface StackWanted {
  plans: readonly Plan[];
  /** Strategies of the scenario that need no broker, for the message that there is none. */
  without: readonly string[];
  say(text: string): void;
}

const READY_MS = 20_000;
const GRACE_MS = 10_000;

/**
 * The real parts that the plans need, each a child process on loopback and a free port: PostgreSQL, the machine's RabbitMQ, an AWS endpoint
 * of packages and our own function runtime.
 *
 * Throws: UnavailableError that names the part, with its last words and what to do; nothing is left of the others then.
 */
export async function openEmbedded(o: StackWanted): Promise<Stack> {
  const deaths = new Deaths();
  const keeper = await openKeeper({ died: (name, message) => deaths.heard(name, message) });
  try {
    return await startParts(keeper, { ...o, deaths });
  } catch (error) {
    await keeper.end();
    throw error;
  }
}

async function startParts(keeper: Keeper, o: StackWanted & { deaths: Deaths }): Promise<Stack> {
  const needs = needsOf(o.plans);
  const names = Object.entries(needs).flatMap(([name, isNeeded]) => (isNeeded ? [name] : []));
  o.say(`starting ${names.join(', ') || 'no parts'}`);
  const [folder, postgres, rabbitmq, aws] = await Promise.all([
    programFolder(),
    needs.PostgreSQL ? startPostgres(keeper) : undefined,
    needs.RabbitMQ ? startRabbitmq(keeper, { without: o.without }) : undefined,
    needs['AWS endpoint'] ? startAws(keeper) : undefined,
  ]);
  const addresses: Addresses = {
    ...(postgres ? { postgres: postgres.address } : {}),
    ...(rabbitmq ? { rabbitmq: rabbitmq.address } : {}),
    ...(aws ? { aws: aws.address } : {}),
  };
  return {
    name: 'embedded',
    addresses,
    folder: keeper.folder,
    start: (program, start) => startProgram(keeper, { ...start, folder, program, deaths: o.deaths }),
    functionZip: async () => zipSync({ 'index.mjs': await functionCode() }),
    broken: o.deaths.broken,
    fail: (error) => o.deaths.fail(error),
    disturb: { ...brokerFault(rabbitmq), ...databaseFault(postgres) },
    end: () => keeper.end(),
  };
}

function needsOf(plans: readonly Plan[]): { PostgreSQL: boolean; RabbitMQ: boolean; 'AWS endpoint': boolean } {
  const kinds = new Set(plans.flatMap((plan) => plan.parts.map((part) => part.kind)));
  const aws = ['function', 'sqs', 'sqs-fifo', 'dynamodb', 's3'] as const;
  return {
    PostgreSQL: kinds.has('postgres'),
    RabbitMQ: kinds.has('broker'),
    'AWS endpoint': aws.some((kind) => kinds.has(kind)),
  };
}

/** SQS, S3 and DynamoDB of packages, and beside them the function runtime, which polls that SQS. */
async function startAws(keeper: Keeper): Promise<RunningPart<AwsAddress>> {
  const start = (name: string, args: string[] = []) =>
    keeper.start<Listening>(nodeOrder(keeper, { name, args: [...programOf(name), ...args], env: {} }));
  const services = ['sqs', 'dynamodb', 's3'] as const;
  const aws = await startAwsEndpoint({
    backend: 'embedded',
    services,
    env: process.env,
    folder: keeper.folder,
    confirmed: [],
    start,
  });
  const { endpoints, region, accessKeyId, secretAccessKey } = aws.address;
  const options = { sqs: endpoints.sqs, region, accessKeyId, secretAccessKey, folder: keeper.folder };
  const lambda = await start('lambda', [JSON.stringify(options)]);
  endpoints.lambda = `http://127.0.0.1:${lambda.address.port}`;
  return aws;
}

async function startProgram(
  keeper: Keeper,
  o: StartOptions & { program: Program; folder: string; deaths: Deaths },
): Promise<RunningPart<Listening>> {
  if (o.died) o.deaths.expect(o.name, o.died);
  return keeper.start<Listening>(nodeOrder(keeper, { ...o, args: [join(o.folder, `${o.program}.js`)] }));
}

/** A program of ours: quiet about source maps, ready when it has said where it listens. */
function nodeOrder(keeper: Keeper, o: { name: string; args: string[]; env: Readonly<Record<string, string>> }): PartOrder {
  return {
    name: o.name,
    command: process.execPath,
    args: o.args,
    env: { PATH: process.env.PATH ?? '', TMPDIR: keeper.folder, HOME: keeper.folder, ...o.env },
    cwd: keeper.folder,
    ready: { on: 'json-line' },
    ready_ms: READY_MS,
    stop: 'SIGTERM',
    grace_ms: GRACE_MS,
    orphaned: 'KILL',
  };
}

function brokerFault(rabbitmq: RabbitmqPart | undefined): Stack['disturb'] {
  if (rabbitmq === undefined) return {};
  return {
    async stopBroker() {
      await rabbitmq.stop();
      return () => rabbitmq.restart();
    },
  };
}

function databaseFault(postgres: PostgresPart | undefined): Stack['disturb'] {
  if (postgres === undefined) return {};
  return {
    async crashPostgres() {
      await postgres.crash();
      return () => postgres.recover();
    },
  };
}
