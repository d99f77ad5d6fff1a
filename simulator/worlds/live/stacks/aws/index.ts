import type { AwsAddress, RunningPart } from '../../contract.ts';
import { addressFrom, insistOnOwn, type Service } from './address.ts';
import { type StartProgram, startEmbedded } from './embedded.ts';
import { startMinistack } from './ministack.ts';
import { probe } from './probe.ts';

export interface AwsWanted {
  backend: AwsAddress['backend'];
  /** What the plan uses: only that is asked for. */
  services: readonly Service[];
  env: NodeJS.ProcessEnv;
  /** The run's folder: what a backend writes lies there, and goes with it. */
  folder: string;
  /** Only for `url`: what `--endpoint` named, and the hosts that `--confirm-target` named. */
  endpoint?: string;
  confirmed: readonly string[];
  /** Starts the embedded backend's programs, so that they end with whoever keeps the run's parts. */
  start?: StartProgram;
  /** Functions run in this project's own runtime, which listens there, whatever the backend could do. */
  lambda?: string;
}

/**
 * One AWS endpoint, whichever backend is behind it: started or found, asked for something real, and ready for `clientsOf`.
 *
 * Throws: UnavailableError that names the service and says what to do; nothing that was started is left then.
 */
export async function startAws(o: AwsWanted): Promise<RunningPart<AwsAddress>> {
  const theirs = o.services.filter((service) => service !== 'lambda' || o.lambda === undefined);
  if (o.backend === 'embedded') return startEmbedded(o);
  const part = o.backend === 'ministack' ? await startMinistack({ ...o, services: theirs }) : await found(o, theirs);
  if (o.lambda !== undefined) part.address.endpoints.lambda = o.lambda;
  return part;
}

/** An endpoint that runs already; it goes on running. */
async function found(o: AwsWanted, services: readonly Service[]): Promise<RunningPart<AwsAddress>> {
  const address = addressFrom(o.env, services, o.endpoint);
  await insistOnOwn(address, o.confirmed);
  await probe(address, services);
  return { name: 'the AWS endpoint', address, pids: [], log: () => '', stop: async () => {} };
}
