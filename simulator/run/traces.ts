import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { TraceScore } from '../domain/judgement.ts';
import { onThreads } from './threads.ts';
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
  const scores: TraceScore[] = [];
  const told = { done: 0 };
  await onThreads<TraceOrder, TraceReply>({
    orders: orders.map((order, number) => ({ ...order, number })).sort((a, b) => b.series.values.length - a.series.values.length),
    threads: o.threads,
    start: startWorker,
    heard(reply) {
      if ('error' in reply) throw new Error(reply.error);
      if ('done' in reply) o.heard?.(++told.done);
      else scores[reply.number] = reply.score;
      return 'score' in reply;
    },
    what: 'trace',
    signal: o.signal,
  });
  return scores;
}

/** A worker from source under tsx, or from the bundle beside this file. */
function startWorker(): Worker {
  const source = new URL('./trace-worker-from-source.mjs', import.meta.url);
  return new Worker(existsSync(fileURLToPath(source)) ? source : new URL('./trace-worker.js', import.meta.url));
}
