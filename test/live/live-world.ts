import { writeSync } from 'node:fs';
import type { Cell, CellResult } from '../../simulator/domain/cell.ts';
import type { Metered } from '../../simulator/domain/leg.ts';
import { roundsPerMs } from '../../simulator/worlds/live/burn.ts';
import { refusalsOf } from '../../simulator/worlds/live/refusals.ts';
import { openStack } from '../../simulator/worlds/live/stacks/index.ts';
import { EMBEDDED, type Stack } from '../../simulator/worlds/live/stacks/stack.ts';
import { type LiveResult, runCell } from '../../simulator/worlds/live/world.ts';

/** Real parts for cells that need no others than `cells` do; `play` plays one on them. */
export interface LiveWorld {
  play(cell: Cell): Promise<CellResult>;
  /** The same, with what the run has to say beside the result. */
  run(cell: Cell): Promise<LiveResult>;
  /** What the runs have said so far. */
  said: string[];
  /** The same, measured leg by leg. */
  meter(cell: Cell): Promise<Metered>;
  end(): Promise<void>;
}

/** Brings up what the cells need; where that cannot be had, prints why, and there is none. */
export async function openLiveWorld(cells: readonly Cell[]): Promise<LiveWorld | undefined> {
  const problems = cells.flatMap(({ plan }) => refusalsOf(plan));
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  let stack: Stack;
  try {
    stack = await openStack({ choice: EMBEDDED, plans: cells.map(({ plan }) => plan), say: () => undefined });
  } catch (error) {
    if ((error as Error).name !== 'UnavailableError') throw error;
    writeSync(2, `the live world: skipped. ${(error as Error).message}\n`);
    return undefined;
  }
  const burn_per_ms = roundsPerMs();
  let runs = 0;
  const said: string[] = [];
  const run = (cell: Cell) => runCell(cell, { stack, namespace: `t${runs++}`, burn_per_ms, say: (text) => void said.push(text) });
  return {
    said,
    run,
    play: async (cell) => (await run(cell)).result,
    async meter(cell) {
      const played = await runCell(cell, { stack, namespace: `t${runs++}`, burn_per_ms, isMetered: true });
      if (played.metered === undefined) throw new Error('a metered run has measured nothing');
      return played.metered;
    },
    end: () => stack.end(),
  };
}
