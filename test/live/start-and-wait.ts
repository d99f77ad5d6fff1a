import { writeSync } from 'node:fs';
import { startAws } from '../../simulator/worlds/live/stacks/aws/index.ts';
import { openKeeper } from '../../simulator/worlds/live/stacks/keeper.ts';

/** Starts a backend, says its processes' ids on standard output, and lives until it is killed. */
async function startAndWait([backend]: string[]): Promise<void> {
  const name = backend === 'ministack' ? 'ministack' : 'embedded';
  const keeper = await openKeeper({ died: (_, message) => void writeSync(2, `${message}\n`) });
  const part = await startAws({ backend: name, services: ['sqs'], env: process.env, keeper, confirmed: [] });
  writeSync(1, `${JSON.stringify(part.pids)}\n`);
}

void startAndWait(process.argv.slice(2));
