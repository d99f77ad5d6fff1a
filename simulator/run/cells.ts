import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Cell, CellResult } from '../domain/cell.ts';
import { UnavailableError } from '../domain/problem.ts';
import type { Reply } from './cell-worker.ts';

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
  const threads = Math.max(1, Math.min(o.threads ?? availableParallelism(), cells.length));
  const workers = Array.from({ length: threads }, startWorker);
  const results: (CellResult | undefined)[] = cells.map(() => undefined);
  const shares = new Float64Array(cells.length);
  let next = 0;
  let done = 0;
  let taken = 0;
  const take = () => {
    for (let result = results[taken]; result !== undefined; result = results[taken]) o.taken?.(result, taken++);
  };
  const tell = () => o.heard?.({ share: shares.reduce((s, x) => s + x, 0) / cells.length, done, cells: cells.length });
  try {
    await new Promise<void>((resolve, reject) => {
      o.signal?.addEventListener('abort', () => reject(o.signal?.reason), { once: true });
      if (o.signal?.aborted) reject(o.signal.reason);
      if (cells.length === 0) resolve();
      const hand = (worker: Worker) => {
        if (next >= cells.length) return;
        worker.postMessage({ number: next, cell: cells[next] });
        next++;
      };
      const finish = (worker: Worker, reply: { number: number; result: CellResult }) => {
        results[reply.number] = reply.result;
        done++;
        try {
          take();
        } catch (error) {
          reject(error);
        }
        hand(worker);
      };
      for (const worker of workers) {
        worker.on('error', (error) => reject(isOutOfMemory(error) ? new UnavailableError(TOO_LITTLE_MEMORY) : error));
        worker.on('exit', (code) => reject(new Error(`a worker ended with ${code} before its cell was done; out of memory?`)));
        worker.on('message', (reply: Reply) => {
          if ('error' in reply) return reject(new Error(reply.error));
          shares[reply.number] = 'result' in reply ? 1 : reply.share;
          if ('result' in reply) finish(worker, reply);
          tell();
          if (done === cells.length) resolve();
        });
        hand(worker);
      }
    });
  } finally {
    for (const worker of workers) {
      worker.removeAllListeners('exit');
      worker.terminate().catch(() => undefined);
    }
  }
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
