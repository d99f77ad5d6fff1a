import type { AwsAddress, RunningPart } from '../../contract.ts';
import type { Keeper } from '../keeper.ts';
import { startNamed } from '../program.ts';
import type { Listening } from '../stack.ts';

/** What the runtime says when it listens. */
interface Runtime extends Listening {
  cpu_share: 'cgroup' | 'stretch';
}

/** Puts this project's own function runtime beside an endpoint: it polls the endpoint's SQS, and answers for its Lambda. */
export async function withOwnFunctions(keeper: Keeper, aws: RunningPart<AwsAddress>): Promise<RunningPart<AwsAddress>> {
  const { endpoints, region, accessKeyId, secretAccessKey } = aws.address;
  const options = { sqs: endpoints.sqs, region, accessKeyId, secretAccessKey, folder: keeper.folder };
  const runtime = await startNamed<Runtime>(keeper, 'lambda', [JSON.stringify(options)]).catch(async (error: unknown) => {
    await aws.stop();
    throw error;
  });
  return {
    name: `${aws.name}, own functions`,
    address: {
      ...aws.address,
      functions: 'own',
      cpu_share: runtime.address.cpu_share,
      endpoints: { ...endpoints, lambda: `http://127.0.0.1:${runtime.address.port}` },
    },
    pids: [...aws.pids, ...runtime.pids],
    log: () => [aws.log(), runtime.log()].join('\n'),
    stop: async () => {
      await runtime.stop();
      await aws.stop();
    },
  };
}
