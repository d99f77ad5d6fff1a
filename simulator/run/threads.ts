import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import { abortOf } from '../domain/abort.ts';

/** Orders for worker threads, which each take one after the other. */
export interface Threads<Order, Reply> {
  /** In the order in which they are handed out. */
  orders: readonly Order[];
  /** One per core unless said. */
  threads?: number | undefined;
  start(): Worker;
  /** Hears everything that a worker says; true when its order is done. Throws: what breaks the whole. */
  heard(reply: Reply): boolean;
  /** A worker broke: what to throw for it. */
  broken?(error: unknown): unknown;
  /** What an order is about, for the message about a worker that ended before. */
  what: string;
  /** Ends every worker at once; the promise then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

/**
 * Hands orders to worker threads until all are done, and ends the threads, however it went.
 *
 * Throws: what a worker or a hearer broke with, or the signal's reason.
 */
export async function onThreads<Order, Reply>(o: Threads<Order, Reply>): Promise<void> {
  const { orders, signal } = o;
  const threads = Math.max(1, Math.min(o.threads ?? availableParallelism(), orders.length));
  const workers = Array.from({ length: threads }, o.start);
  const count = { handed: 0, done: 0 };
  const { aborted, release } = abortOf(signal);
  try {
    await new Promise<void>((resolve, reject) => {
      aborted.catch(reject);
      if (orders.length === 0) resolve();
      const hand = (worker: Worker) => {
        if (count.handed < orders.length) worker.postMessage(orders[count.handed++]);
      };
      const hear = (worker: Worker, reply: Reply) => {
        try {
          if (!o.heard(reply)) return;
        } catch (error) {
          reject(error);
        }
        hand(worker);
        if (++count.done === orders.length) resolve();
      };
      for (const worker of workers) {
        worker.on('error', (error) => reject(o.broken?.(error) ?? error));
        worker.on('exit', (code) =>
          reject(new Error(`a worker ended with ${code} before its ${o.what} was done; out of memory?`)),
        );
        worker.on('message', (reply: Reply) => hear(worker, reply));
        hand(worker);
      }
    });
  } finally {
    release();
    for (const worker of workers) {
      worker.removeAllListeners('exit');
      worker.terminate().catch(() => undefined);
    }
  }
}
