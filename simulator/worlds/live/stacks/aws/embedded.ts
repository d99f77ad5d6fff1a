import type { AwsAddress, RunningPart } from '../../contract.ts';
import type { Keeper } from '../keeper.ts';
import { startNamed } from '../program.ts';
import { NOWHERE, REGION, TEST_CREDENTIALS } from './address.ts';
import { probe } from './probe.ts';

/** Starts what comes with this package: fauxqs for SQS and S3, dynalite for DynamoDB, each a process of its own, in memory. */
export async function startEmbedded(keeper: Keeper): Promise<RunningPart<AwsAddress>> {
  const starts = await Promise.allSettled([startNamed(keeper, 'fauxqs'), startNamed(keeper, 'dynalite')]);
  const programs = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []));
  const stop = async () => void (await Promise.all(programs.map((program) => program.stop())));
  try {
    for (const start of starts) if (start.status === 'rejected') throw start.reason;
    const [sqs, dynamodb] = programs.map(({ address }) => `http://127.0.0.1:${address.port}`) as [string, string];
    const endpoints = { lambda: NOWHERE, sqs, dynamodb, s3: sqs };
    const address: AwsAddress = { backend: 'embedded', functions: 'own', region: REGION, ...TEST_CREDENTIALS, endpoints };
    await probe(address, ['sqs', 'dynamodb', 's3']);
    const log = () => programs.map((program) => program.log()).join('\n');
    return { name: 'fauxqs and dynalite', address, pids: programs.flatMap(({ pids }) => pids), log, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
