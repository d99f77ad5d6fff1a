import { tmpdir } from 'node:os';
import type { AwsAddress, RunningPart } from '../../simulator/worlds/live/contract.ts';
import type { Service } from '../../simulator/worlds/live/stacks/aws/address.ts';
import { startAws } from '../../simulator/worlds/live/stacks/aws/index.ts';
import { MINISTACK_HINT, ministackProgram } from '../../simulator/worlds/live/stacks/aws/ministack.ts';

export interface Endpoint {
  name: AwsAddress['backend'];
  /** Why it cannot be asked here. */
  missing?: string;
  start(services: readonly Service[]): Promise<RunningPart<AwsAddress>>;
}

const { env } = process;
const isNamed = [env.AWS_ENDPOINT_URL, env.LOCALSTACK_HOST].some((value) => value !== undefined && value !== '');

function endpoint(name: Endpoint['name'], missing?: string): Endpoint {
  const start = (services: readonly Service[]) => startAws({ backend: name, services, env, folder: tmpdir(), confirmed: [] });
  return { name, start, ...(missing === undefined ? {} : { missing }) };
}

/** Every AWS endpoint that a contract could be held to on this machine. */
export const ENDPOINTS: readonly Endpoint[] = [
  endpoint('embedded'),
  endpoint('ministack', ministackProgram(env) === undefined ? `MiniStack is not installed: ${MINISTACK_HINT}` : undefined),
  endpoint('url', isNamed ? undefined : 'neither AWS_ENDPOINT_URL nor LOCALSTACK_HOST names an endpoint that is running'),
];
