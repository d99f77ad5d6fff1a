import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { TraceScore } from '../domain/judgement.ts';
import type { TraceOrder, TraceReply } from './trace-worker.ts';

export interface TracesOptions {
  threads?: number;
  /** Told how many policies and forecasters are judged, over all traces. */
  heard?(done: number): void;
  signal?: AbortSignal;
}

/**
 * Judges traces on worker threads, the longest first; scores come in the order of the traces and do not depend on the number of threads.
 *
 * Throws: Error with the worker's own stack when a policy breaks.
 */
export async function judgeTraces(orders: readonly Omit<TraceOrder, 'number'>[], o: TracesOptions = {}): Promise<TraceScore[]> {
  const queue = orders
    .map((order, number) => ({ ...order, number }))
    .sort((a, b) => b.series.values.length - a.series.values.length);
  const threads = Math.max(1, Math.min(o.threads ?? availableParallelism(), queue.length));
  const workers = Array.from({ length: threads }, startWorker);
  const scores: TraceScore[] = [];
  const told = { done: 0, scores: 0 };
  try {
    await new Promise<void>((resolve, reject) => {
      o.signal?.addEventListener('abort', () => reject(o.signal?.reason), { once: true });
      if (o.signal?.aborted) reject(o.signal.reason);
      const hand = (worker: Worker) => {
        const order = queue.shift();
        if (order) worker.postMessage(order);
      };
      for (const worker of workers) {
        worker.on('error', reject);
        worker.on('exit', (code) => reject(new Error(`a worker ended with ${code} before its trace was judged; out of memory?`)));
        worker.on('message', (reply: TraceReply) => {
          if ('error' in reply) return reject(new Error(reply.error));
          if ('done' in reply) return o.heard?.(++told.done);
          scores[reply.number] = reply.score;
          hand(worker);
          if (++told.scores === orders.length) resolve();
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
  return scores;
}

/** A worker from source under tsx, or from the bundle beside this file. */
function startWorker(): Worker {
  const source = new URL('./worker-from-source.mjs', import.meta.url);
  return new Worker(existsSync(fileURLToPath(source)) ? source : new URL('./trace-worker.js', import.meta.url));
}
