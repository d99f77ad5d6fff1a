import type { Addresses } from '../contract.ts';
import { functionZip, programFolder } from './bundle.ts';
import { Deaths } from './deaths.ts';
import { startOf } from './embedded.ts';
import { openKeeper } from './keeper.ts';
import type { Stack } from './stack.ts';

/** A stack whose parts somebody else keeps: only the programs of a run are started here, and gone with it. */
export async function openBeside(addresses: Addresses, disturb: Stack['disturb']): Promise<Stack> {
  const deaths = new Deaths();
  const keeper = await openKeeper({ died: (name, message) => deaths.heard(name, message) });
  const folder = await programFolder();
  return {
    name: 'embedded',
    addresses,
    folder: keeper.folder,
    start: (program, start) => startOf(keeper, { ...start, folder, program, deaths }),
    functionZip,
    broken: deaths.broken,
    fail: (error) => deaths.fail(error),
    disturb,
    end: () => keeper.end(),
  };
}
