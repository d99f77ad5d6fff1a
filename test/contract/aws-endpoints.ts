import { writeSync } from 'node:fs';
import { UnavailableError } from '../../simulator/domain/problem.ts';
import type { AwsAddress, RunningPart } from '../../simulator/worlds/live/contract.ts';
import type { Service } from '../../simulator/worlds/live/stacks/aws/address.ts';
import { startAws } from '../../simulator/worlds/live/stacks/aws/index.ts';
import { MINISTACK_HINT, ministackProgram } from '../../simulator/worlds/live/stacks/aws/ministack.ts';
import { openKeeper } from '../../simulator/worlds/live/stacks/keeper.ts';

export interface Endpoint {
  name: AwsAddress['backend'];
  /** Why it cannot be asked here. */
  missing?: string;
  /** What it is without, of these; nobody of ours chose what a named endpoint can do. */
  lacks?(services: readonly Service[]): Promise<string | undefined>;
  start(services: readonly Service[]): Promise<RunningPart<AwsAddress>>;
}

const { env } = process;
const isNamed = [env.AWS_ENDPOINT_URL, env.LOCALSTACK_HOST].some((value) => value !== undefined && value !== '');

function endpoint(name: Endpoint['name'], missing?: string): Endpoint {
  return { name, start: (services) => startKept(name, services), ...(missing === undefined ? {} : { missing }) };
}

/** Starts a backend with a keeper of its own, which ends with it. */
async function startKept(backend: Endpoint['name'], services: readonly Service[]): Promise<RunningPart<AwsAddress>> {
  const keeper = await openKeeper({ died: (_, message) => void writeSync(2, `${message}\n`) });
  try {
    const functions = 'emulator';
    return { ...(await startAws({ backend, functions, services, env, keeper, confirmed: [] })), stop: () => keeper.end() };
  } catch (error) {
    await keeper.end();
    throw error;
  }
}

/** Every AWS endpoint that a contract could be held to on this machine. */
export const ENDPOINTS: readonly Endpoint[] = [
  endpoint('embedded'),
  endpoint('ministack', ministackProgram(env) === undefined ? `MiniStack is not installed: ${MINISTACK_HINT}` : undefined),
  {
    ...endpoint('url', isNamed ? undefined : 'neither AWS_ENDPOINT_URL nor LOCALSTACK_HOST names an endpoint that is running'),
    lacks: missingAt,
  },
];

async function missingAt(services: readonly Service[]): Promise<string | undefined> {
  try {
    await (await startKept('url', services)).stop();
    return undefined;
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    return error.message;
  }
}
