import './v8-flags.ts';
import { performance } from 'node:perf_hooks';
import { parentPort } from 'node:worker_threads';
import type { Cell, CellResult } from '../domain/cell.ts';
import { runCell } from '../worlds/virtual/world.ts';

/** What the pool sends: one cell and the number it goes by. */
export interface Order {
  number: number;
  cell: Cell;
}

/** What comes back: how far it is, its result, or what went wrong. */
export type Reply =
  | { number: number; share: number }
  | { number: number; result: CellResult }
  | { number: number; error: string };

const port = parentPort;
port?.on('message', ({ number, cell }: Order) => {
  const reply = (message: Reply) => port.postMessage(message);
  try {
    const began = performance.now();
    const result = runCell(cell, (share) => reply({ number, share }));
    result.counters.wall_ms = performance.now() - began;
    reply({ number, result });
  } catch (error) {
    reply({ number, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
});
