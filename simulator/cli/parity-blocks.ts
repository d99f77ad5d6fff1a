import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { Cell } from '../domain/cell.ts';
import type { Leg, Metered } from '../domain/leg.ts';
import type { Plan } from '../domain/plan.ts';
import type { MeteredRun } from '../measure/calibrate/calibrate.ts';
import type { BlockResult } from '../measure/parity.ts';
import { cellsOf } from '../run/rows.ts';
import type { Block } from '../worlds/live/blocks.ts';
import type { Blocks } from './blocks.ts';

/** A plan that is played in blocks, one a seed, at one rate. */
export interface Played {
  blocks: Blocks;
  plan: Plan;
  rate: number;
  /** What its blocks have in common, and with no other plan's or rate's. */
  key: string;
}

/** A block that is to be played, and what it is one of. */
export interface Turn {
  cell: Cell;
  of: Played;
}

/** A block that counts, as it is kept in the output folder; with every leg where it calibrates, and how many were lost before it, if any. */
export type Kept = Pick<Block, 'lateness' | 'drift' | 'busy'> & {
  key: string;
  seed: number;
  live: BlockResult;
  metered?: Written;
  lost?: number;
};

interface Written {
  legs: Leg[];
  latency_ms: [number, number][];
  boots_ms: [number, number[]][];
}

/** A plan, to be played in blocks; the key tells its blocks from those of other plans, and of an earlier form of them. */
export function played(blocks: Blocks, plan: Plan, rate: number): Played {
  const hash = createHash('sha256').update(JSON.stringify(['blocks@2', plan, rate]));
  return { blocks, plan, rate, key: hash.digest('hex').slice(0, 16) };
}

/** The cells of a plan, one a block: each plays the same window with a seed of its own. `plan` stands in for its own where given. */
export function cellsFor({ blocks, plan: own, rate }: Played, plan = own): Cell[] {
  return cellsOf(blocks.scenario, { ...blocks.rows, rows: [{ plan, rate }] }, blocks.axes);
}

/** All blocks of a plan, with one that calibrates before each `every` of them, so that both meet the machine in all its moods. */
export function turnsOf(live: Played, calibrating?: Played & { every: number }): Turn[] {
  const turns = cellsFor(live).map((cell): Turn => ({ cell, of: live }));
  if (calibrating === undefined) return turns;
  const between = cellsFor(calibrating).map((cell): Turn => ({ cell, of: calibrating }));
  const { every } = calibrating;
  return turns.flatMap((turn, i) => [...(i % every === 0 ? between.slice(i / every, i / every + 1) : []), turn]);
}

/** Blocks of these plans that a file has. */
export function keptIn(file: string, plans: readonly Played[]): Kept[] {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n');
  lines.pop();
  return lines.map((line) => JSON.parse(line) as Kept).filter(({ key }) => plans.some((plan) => plan.key === key));
}

/** Whether a block is among them. */
export function isKept({ cell, of }: Turn, kept: readonly Kept[]): boolean {
  return kept.some(({ key, seed }) => key === of.key && seed === cell.seed);
}

/** Writes a block of `key`, before which so many were lost, to the end of the file; with what every leg took where it calibrates. */
export function keep(file: string, block: Block, o: { key: string; calibrates: boolean; lost: number }): Kept {
  const { lateness, drift, busy, result, cell, metered } = block;
  const live = { operations: result.operations, lags: result.lags };
  const legs = o.calibrates && metered ? { metered: written(metered) } : {};
  const row: Kept = {
    key: o.key,
    seed: cell.seed,
    lateness,
    drift,
    busy,
    live,
    ...legs,
    ...(o.lost > 0 ? { lost: o.lost } : {}),
  };
  appendFileSync(file, `${JSON.stringify(row)}\n`);
  return row;
}

/** How many blocks were lost before those that are kept. */
export function lostBefore(kept: readonly Kept[]): number {
  return kept.reduce((sum, { lost = 0 }) => sum + lost, 0);
}

/** What the kept blocks of a plan have measured. */
export function runsOf(kept: readonly Kept[], { plan, key }: Played): MeteredRun[] {
  const found = kept.flatMap((row) => (row.key === key && row.metered ? [row.metered] : []));
  return found.map(({ legs, latency_ms, boots_ms }) => {
    return { plan, metered: { legs, latency_ms: new Map(latency_ms), boots_ms: new Map(boots_ms) } };
  });
}

function written({ legs, latency_ms, boots_ms }: Metered): Written {
  return { legs, latency_ms: [...latency_ms], boots_ms: [...boots_ms] };
}
