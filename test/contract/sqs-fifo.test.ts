import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SQS_FIFO } from '../../simulator/worlds/live/channels/sqs-fifo.ts';
import type { AwsAddress, RunningPart } from '../../simulator/worlds/live/contract.ts';
import { ENDPOINTS, type Endpoint } from './aws-endpoints.ts';
import { holdsChannel, inEachWorld, liveChannel, virtualChannel } from './channel-sentences.ts';
import { doorman } from './doorman.ts';
import { messageOf, partOf, sheetOf } from './sheet.ts';

const PLACE = { channel: 'sqs-fifo', group: 'actor' } as const;

describe('virtual', () => holdsChannel(() => virtualChannel(PLACE)));

await inEachWorld(ENDPOINTS, ['sqs'], (i) => {
  const up: { part?: RunningPart<AwsAddress> } = {};
  beforeAll(async () => {
    up.part = await (ENDPOINTS[i] as Endpoint).start(['sqs']);
  });
  afterAll(() => up.part?.stop());
  const sheetFor = (tries: number) => {
    const parameters = { 'sqs-fifo.visibility_timeout_s': 1, 'sqs-fifo.receives_max': tries };
    return { sheet: sheetOf({ event: PLACE, parameters }, { aws: up.part!.address }), path: 'sqs-fifo/made/station' };
  };
  const queue = async (test: (o: Awaited<ReturnType<typeof opened>>) => Promise<void>) => {
    const o = await opened();
    await test(o);
    await o.keeper.dispose();
  };
  const opened = async () => {
    const { sheet, path } = sheetFor(3);
    const part = partOf(sheet, path);
    const keeper = await SQS_FIFO.keeper(part, sheet);
    await keeper.prepare();
    return {
      keeper,
      sender: await SQS_FIFO.sender(part, sheet),
      receiver: (slots: number) => SQS_FIFO.receiver(part, sheet, { slots }),
    };
  };

  holdsChannel(() => liveChannel(SQS_FIFO, sheetFor));

  it('stores a publication that is repeated under its name once, and one without a name as often as it is sent', async () => {
    await queue(async ({ keeper, sender }) => {
      const two = [messageOf(1), messageOf(2)];
      for (const deduplication of ['action-1', 'action-1', 'action-2'])
        expect(await sender.send(two, { deduplication })).toBe('ok');
      expect((await keeper.left()).length).toBe(4);
      for (const _ of [1, 2, 3]) await sender.send(two, {});
      expect((await keeper.left()).length).toBe(6);
    });
  });

  it('works off one message of a group at a time, however many slots and consumers there are, and groups beside each other', async () => {
    await queue(async ({ sender, receiver }) => {
      const atWork = new Map<number, number>();
      let [most, mostOfOne, done] = [0, 0, 0];
      const both = [await receiver(4), await receiver(4)];
      for (const one of both)
        await one.start(async ({ story: { user } }) => {
          atWork.set(user, (atWork.get(user) ?? 0) + 1);
          mostOfOne = Math.max(mostOfOne, ...atWork.values());
          most = Math.max(
            most,
            [...atWork.values()].reduce((a, b) => a + b),
          );
          await sleep(30);
          atWork.set(user, (atWork.get(user) as number) - 1);
          return ++done > 0;
        });
      await sender.send(
        Array.from({ length: 12 }, (_, n) => messageOf(n, n % 3)),
        {},
      );
      while (done < 12) await sleep(10);
      await Promise.all(both.map((one) => one.stop()));
      expect(mostOfOne).toBe(1);
      expect(most).toBeGreaterThan(1);
    });
  });

  it('lets nothing of a group past a message that failed: all of it comes back in order', async () => {
    await queue(async ({ sender, receiver }) => {
      const seen: number[] = [];
      // All of them come in one batch: it is there before anybody asks.
      await sender.send(
        [0, 1, 2, 3].map((n) => messageOf(n, 7)),
        {},
      );
      const one = await receiver(10);
      await one.start(async ({ story: { action } }, { receives }) => {
        seen.push(action);
        return action !== 1 || receives > 1;
      });
      while (seen.length < 5) await sleep(20);
      await one.stop();
      expect(seen).toEqual([0, 1, 1, 2, 3]);
    });
  });

  it('works off a batch of one group in order up to the first that fails, deletes what is done, and leaves the rest', async () => {
    const door = await doorman(up.part!.address.endpoints.sqs);
    const { sheet, path } = sheetFor(3);
    const part = partOf(sheet, path);
    const keeper = await SQS_FIFO.keeper(part, sheet);
    await keeper.prepare();
    const bodies = [0, 1, 2, 3].map((n) => JSON.stringify(messageOf(n, 7)));
    const Messages = bodies.map((Body, n) => ({
      Body,
      MD5OfBody: createHash('md5').update(Body).digest('hex'),
      MessageId: `m${n}`,
      ReceiptHandle: `handle-${n}`,
    }));
    let receives = 0;
    door.self.judge = ({ target }) => {
      if (!/ReceiveMessage|DeleteMessageBatch/.test(target)) return undefined;
      const isFirst = target.endsWith('ReceiveMessage') && ++receives === 1;
      return { status: 200, type: 'application/x-amz-json-1.0', body: JSON.stringify(isFirst ? { Messages } : {}) };
    };
    const aws = { ...up.part!.address, endpoints: { ...up.part!.address.endpoints, sqs: door.url } };
    const one = await SQS_FIFO.receiver(part, { ...sheet, addresses: { aws } }, { slots: 10 });
    const seen: number[] = [];
    await one.start(async ({ story: { action } }) => seen.push(action) > 0 && action !== 1);
    while (receives < 2) await sleep(10);
    await one.stop();
    const deleted = door.seen
      .filter(({ target }) => target.endsWith('DeleteMessageBatch'))
      .map(({ body }) => body)
      .join();
    expect([seen, deleted.match(/handle-\d/g)]).toEqual([[0, 1], ['handle-0']]);
    await keeper.dispose();
    await door.stop();
  });
});
