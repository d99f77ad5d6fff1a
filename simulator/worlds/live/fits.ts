import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { FitOrder, FitReply } from './programs/fit.ts';
import { programFolder } from './stacks/bundle.ts';

interface Asked {
  resolve(fitted: unknown): void;
  reject(error: Error): void;
}

/**
 * Fits what controllers ask for on a thread of its own, which is there from the first job until `close`: no decision waits for it.
 *
 * A thread that breaks takes its jobs along; the next job gets another.
 */
export class Fits {
  private readonly start: () => Promise<Worker>;
  private readonly asked = new Map<number, Asked>();
  private thread: Promise<Worker> | undefined;
  private count = 0;
  private isClosed = false;

  constructor(start = startThread) {
    this.start = start;
  }

  /** What a job of this controller comes to. Throws: Error with what went wrong. After `close` nobody answers. */
  fit(controller: string, job: unknown): Promise<unknown> {
    if (this.isClosed) return new Promise(() => undefined);
    const number = this.count++;
    this.thread ??= this.begun();
    return new Promise((resolve, reject) => {
      this.asked.set(number, { resolve, reject });
      this.thread?.then(
        (thread) => thread.postMessage({ number, controller, job } satisfies FitOrder),
        (error: Error) => this.broke(error),
      );
    });
  }

  /** Ends the thread, whatever it is at. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.asked.clear();
    await this.thread?.then((thread) => thread.terminate()).catch(() => undefined);
  }

  private async begun(): Promise<Worker> {
    const thread = await this.start();
    let why: Error | undefined;
    thread.on('error', (error: Error) => {
      why = error;
    });
    thread.on('exit', (code) => this.broke(why ?? new Error(`its thread ended with ${code}`)));
    thread.on('message', (reply: FitReply) => {
      const asked = this.asked.get(reply.number);
      this.asked.delete(reply.number);
      if ('error' in reply) asked?.reject(new Error(reply.error));
      else asked?.resolve(reply.fitted);
    });
    return thread;
  }

  private broke(error: Error): void {
    this.thread = undefined;
    for (const { reject } of this.asked.values()) reject(error);
    this.asked.clear();
  }
}

async function startThread(): Promise<Worker> {
  return new Worker(join(await programFolder(), 'fit.js'));
}
