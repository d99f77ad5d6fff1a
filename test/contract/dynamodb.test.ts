import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AwsAddress, RunningPart } from '../../simulator/worlds/live/contract.ts';
import { DYNAMODB } from '../../simulator/worlds/live/stores/dynamodb.ts';
import { ENDPOINTS, type Endpoint } from './aws-endpoints.ts';
import { inEachWorld } from './channel-sentences.ts';
import { BUSY, doorman } from './doorman.ts';
import { holdsSettling } from './settling-sentences.ts';
import { partOf } from './sheet.ts';
import { holdsStock, holdsStore, opener, tally } from './store-sentences.ts';

await inEachWorld(ENDPOINTS, ['dynamodb'], (i) => {
  const up: { part?: RunningPart<AwsAddress> } = {};
  beforeAll(async () => {
    up.part = await (ENDPOINTS[i] as Endpoint).start(['dynamodb']);
  });
  afterAll(() => up.part?.stop());
  const open = opener(DYNAMODB, () => ({ aws: up.part!.address }));

  holdsStore('dynamodb', () => open);
  holdsStock('dynamodb', () => open);
  holdsSettling('dynamodb', () => open);

  describe('behind a doorman', () => {
    type Opened = Parameters<Parameters<typeof open>[1]>[0];
    const STOCK = { each: 1_000, hot_rows: 0, hot: 0 };
    const behind = async (test: (o: Opened & { door: Awaited<ReturnType<typeof doorman>> }) => Promise<void>) => {
      const door = await doorman(up.part!.address.endpoints.dynamodb);
      await open({ store: 'dynamodb', stock: STOCK }, async (o) => {
        const aws = { ...up.part!.address, endpoints: { ...up.part!.address.endpoints, dynamodb: door.url } };
        const store = await DYNAMODB.store(partOf(o.sheet, 'dynamodb'), { ...o.sheet, addresses: { aws } });
        await test({ ...o, store, door });
        await store.close();
      });
      await door.stop();
    };

    it.each(['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded'])(
      'says that it is throttled by %s, and has written nothing',
      async (name) => {
        await behind(async ({ door, store, order, lines, keeper }) => {
          door.self.judge = () => BUSY.json(`com.amazonaws.dynamodb.v20120810#${name}`);
          const orders = [order(1), order(2, { line: undefined, items: 30 }), order(3, { take: 1, isConditional: true })];
          expect(tally(await Promise.all(orders.map((o) => store.write(o))))).toEqual({ throttled: 3 });
          expect(await store.read(order(1).dataset, 0, { items: 1, isConsistent: true })).toEqual({ outcome: 'throttled' });
          expect(await lines()).toEqual([]);
          expect((await keeper.stockLeft()).rows?.[0]).toBe(1_000);
        });
      },
    );

    it('writes no line when the rest of its rows was throttled', async () => {
      await behind(async ({ door, store, order, lines }) => {
        door.self.judge = ({ target }) => (target.endsWith('BatchWriteItem') ? BUSY.json('ThrottlingException') : undefined);
        expect(await store.write(order(1, { items: 9 }))).toBe('throttled');
        expect(await lines()).toEqual([]);
      });
    });

    it('takes once and keeps every line, though who moves a full page dies in the middle of it, again and again', async () => {
      await behind(async ({ door, store, order, lines, keeper, another }) => {
        const moves = ({ target, body }: { target: string; body: string }) =>
          target.endsWith('PutItem') && body.includes('"stock/');
        let deaths = 0;
        door.self.judge = (call) => {
          if (moves(call)) deaths++;
          return moves(call) ? { status: 500, type: 'text/plain', body: 'boom' } : undefined;
        };
        const take = { take: 1, isConditional: true, isGuarded: true };
        for (let n = 0; n < 32; n++) expect(await store.write(order(n, take))).toBe('ok');
        for (const n of [32, 33]) expect(await store.write(order(n, take))).toBe('refused');
        expect(deaths).toBe(2);
        expect(await lines()).toHaveLength(32);
        const next = await another();
        for (let n = 0; n < 40; n++) expect(await next.write(order(n, take))).toBe(n < 32 ? 'repeat' : 'ok');
        expect((await lines()).map(({ entity }) => entity)).toEqual(Array.from({ length: 40 }, (_, n) => n));
        expect((await keeper.stockLeft()).rows?.[0]).toBe(960);
      });
    });

    it('is refused by an endpoint that is broken or away', async () => {
      await behind(async ({ door, store, order }) => {
        door.self.judge = () => ({ status: 500, type: 'text/plain', body: 'boom' });
        expect(await store.write(order(1))).toBe('refused');
        await door.stop();
        expect(await store.write(order(1))).toBe('refused');
      });
    });
  });
});

it('is a fault of who built the stack to ask for a table where there is no endpoint', async () => {
  await expect(opener(DYNAMODB, () => ({}))({ store: 'dynamodb' }, async () => {})).rejects.toThrow(
    'dynamodb/rows needs an AWS endpoint, and the stack has none',
  );
});
