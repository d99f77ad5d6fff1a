import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InputError } from '../../simulator/domain/problem.ts';
import type { AwsAddress, RunningPart } from '../../simulator/worlds/live/contract.ts';
import { S3 } from '../../simulator/worlds/live/stores/s3.ts';
import { ENDPOINTS, type Endpoint } from './aws-endpoints.ts';
import { inEachWorld } from './channel-sentences.ts';
import { BUSY, doorman } from './doorman.ts';
import { partOf } from './sheet.ts';
import { holdsStore, ONE_WINNER, opener } from './store-sentences.ts';

await inEachWorld(ENDPOINTS, ['s3'], (i) => {
  const { name, start } = ENDPOINTS[i] as Endpoint;
  const up: { part?: RunningPart<AwsAddress> } = {};
  beforeAll(async () => {
    up.part = await start(['s3']);
  });
  afterAll(() => up.part?.stop());
  const open = opener(S3, () => ({ aws: up.part!.address }));

  holdsStore('s3', () => open, name === 'embedded' ? { [ONE_WINNER]: 'fauxqs does not enforce If-None-Match' } : {});

  it('cannot keep a stock, and says where to put it', async () => {
    const stock = { each: 7, hot_rows: 0, hot: 0 };
    const refused = open({ store: 's3', stock }, async () => {});
    await expect(refused).rejects.toThrow(InputError);
    await expect(refused).rejects.toThrow('s3 cannot take from a stock');
  });

  describe('behind a doorman', () => {
    it('says that it is throttled by 503 Slow Down, refused by an endpoint that is broken, and has no line then', async () => {
      const door = await doorman(up.part!.address.endpoints.s3);
      await open({ store: 's3' }, async ({ sheet, order, lines }) => {
        const aws = { ...up.part!.address, endpoints: { ...up.part!.address.endpoints, s3: door.url } };
        const store = await S3.store(partOf(sheet, 's3'), { ...sheet, addresses: { aws } });
        door.self.judge = () => BUSY.xml;
        expect(await store.write(order(1))).toBe('throttled');
        expect((await store.read(order(1).dataset, 1, { items: 2, isConsistent: true })).outcome).toBe('throttled');
        door.self.judge = () => ({ status: 500, type: 'text/plain', body: 'boom' });
        expect(await store.write(order(1))).toBe('refused');
        expect(await lines()).toEqual([]);
        await store.close();
      });
      await door.stop();
    });
  });
});
