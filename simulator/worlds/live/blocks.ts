import { cpus } from 'node:os';
import { bottleneck } from '../../../workloads/drivers/lateness.ts';
import type { Cell, CellResult } from '../../domain/cell.ts';
import type { Metered } from '../../domain/leg.ts';
import type { Plan } from '../../domain/plan.ts';
import { roundsPerMs } from './burn.ts';
import { wait } from './clock.ts';
import type { Stack } from './stacks/stack.ts';
import type { Driven } from './users.ts';
import { runCell } from './world.ts';

/** A reference burn that moved by more than this from before a block to after it says that the machine was not the same meanwhile. */
export const DRIFT_MAX = 0.05;
const LOOKS = 31;
/** So many blocks are lost before more lost than kept ones end it. */
const LOST_LEAST = 4;
/** What a run leaves behind (processes on their way out) is over by then. */
const SETTLE_MS = 300;

/** One short run between two reference burns. */
export interface Block {
  cell: Cell;
  result: CellResult;
  lateness: Driven['lateness'];
  metered?: Metered;
  /** Change of the reference burn over the block, as a share. */
  drift: number;
  /** Share of the machine's cores that was busy, with whatever ran beside it. */
  busy: number;
}

export interface BlocksOptions {
  stack: Stack;
  /** How far the reference burn may move, as a share. */
  driftMax: number;
  signal: AbortSignal;
  /** Hears of a block that is repeated, and why. */
  repeated(why: string): void;
}

/**
 * Plays cells one after the other on one stack, each between two reference burns. All are metered, so that what is compared with a calibration
 * carries the cost of traces as that did. `lost` and throws: as `keptBlocks`.
 */
export function playBlocks(cells: readonly Cell[], o: BlocksOptions, tally: { lost: number }): AsyncGenerator<Block> {
  return keptBlocks(cells, (cell, number) => playBlock(cell, { ...o, number }), o, tally);
}

/**
 * A block for each cell; one during which the machine's speed or the driver's clock was off is played again, until more were lost than kept.
 * The first of each plan is played twice and counts once: a stack's programs are slow at what they have never done.
 *
 * `lost` counts those that were off. Throws: as `play`.
 */
export async function* keptBlocks(
  cells: readonly Cell[],
  play: (cell: Cell, number: number) => Promise<Block>,
  o: Pick<BlocksOptions, 'driftMax' | 'repeated'>,
  tally: { lost: number },
): AsyncGenerator<Block> {
  const known = new Set<Plan>();
  for (const [number, cell] of cells.entries()) {
    if (!known.has(cell.plan)) {
      known.add(cell.plan);
      await play(cell, number);
      o.repeated('it was the first, whose programs warm up');
    }
    for (;;) {
      const block = await play(cell, number);
      const why = flawOf(block, o.driftMax);
      if (why === undefined) {
        yield block;
        break;
      }
      tally.lost++;
      o.repeated(why);
      if (tally.lost >= LOST_LEAST && tally.lost > number) return;
    }
  }
}

function flawOf({ drift, lateness }: Block, driftMax: number): string | undefined {
  if (Math.abs(drift) > driftMax) return `the reference burn drifted by ${(drift * 100).toFixed(1)} %`;
  return bottleneck(lateness);
}

async function playBlock(cell: Cell, o: BlocksOptions & { number: number }): Promise<Block> {
  const burn_per_ms = roundsPerMs(LOOKS);
  const before = coreTimes();
  const namespace = `b${Date.now().toString(36)}${o.number}`;
  const played = await runCell(cell, { stack: o.stack, namespace, burn_per_ms, signal: o.signal, isMetered: true });
  const after = coreTimes();
  await wait(SETTLE_MS);
  const drift = roundsPerMs(LOOKS) / burn_per_ms - 1;
  const busy = 1 - (after.idle - before.idle) / Math.max(1, after.all - before.all);
  return { cell, ...played, drift, busy };
}

/** Idle and whole time of all cores since the machine started, ms. */
function coreTimes(): { idle: number; all: number } {
  const times = cpus().map((cpu) => cpu.times);
  const idle = times.reduce((sum, t) => sum + t.idle, 0);
  const all = times.reduce((sum, t) => sum + t.user + t.nice + t.sys + t.idle + t.irq, 0);
  return { idle, all };
}
