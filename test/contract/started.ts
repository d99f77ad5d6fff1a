import { writeSync } from 'node:fs';
import { type Keeper, openKeeper } from '../../simulator/worlds/live/stacks/keeper.ts';

/** Starts a real part for a suite and prints how long that took; where it cannot be had, prints why and the suite is skipped. */
export async function started<Part>(
  name: string,
  start: (keeper: Keeper) => Promise<Part>,
): Promise<{ keeper: Keeper; part: Part } | undefined> {
  const from = performance.now();
  const keeper = await openKeeper({ died: (_, message) => void writeSync(2, `${message}\n`) });
  try {
    const part = await start(keeper);
    writeSync(2, `${name}: up after ${Math.round(performance.now() - from)} ms\n`);
    return { keeper, part };
  } catch (error) {
    await keeper.end();
    if ((error as Error).name !== 'UnavailableError') throw error;
    writeSync(2, `${name}: skipped. ${(error as Error).message}\n`);
    return undefined;
  }
}
