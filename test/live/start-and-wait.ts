import { writeSync } from 'node:fs';
import { startAws } from '../../simulator/worlds/live/stacks/aws/index.ts';

/** Starts a backend, says its processes' ids on standard output, and lives until it is killed. */
async function startAndWait([backend, folder]: string[]): Promise<void> {
  const name = backend === 'ministack' ? 'ministack' : 'embedded';
  const part = await startAws({ backend: name, services: ['sqs'], env: process.env, folder: folder as string, confirmed: [] });
  writeSync(1, `${JSON.stringify(part.pids)}\n`);
}

void startAndWait(process.argv.slice(2));
