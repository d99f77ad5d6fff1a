import { join } from 'node:path';
import type { Plan } from '../../../domain/plan.ts';
import type { Addresses, AwsAddress, RunningPart } from '../contract.ts';
import type { Service } from './aws/address.ts';
import { startAws as startAwsEndpoint } from './aws/index.ts';
import { functionZip, programFolder } from './bundle.ts';
import { Deaths } from './deaths.ts';
import { type Keeper, openKeeper } from './keeper.ts';
import { type PostgresPart, startPostgres } from './postgres.ts';
import { startProgram } from './program.ts';
import { type RabbitmqPart, startRabbitmq } from './rabbitmq.ts';
import type { Listening, Program, Stack, StackChoice, StartOptions } from './stack.ts';

export interface StackWanted {
  choice: StackChoice;
  plans: readonly Plan[];
  say(text: string): void;
}

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
    return await Promise.race([startParts(keeper, { ...o, deaths }), deaths.broken]);
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
    needs.RabbitMQ ? startRabbitmq(keeper, { without: withoutBroker(o.plans) }) : undefined,
    needs['AWS endpoint'] ? startAws(keeper, o) : undefined,
  ]);
  const addresses: Addresses = {
    ...(postgres ? { postgres: postgres.address } : {}),
    ...(rabbitmq ? { rabbitmq: rabbitmq.address } : {}),
    ...(aws ? { aws: aws.address } : {}),
  };
  return {
    name: o.choice.name,
    addresses,
    folder: keeper.folder,
    start: (program, start) => startOf(keeper, { ...start, folder, program, deaths: o.deaths }),
    functionZip,
    broken: o.deaths.broken,
    fail: (error) => o.deaths.fail(error),
    disturb: { ...brokerFault(rabbitmq), ...databaseFault(postgres) },
    end: () => keeper.end(),
  };
}

/** Kinds of parts that need each service of the AWS endpoint. */
const KINDS: Readonly<Record<Service, readonly string[]>> = {
  lambda: ['function'],
  sqs: ['sqs', 'sqs-fifo'],
  dynamodb: ['dynamodb'],
  s3: ['s3'],
};

function needsOf(plans: readonly Plan[]): { PostgreSQL: boolean; RabbitMQ: boolean; 'AWS endpoint': boolean } {
  const kinds = new Set<string>(plans.flatMap((plan) => plan.parts.map((part) => part.kind)));
  return {
    PostgreSQL: kinds.has('postgres'),
    RabbitMQ: kinds.has('broker'),
    'AWS endpoint': Object.values(KINDS)
      .flat()
      .some((kind) => kinds.has(kind)),
  };
}

/** Strategies that need no broker, for the message that there is none. */
function withoutBroker(plans: readonly Plan[]): string[] {
  return plans.filter((plan) => !plan.parts.some((part) => part.kind === 'broker')).map((plan) => plan.strategy);
}

function startAws(keeper: Keeper, { choice, plans }: StackWanted): Promise<RunningPart<AwsAddress>> {
  const kinds = new Set<string>(plans.flatMap((plan) => plan.parts.map((part) => part.kind)));
  const services = (Object.keys(KINDS) as Service[]).filter((service) => KINDS[service].some((kind) => kinds.has(kind)));
  const { aws: backend, ...rest } = choice;
  return startAwsEndpoint({ ...rest, backend, services, env: process.env, keeper });
}

/** Starts a program of a run; whoever it belongs to hears of its death. */
export async function startOf(
  keeper: Keeper,
  o: StartOptions & { program: Program; folder: string; deaths: Deaths },
): Promise<RunningPart<Listening>> {
  if (o.died) o.deaths.expect(o.name, o.died);
  return startProgram(keeper, { ...o, args: [join(o.folder, `${o.program}.js`)], isFirst: o.program === 'driver' });
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
