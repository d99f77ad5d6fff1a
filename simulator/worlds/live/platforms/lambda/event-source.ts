import type { Message } from '@aws-sdk/client-sqs';
import { ApiError } from './api-error.ts';
import type { Answer } from './invocation.ts';
import type { Mapping } from './mapping.ts';
import type { FunctionPool } from './pool.ts';
import type { Runtime } from './runtime.ts';
import { finished, payloadOf } from './sqs-event.ts';

/** How often it is seen whether pollers have to become more, ms. */
const LOOK_MS = 1_000;
/** Wait after a batch was throttled: doubles up to the longest. */
const WAIT_MS = 100;
const WAIT_MAX_MS = 5_000;
/** Wait before a queue that did not answer is asked again. */
const TROUBLE_MS = 500;
const LONG_POLL_S = 20;

/**
 * Pollers of one mapping: each gathers a batch, calls the function, deletes what was worked off, and leaves the rest to the visibility timeout.
 *
 * Some to begin with, more each minute while all of them are at work, back to the first ones when the queue is empty. A throttled batch
 * comes back with the visibility timeout as a failed one does, and its poller waits a little longer each time.
 *
 * Simplified: the bound of 6 MB on a batch is not looked for; batches of large messages would notice.
 */
export class EventSource {
  private readonly abort = new AbortController();
  private readonly pollers = new Set<Promise<void>>();
  private working = 0;
  private allowed: number;
  private readonly growth: NodeJS.Timeout;
  private readonly runtime: Runtime;
  private readonly pool: FunctionPool;
  private readonly mapping: Mapping;

  constructor(runtime: Runtime, o: { pool: FunctionPool; mapping: Mapping }) {
    this.runtime = runtime;
    this.pool = o.pool;
    this.mapping = o.mapping;
    this.allowed = this.least;
    this.growth = setInterval(() => this.grow(), LOOK_MS);
    this.fill();
  }

  /** Takes no more, and waits for the batches that are being worked on. */
  async stop(): Promise<void> {
    clearInterval(this.growth);
    this.abort.abort();
    await Promise.all(this.pollers);
  }

  private get most(): number {
    return Math.min(
      this.runtime.parameters.pollers_max,
      this.mapping.ScalingConfig?.MaximumConcurrency ?? Number.POSITIVE_INFINITY,
    );
  }

  private get least(): number {
    return Math.min(this.runtime.parameters.pollers_initial, this.most);
  }

  private grow(): void {
    if (this.working < this.pollers.size) return;
    this.allowed = Math.min(this.most, this.allowed + (this.runtime.parameters.pollers_per_min * LOOK_MS) / 60_000);
    this.fill();
  }

  private fill(): void {
    while (this.pollers.size < Math.floor(this.allowed)) {
      const poller = this.poll().finally(() => this.pollers.delete(poller));
      this.pollers.add(poller);
    }
  }

  private async poll(): Promise<void> {
    let waitMs = WAIT_MS;
    while (!this.abort.signal.aborted) {
      const batch = await this.gather().catch((error: Error) => this.trouble(error));
      if (batch.length === 0) {
        this.allowed = this.least;
        if (this.pollers.size > this.least) return;
        continue;
      }
      this.working++;
      const isTaken = await this.deliver(batch).catch((error: Error) => this.trouble(error).then(() => true));
      this.working--;
      waitMs = isTaken ? WAIT_MS : Math.min(WAIT_MAX_MS, waitMs * 2);
      if (!isTaken) await this.pause(waitMs);
    }
  }

  /** One batch: what the first receive brings, and with a window whatever comes until it is over or the batch is full. */
  private async gather(): Promise<Message[]> {
    const { EventSourceArn, BatchSize, MaximumBatchingWindowInSeconds: windowS } = this.mapping;
    const { signal } = this.abort;
    const batch = await this.runtime.queues.receive(EventSourceArn, { max: BatchSize, waitS: LONG_POLL_S, signal });
    const until = performance.now() + windowS * 1000;
    while (batch.length > 0 && batch.length < BatchSize && performance.now() < until && !signal.aborted) {
      const waitS = Math.max(0, Math.floor((until - performance.now()) / 1000));
      const more = await this.runtime.queues.receive(EventSourceArn, { max: BatchSize - batch.length, waitS, signal });
      batch.push(...more);
      if (more.length === 0 && waitS === 0) await this.pause(Math.min(100, Math.max(0, until - performance.now())));
    }
    return batch;
  }

  /** Whether the function took it: it may have been throttled. */
  private async deliver(batch: readonly Message[]): Promise<boolean> {
    const { queues, o, nextId } = this.runtime;
    const { EventSourceArn: arn, FunctionResponseTypes } = this.mapping;
    const payload = payloadOf(batch, { arn, region: o.region });
    let answer: Answer;
    try {
      answer = await this.pool.invoke({ requestId: nextId(), payload, traceId: undefined, wantsLog: false });
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      return false;
    }
    if (answer.error !== undefined) return true;
    const isPartial = FunctionResponseTypes.includes('ReportBatchItemFailures');
    const done = isPartial ? finished(batch, answer.payload) : batch;
    await queues.remove(arn, done);
    return true;
  }

  /** A queue that is gone or does not answer is asked again later. */
  private async trouble(error: Error): Promise<Message[]> {
    if (this.abort.signal.aborted) return [];
    this.runtime.o.warn(`${this.mapping.EventSourceArn}: ${error.message}`);
    await this.pause(TROUBLE_MS);
    return [];
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.abort.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
