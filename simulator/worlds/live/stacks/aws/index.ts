import type { AwsAddress, RunningPart } from '../../contract.ts';
import type { Keeper } from '../keeper.ts';
import { addressFrom, insistOnOwn, type Service } from './address.ts';
import { startEmbedded } from './embedded.ts';
import { startMinistack } from './ministack.ts';
import { withOwnFunctions } from './own-functions.ts';
import { probe } from './probe.ts';

export interface AwsWanted {
  backend: AwsAddress['backend'];
  /** What the plan uses: only that is asked for. */
  services: readonly Service[];
  env: NodeJS.ProcessEnv;
  /** Starts what has to be started, so that it ends with the run; what a backend writes lies in the run's folder. */
  keeper: Keeper;
  /** Only for `url`: what `--endpoint` named, and the hosts that `--confirm-target` named. */
  endpoint?: string;
  confirmed: readonly string[];
  /** Where functions run: in this project's own runtime unless the backend's are asked for; the embedded one has no other. */
  functions?: AwsAddress['functions'];
}

/**
 * One AWS endpoint, whichever backend is behind it: started or found, asked for something real, and ready for `clientsOf`.
 *
 * Throws: UnavailableError that names the service and says what to do; nothing that was started is left then.
 */
export async function startAws(o: AwsWanted): Promise<RunningPart<AwsAddress>> {
  const isOwn = o.services.includes('lambda') && (o.backend === 'embedded' || o.functions !== 'emulator');
  const services = isOwn ? servicesBeside(o.services) : o.services;
  const part = await BACKENDS[o.backend]({ ...o, services });
  return isOwn ? withOwnFunctions(o.keeper, part) : part;
}

const BACKENDS: Readonly<Record<AwsAddress['backend'], (o: AwsWanted) => Promise<RunningPart<AwsAddress>>>> = {
  embedded: ({ keeper }) => startEmbedded(keeper),
  ministack: startMinistack,
  url: found,
};

/** What the backend has to have when functions run in the own runtime, which polls SQS. */
function servicesBeside(services: readonly Service[]): Service[] {
  return [...new Set<Service>([...services.filter((service) => service !== 'lambda'), 'sqs'])];
}

/** An endpoint that runs already; it goes on running. */
async function found(o: AwsWanted): Promise<RunningPart<AwsAddress>> {
  const address = addressFrom(o.env, o.services, o.endpoint);
  await insistOnOwn(address, o.confirmed);
  await probe(address, o.services);
  return { name: 'the AWS endpoint', address, pids: [], log: () => '', stop: async () => {} };
}
