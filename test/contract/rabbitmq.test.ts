import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'amqplib';
import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { rabbitmq } from '../../simulator/worlds/live/channels/rabbitmq.ts';
import type { Handler, Message, QueueKeeper, Receiver, RunSheet, Sender } from '../../simulator/worlds/live/contract.ts';
import type { Keeper } from '../../simulator/worlds/live/stacks/keeper.ts';
import { type RabbitmqPart, startRabbitmq } from '../../simulator/worlds/live/stacks/rabbitmq.ts';
import { messageOf, partOf, sheetOf } from './sheets.ts';
import { started } from './started.ts';

const CLASSIC = { event: 'created', queue: 'classic', ack: 'manual', confirms: 'yes', durable: 'yes' };
const QUORUM = { ...CLASSIC, queue: 'quorum' };

const up = await started('RabbitMQ', (keeper) => startRabbitmq(keeper, { without: [] }));

/** A promise that a handler keeps: resolves once `n` messages have come, with all of them. */
function inbox(n: number, answer: (message: Message, receives: number) => boolean | Promise<boolean> = () => true) {
  const got: { message: Message; receives: number }[] = [];
  const full: { resolve(): void } = { resolve: () => undefined };
  const done = new Promise<void>((resolve) => {
    full.resolve = resolve;
  });
  const handle: Handler = async (message, { receives }) => {
    got.push({ message, receives });
    const answered = await answer(message, receives);
    if (got.length >= n) full.resolve();
    return answered;
  };
  return { got, handle, done };
}

