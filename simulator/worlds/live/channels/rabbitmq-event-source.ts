import { wait, wallMs } from '../clock.ts';
import type { Message, Receiver } from '../contract.ts';

/** A message on its way to a function, and whether this is a repeat. */
export interface Polled {
  message: Message;
  receives: number;
}

export interface EventSourceOptions {
  receiver: Receiver;
  batchSize: number;
  windowMs: number;
  /** How long a poller waits after a batch that failed. */
  retryMs: number;
  pollers: { initial: number; perMin: number; most: number };
  /** Whether the function took the whole batch. */
  invoke(batch: readonly Polled[]): Promise<boolean>;
}

interface Waiting extends Polled {
  since: number;
  settle(isDone: boolean): void;
}

const LOOK_MS = 1_000;

/**
 * What Lambda's event source for Amazon MQ does: gathers messages into batches, calls the function with each, and acknowledges all of a
 * batch when the function has succeeded; after a failure all of it goes back to the queue.
 *
 * A few pollers to begin with, each with one batch out, and more each minute while all of them are busy.
 *
 * Source: AWS Lambda Developer Guide, "Using Lambda with Amazon MQ".
 */
export class RabbitmqEventSource {
  private readonly o: EventSourceOptions;
  private readonly waiting: Waiting[] = [];
  private readonly growth: NodeJS.Timeout;
  private allowed: number;
  private out = 0;
  /** Messages that it has taken and not settled. */
  held = 0;
  private isStopping = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(o: EventSourceOptions) {
    this.o = o;
    this.allowed = o.pollers.initial;
    this.growth = setInterval(() => this.grow(), LOOK_MS);
  }

  start(): Promise<void> {
    return this.o.receiver.start((message, { receives }) =>
      new Promise<boolean>((settle) => {
        this.held++;
        this.waiting.push({ message, receives, since: wallMs(), settle });
        this.look();
      }).finally(() => this.held--),
    );
  }

  /** Takes no more, and waits for what it has taken. */
  async stop(): Promise<void> {
    clearInterval(this.growth);
    this.isStopping = true;
    this.look();
    await this.o.receiver.stop();
  }

  private grow(): void {
    const { initial, most, perMin } = this.o.pollers;
    if (this.out >= Math.floor(this.allowed)) this.allowed = Math.min(most, this.allowed + (perMin * LOOK_MS) / 60_000);
    else if (this.waiting.length === 0) this.allowed = initial;
    this.look();
  }

  /** Sends off every batch that is full or has waited for its window, as far as there are pollers. */
  private look(): void {
    clearTimeout(this.timer);
    const { batchSize, windowMs } = this.o;
    for (let oldest = this.waiting[0]; oldest; oldest = this.waiting[0]) {
      if (this.out >= Math.floor(this.allowed)) return;
      const left = windowMs - (wallMs() - oldest.since);
      if (this.waiting.length < batchSize && left > 0 && !this.isStopping) {
        this.timer = setTimeout(() => this.look(), left);
        return;
      }
      this.out++;
      void this.deliver(this.waiting.splice(0, batchSize));
    }
  }

  private async deliver(batch: readonly Waiting[]): Promise<void> {
    const isDone = await this.o.invoke(batch);
    if (!isDone && !this.isStopping) await wait(this.o.retryMs);
    for (const { settle } of batch) settle(isDone);
    this.out--;
    this.look();
  }
}
