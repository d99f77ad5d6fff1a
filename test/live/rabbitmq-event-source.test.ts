import { describe, expect, it } from 'vitest';
import { type Polled, RabbitmqEventSource } from '../../simulator/worlds/live/channels/rabbitmq-event-source.ts';
import type { Handler } from '../../simulator/worlds/live/contract.ts';
import { messagesIn, rabbitmqEvent } from '../../simulator/worlds/live/platforms/rabbitmq-event.ts';
import { messageOf } from '../contract/sheet.ts';

/** A source over a queue that is pushed to by hand; batches wait until the test answers them. */
async function sourceOf(o: { batchSize?: number; windowMs?: number; pollers?: number } = {}) {
  const at: { handle?: Handler } = {};
  const batches: { batch: readonly Polled[]; answer(isDone: boolean): void }[] = [];
  const begun: (() => void)[] = [];
  const source = new RabbitmqEventSource({
    receiver: {
      start: async (handle) => {
        at.handle = handle;
      },
      stop: async () => undefined,
    },
    batchSize: o.batchSize ?? 2,
    windowMs: o.windowMs ?? 1e6,
    retryMs: 0,
    pollers: { initial: o.pollers ?? 1, perMin: 0, most: 5 },
    invoke: (batch) =>
      new Promise((answer) => {
        batches.push({ batch, answer });
        for (const resolve of begun.splice(0)) resolve();
      }),
  });
  await source.start();
  const push = (n: number) => (at.handle as Handler)(messageOf(n), { receives: 1 });
  return { source, batches, push, next: () => new Promise<void>((resolve) => begun.push(resolve)) };
}

const numbers = ({ batch }: { batch: readonly Polled[] }) => batch.map(({ message }) => message.id);

describe('a poller of RabbitMQ for a function', () => {
  it('acknowledges all of a batch when the function took it, and none when it did not', async () => {
    const { batches, push, source } = await sourceOf();
    const first = [push(1), push(2)];
    batches[0]?.answer(true);
    expect(await Promise.all(first)).toEqual([true, true]);
    const second = [push(3), push(4)];
    batches[1]?.answer(false);
    expect(await Promise.all(second)).toEqual([false, false]);
    expect(batches.map(numbers)).toEqual([
      ['made-1', 'made-2'],
      ['made-3', 'made-4'],
    ]);
    await source.stop();
  });

  it('has one batch out for each poller, and sends what is not full when its window is over', async () => {
    const { batches, push, next, source } = await sourceOf({ windowMs: 5 });
    const all = [1, 2, 3].map(push);
    expect(batches.map(numbers)).toEqual([['made-1', 'made-2']]);
    const another = next();
    batches[0]?.answer(true);
    await another;
    batches[1]?.answer(true);
    expect(await Promise.all(all)).toEqual([true, true, true]);
    expect(batches.map(numbers)[1]).toEqual(['made-3']);
    await source.stop();
  });

  it('holds what a function has failed with until the pause is over', async () => {
    const { batches, push, source } = await sourceOf();
    const both = [push(1), push(2)];
    expect(source.held).toBe(2);
    batches[0]?.answer(false);
    await Promise.all(both);
    expect(source.held).toBe(0);
    await source.stop();
  });

  it('hands over what the function finds in its event', () => {
    const batch = [{ message: messageOf(7), receives: 3 }];
    expect(messagesIn(JSON.parse(JSON.stringify(rabbitmqEvent('queue', batch))))).toEqual(batch);
  });
});