describe.skipIf(up === undefined)('RabbitMQ, embedded', () => {
  const { keeper, part } = (up ?? {}) as { keeper: Keeper; part: RabbitmqPart };
  const open: { close: (Sender | Receiver)[]; queues: QueueKeeper[] } = { close: [], queues: [] };

  const queueOf = async (
    path: string,
    words: Record<string, string>,
    values: Record<string, number> = { delivery_limit: 1e9 },
  ) => {
    const queue = partOf('rabbitmq', { path: `rabbitmq/${path}`, words, values });
    const sheet: RunSheet = sheetOf({ namespace: 'contract', addresses: { rabbitmq: part.address }, parts: [partOf('broker')] });
    sheet.plan.events = [{ name: 'created', kb: 1, ordered_by: 'object', consumers: [] }];
    const desk = await rabbitmq.keeper(queue, sheet);
    await desk.prepare();
    const sender = await rabbitmq.sender(queue, sheet);
    open.queues.push(desk);
    open.close.push(sender);
    const receive = async (handle: Handler, slots = 1) => {
      const receiver = await rabbitmq.receiver(queue, sheet, { slots });
      open.close.push(receiver);
      await receiver.start(handle);
      return receiver;
    };
    const publish = async (count: number) => {
      for (let n = 0; n < count; n++) expect(await sender.send([messageOf(n)], {})).toBe('ok');
    };
    return { desk, sender, receive, publish };
  };

  afterEach(async () => {
    for (const one of open.close.splice(0)) await ('stop' in one ? one.stop() : one.close());
    for (const desk of open.queues.splice(0)) await desk.dispose();
  });
  afterAll(() => keeper.end());

  it.each([
    ['classic', CLASSIC],
    ['quorum', QUORUM],
  ])('delivers once, whole and in order what is acknowledged: %s', async (_, words) => {
    const { desk, sender, receive } = await queueOf('acked', words);
    const messages = [1, 2, 3].map(messageOf);
    expect(await sender.send(messages, {})).toBe('ok');
    const { got, handle, done } = inbox(3);
    const receiver = await receive(handle);
    await done;
    await receiver.stop();
    expect(got).toEqual(messages.map((message) => ({ message, receives: 1 })));
    expect(await desk.left()).toEqual([]);
  });

  it.each([
    ['classic', CLASSIC],
    ['quorum', QUORUM],
  ])('delivers again what was refused, and says so: %s', async (_, words) => {
    const { receive, publish } = await queueOf('again', words, { delivery_limit: words === QUORUM ? 20 : 1e9 });
    await publish(1);
    const { got, handle, done } = inbox(2, (_message, receives) => receives > 1);
    await receive(handle);
    await done;
    expect(got.map(({ receives }) => receives)).toEqual([1, 2]);
  });

  it.each([
    ['classic', CLASSIC],
    ['quorum', QUORUM],
  ])('gives up after the redeliveries that are allowed: %s', async (_, words) => {
    const { desk, receive, publish } = await queueOf('limited', words, { delivery_limit: 2 });
    await publish(1);
    const { got, handle, done } = inbox(3, () => false);
    const receiver = await receive(handle);
    await done;
    await receiver.stop();
    expect(got.map(({ receives }) => receives)).toEqual([1, 2, 3]);
    expect(await desk.dead()).toEqual([{ message: messageOf(0), receives: 3 }]);
    expect(await desk.left()).toEqual([]);
  });

  it('sends out no more than the prefetch, and works on no more than it has slots', async () => {
    const { desk, receive, publish } = await queueOf('prefetch', CLASSIC, { prefetch: 3, delivery_limit: 1e9 });
    await publish(10);
    const gate: { open(): void } = { open: () => undefined };
    const opened = new Promise<boolean>((resolve) => {
      gate.open = () => resolve(true);
    });
    const first = inbox(1, () => opened);
    const receiver = await receive(first.handle, 2);
    // Asking on the same connection: the answer comes after what was sent out.
    expect((await desk.depth()).visible).toBe(7);
    expect(first.got).toHaveLength(2);
    gate.open();
    await first.done;
    await receiver.stop();
    const left = await desk.left();
    expect(left.length + first.got.length).toBe(10);
  });

  it('delivers to another what a consumer that died had not acknowledged', async () => {
    const { receive, publish } = await queueOf('dies', CLASSIC);
    await publish(1);
    const dying = await connect(part.address.url);
    dying.on('error', () => undefined);
    const channel = await dying.createChannel();
    channel.on('error', () => undefined);
    await new Promise<void>((resolve) => void channel.consume('contract-rabbitmq-dies', () => resolve()));
    const { got, handle, done } = inbox(1);
    await receive(handle);
    (dying.connection as unknown as { stream: { destroy(): void } }).stream.destroy();
    await done;
    expect(got).toEqual([{ message: messageOf(0), receives: 2 }]);
  });

  it('forgets with automatic acknowledgement what its consumer failed to do', async () => {
    const { desk, receive, publish } = await queueOf('automatic', { ...CLASSIC, ack: 'automatic' });
    await publish(2);
    const { got, handle, done } = inbox(2, () => false);
    const receiver = await receive(handle);
    await done;
    await receiver.stop();
    expect(got).toHaveLength(2);
    expect(await desk.left()).toEqual([]);
  });

  it('keeps what is durable over a restart, forgets what is not, and its consumers come back', async () => {
    const durable = await queueOf('durable', CLASSIC);
    const quorum = await queueOf('quorum', QUORUM, { delivery_limit: 20 });
    const fleeting = await queueOf('fleeting', { ...CLASSIC, durable: 'no' });
    const deaf = await queueOf('deaf', { ...CLASSIC, confirms: 'no' });
    for (const { publish } of [durable, quorum, fleeting]) await publish(5);
    expect(await fleeting.desk.left()).toHaveLength(5);
    // What is asked at the very moment when the broker goes is never answered, and must not be waited for.
    const asking = { isOver: false };
    const asked = Promise.all(
      Array.from({ length: 8 }, async () => {
        while (!asking.isOver) await quorum.desk.depth().then(() => sleep(1));
      }),
    );
    await part.stop();
    expect(await durable.sender.send([messageOf(9)], {})).toBe('refused');
    expect(await deaf.sender.send([messageOf(9)], {})).toBe('ok');
    expect((await durable.desk.depth()).visible).toBe(0);
    const boxes = [durable, quorum].map(() => inbox(5));
    await part.restart();
    for (const [i, queue] of [durable, quorum].entries()) {
      const box = boxes[i] as ReturnType<typeof inbox>;
      await queue.receive(box.handle);
      await box.done;
      expect(box.got.map(({ message }) => message.story.action)).toEqual([0, 1, 2, 3, 4]);
    }
    expect(await fleeting.desk.left()).toEqual([]);
    expect(await deaf.desk.left()).toEqual([]);
    asking.isOver = true;
    await asked;
  });

  it('says at once that it cannot be reached, with its address and what to do', async () => {
    const wrong = sheetOf({
      namespace: 'x',
      addresses: { rabbitmq: { url: 'amqp://a:b@127.0.0.1:1' } },
      parts: [partOf('broker')],
    });
    const queue = partOf('rabbitmq', { words: CLASSIC });
    await expect(rabbitmq.sender(queue, wrong)).rejects.toThrow(/RabbitMQ at 127\.0\.0\.1:1 cannot be used.*check that it runs/);
  });
});

const full = await started('RabbitMQ with 1 MB', (keeper) => startRabbitmq(keeper, { without: [], memoryMb: 1 }));

describe.skipIf(full === undefined)('RabbitMQ short of memory', () => {
  const { keeper, part } = (full ?? {}) as { keeper: Keeper; part: RabbitmqPart };
  afterAll(() => keeper.end());

  it('makes a publisher wait as long as it has patience, and tells the next that it may try again', async () => {
    const broker = partOf('broker', { values: { publish_timeout_ms: 300 } });
    const sheet = sheetOf({ namespace: 'full', addresses: { rabbitmq: part.address }, parts: [broker] });
    const sender = await rabbitmq.sender(partOf('rabbitmq', { words: CLASSIC }), sheet);
    expect(await sender.send([messageOf(1)], {})).toBe('refused');
    expect(await sender.send([messageOf(2)], {})).toBe('throttled');
    await sender.close();
  });
});
