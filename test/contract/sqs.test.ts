import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SQS } from '../../simulator/worlds/live/channels/sqs.ts';
import type { AwsAddress, RunningPart } from '../../simulator/worlds/live/contract.ts';
import { ENDPOINTS, type Endpoint } from './aws-endpoints.ts';
import { holdsChannel, IN_ORDER, inEachWorld, liveChannel, virtualChannel } from './channel-sentences.ts';
import { BUSY, doorman } from './doorman.ts';
import { messageOf, partOf, sheetOf } from './sheet.ts';

const NO_ORDER = { [IN_ORDER]: 'promises no order between consumers that work at once' };
const PATH = 'sqs/made/station';

describe('virtual', () => holdsChannel(() => virtualChannel({ channel: 'sqs' }), NO_ORDER));

await inEachWorld(ENDPOINTS, ['sqs'], (i) => {
  const up: { part?: RunningPart<AwsAddress> } = {};
  beforeAll(async () => {
    up.part = await (ENDPOINTS[i] as Endpoint).start(['sqs']);
  });
  afterAll(() => up.part?.stop());
  const address = () => up.part!.address;
  const sheetFor = (tries: number, kb = 1, aws = address()) => {
    const parameters = { 'sqs.visibility_timeout_s': 1, 'sqs.receives_max': tries };
    return { sheet: sheetOf({ event: { channel: 'sqs' }, kb, parameters }, { aws }), path: PATH };
  };

  /** A queue that is there, and gone afterwards. */
  const queue = async (test: (o: Awaited<ReturnType<typeof opened>>) => Promise<void>, kb = 1) => {
    const o = await opened(kb);
    await test(o);
    await o.keeper.dispose();
  };
  const opened = async (kb: number) => {
    const { sheet, path } = sheetFor(3, kb);
    const part = partOf(sheet, path);
    const keeper = await SQS.keeper(part, sheet);
    await keeper.prepare();
    const receiver = (slots: number) => SQS.receiver(part, sheet, { slots });
    return { sheet, part, keeper, sender: await SQS.sender(part, sheet), receiver };
  };

  holdsChannel(() => liveChannel(SQS, sheetFor), NO_ORDER);

  it('sends any number in batches, fills bodies up to the size of the event, and gives back what was sent', async () => {
    await queue(async ({ keeper, sender }) => {
      const all = Array.from({ length: 25 }, (_, n) => messageOf(n));
      expect(await sender.send(all, {})).toBe('ok');
      expect(await keeper.depth()).toEqual({ visible: 25, inFlight: 0 });
      const left = await keeper.left();
      expect(left.sort((a, b) => a.published_at_ms - b.published_at_ms)).toEqual(all);
    }, 40);
  });

  it('hands out at most as many messages as there are slots, and the next as soon as one is free', async () => {
    await queue(async ({ sender, receiver, keeper }) => {
      await sender.send(
        Array.from({ length: 12 }, (_, n) => messageOf(n)),
        {},
      );
      let [atWork, most, done] = [0, 0, 0];
      const three = await receiver(3);
      await three.start(async () => {
        most = Math.max(most, ++atWork);
        await sleep(20);
        atWork--;
        return ++done > 0;
      });
      while (done < 12) await sleep(10);
      await three.stop();
      expect(most).toBe(3);
      expect(await keeper.depth()).toEqual({ visible: 0, inFlight: 0 });
    });
  });

  it('hides a message while it is at work, and gives it to another when the visibility timeout is over', async () => {
    await queue(async ({ sender, receiver }) => {
      const began: { at: number; receives: number }[] = [];
      const [slow, other] = [await receiver(1), await receiver(1)];
      const work =
        (ms: number) =>
        async (_: unknown, { receives }: { receives: number }) => {
          began.push({ at: Date.now(), receives });
          await sleep(ms);
          return true;
        };
      await slow.start(work(2_500));
      await sender.send([messageOf(1)], {});
      while (began.length === 0) await sleep(10);
      await other.start(work(0));
      while (began.length < 2) await sleep(10);
      await Promise.all([slow.stop(), other.stop()]);
      expect(began.map(({ receives }) => receives)).toEqual([1, 2]);
      expect(began[1]!.at - began[0]!.at).toBeGreaterThan(900);
    });
  });

  it('ends what is at work when it is stopped, deletes it, and leaves the rest', async () => {
    await queue(async ({ keeper, sender, receiver }) => {
      await sender.send(
        Array.from({ length: 9 }, (_, n) => messageOf(n)),
        {},
      );
      const done: string[] = [];
      const one = await receiver(2);
      await one.start(async ({ id }) => {
        await sleep(100);
        return done.push(id) > 0;
      });
      while (done.length === 0) await sleep(5);
      await one.stop();
      const left = (await keeper.left()).map(({ id }) => id);
      expect([...done, ...left].sort()).toEqual(Array.from({ length: 9 }, (_, n) => messageOf(n).id).sort());
      expect(left.length).toBeGreaterThan(0);
    });
  });

  describe('behind a doorman', () => {
    const behind = async (
      test: (o: { door: Awaited<ReturnType<typeof doorman>> } & Awaited<ReturnType<typeof opened>>) => Promise<void>,
    ) => {
      const door = await doorman(address().endpoints.sqs);
      await queue(async (o) => {
        const aws = { ...address(), endpoints: { ...address().endpoints, sqs: door.url } };
        const sender = await SQS.sender(o.part, { ...o.sheet, addresses: { aws } });
        await test({ ...o, door, sender });
      });
      await door.stop();
    };
    const all = Array.from({ length: 15 }, (_, n) => messageOf(n));

    it('says that it is throttled when nothing was stored, so that the publisher may try again', async () => {
      await behind(async ({ door, keeper, sender }) => {
        door.self.judge = ({ target }) =>
          target.endsWith('Batch') ? BUSY.json('com.amazonaws.sqs#RequestThrottled') : undefined;
        expect(await sender.send(all, {})).toBe('throttled');
        expect(await keeper.depth()).toEqual({ visible: 0, inFlight: 0 });
      });
    });

    it('sends only that part of a publication again which was throttled', async () => {
      await behind(async ({ door, keeper, sender }) => {
        let batches = 0;
        door.self.judge = ({ target }) =>
          target.endsWith('Batch') && ++batches === 2 ? BUSY.json('ThrottlingException') : undefined;
        expect(await sender.send(all, {})).toBe('ok');
        expect([batches, (await keeper.left()).length]).toEqual([3, 15]);
      });
    });

    it('is refused by an endpoint that is broken or away', async () => {
      await behind(async ({ door, sender }) => {
        door.self.judge = () => ({ status: 500, type: 'text/plain', body: 'boom' });
        expect(await sender.send(all, {})).toBe('refused');
        await door.stop();
        expect(await sender.send(all, {})).toBe('refused');
      });
    });
  });
});
