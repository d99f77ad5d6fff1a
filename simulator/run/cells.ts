import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Cell, CellResult } from '../domain/cell.ts';
import { UnavailableError } from '../domain/problem.ts';
import type { Order, Reply } from './cell-worker.ts';
import { onThreads } from './threads.ts';

/** Share of all cells' run time that is over, and how many cells are done. */
export type Heard = (progress: { share: number; done: number; cells: number }) => void;

export interface CellsOptions {
  threads?: number;
  heard?: Heard;
  /** Gets every result once, in the order of the cells, and may empty what it has put away. */
  taken?: (result: CellResult, number: number) => void;
  /** Ends every worker at once; the promise then rejects with the signal's reason. */
  signal?: AbortSignal;
}

/**
 * Runs cells on worker threads and returns their results in the order of the cells, whichever ends first.
 *
 * A cell shares no state with any other, so the bytes do not depend on the number of threads.
 *
 * Throws: Error with the worker's own stack when a cell breaks.
 */
export async function runCells(cells: readonly Cell[], o: CellsOptions = {}): Promise<CellResult[]> {
  const results: (CellResult | undefined)[] = cells.map(() => undefined);
  const shares = new Float64Array(cells.length);
  let done = 0;
  let taken = 0;
  const finish = ({ number, result }: { number: number; result: CellResult }) => {
    results[number] = result;
    done++;
    for (let next = results[taken]; next !== undefined; next = results[++taken]) o.taken?.(next, taken);
  };
  await onThreads<Order, Reply>({
    orders: cells.map((cell, number) => ({ number, cell })),
    threads: o.threads,
    start: startWorker,
    heard(reply) {
      if ('error' in reply) throw new Error(reply.error);
      const isDone = 'result' in reply;
      shares[reply.number] = isDone ? 1 : reply.share;
      if (isDone) finish(reply);
      o.heard?.({ share: shares.reduce((s, x) => s + x, 0) / cells.length, done, cells: cells.length });
      return isDone;
    },
    broken: (error) => (isOutOfMemory(error) ? new UnavailableError(TOO_LITTLE_MEMORY) : error),
    what: 'cell',
    signal: o.signal,
  });
  return results as CellResult[];
}

const TOO_LITTLE_MEMORY =
  'a cell ran out of memory; give it a lower --rate, a shorter --duration, fewer --threads or no --ledger';

function isOutOfMemory(error: unknown): boolean {
  return (error as { code?: string }).code === 'ERR_WORKER_OUT_OF_MEMORY';
}

/** A worker from source under tsx, or from the bundle beside this file. */
function startWorker(): Worker {
  const source = new URL('./worker-from-source.mjs', import.meta.url);
  return new Worker(existsSync(fileURLToPath(source)) ? source : new URL('./cell-worker.js', import.meta.url));
}
