import { writeSync } from 'node:fs';
import type { Cell, CellResult } from '../../simulator/domain/cell.ts';
import { roundsPerMs } from '../../simulator/worlds/live/burn.ts';
import { refusalsOf } from '../../simulator/worlds/live/refusals.ts';
import { openStack } from '../../simulator/worlds/live/stacks/index.ts';
import type { Stack } from '../../simulator/worlds/live/stacks/stack.ts';
import { runCell } from '../../simulator/worlds/live/world.ts';

/** Real parts for cells that need no others than `cells` do; `play` plays one on them. */
export interface LiveWorld {
  play(cell: Cell): Promise<CellResult>;
  end(): Promise<void>;
}

/** Brings up what the cells need; where that cannot be had, prints why, and there is none. */
export async function openLiveWorld(cells: readonly Cell[]): Promise<LiveWorld | undefined> {
  const problems = cells.flatMap(({ plan }) => refusalsOf(plan));
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  let stack: Stack;
  try {
    stack = await openStack('embedded', { plans: cells.map(({ plan }) => plan), without: [], say: () => undefined });
  } catch (error) {
    if ((error as Error).name !== 'UnavailableError') throw error;
    writeSync(2, `the live world: skipped. ${(error as Error).message}\n`);
    return undefined;
  }
  const burn_per_ms = roundsPerMs();
  let runs = 0;
  return {
    play: async (cell) => (await runCell(cell, { stack, namespace: `t${runs++}`, burn_per_ms })).result,
    end: () => stack.end(),
  };
}
