import { machineTable } from '../../reports/machine.ts';
import { lookAtMachine } from '../worlds/live/stacks/machine.ts';
import { outputOf } from './output.ts';

/** What this machine has for the live world, as a table or as data. */
export async function doctorText(options: { json?: boolean }): Promise<string> {
  const parts = await lookAtMachine();
  if (options.json) return JSON.stringify({ schema: 'machine@1', parts }, null, 2);
  return machineTable(parts, outputOf(process.stdout));
}
