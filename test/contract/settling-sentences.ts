import { expect, it } from 'vitest';
import type { Followed, Outcome, SettleOrder, Store } from '../../simulator/worlds/live/contract.ts';
import { effectOf } from './sheet.ts';
import { type OpenStore, tally } from './store-sentences.ts';

const NOWHERE = { applied: 0, undone: 0 };
const STOCK = { each: 7, hot_rows: 1, hot: 200 };
const followed = (effect: string, ...undoneBy: string[]): Followed => ({ effect, undoneBy, elsewhere: NOWHERE });
const TAKEN = { ...followed('taken', 'given-back'), units: 2 };
const CHARGED = { ...followed('charged', 'refunded'), units: 0 };

/** What every real store promises of writes that undo an effect, or wait for the absence of one. */
export function holdsSettling(kind: 'dynamodb' | 'postgres', open: () => OpenStore): void {
  type Opened = Parameters<Parameters<OpenStore>[1]>[0];
  const kept = (test: (o: Opened & Moves) => Promise<void>) =>
    open()({ store: kind, stock: STOCK }, (o) => test({ ...o, ...movesOf(o) }));
  const plain = (test: (o: Opened & Moves) => Promise<void>) => open()({ store: kind }, (o) => test({ ...o, ...movesOf(o) }));
  const range = (n: number) => Array.from({ length: n }, (_, i) => i);
  const counted = async (lines: Opened['lines'], effect: string) =>
    (await lines()).filter((line) => line.effect === effect).length;

  it('gives units back once when twenty give them back at once, each of whom knows its repeats', async () => {
    await kept(async ({ take, settle, another, keeper, lines, ...o }) => {
      const stores = [o.store, await another()];
      expect(await take(o.store, 1)).toBe('ok');
      expect((await keeper.stockLeft()).rows?.[1]).toBe(5);
      const back = range(20).map((i) => settle(stores[i % 2] as Store, 1, { effect: 'given-back', undoes: TAKEN }));
      expect(tally(await Promise.all(back))).toEqual({ ok: 1, repeat: 19 });
      expect((await keeper.stockLeft()).rows?.[1]).toBe(7);
      expect((await lines()).map(({ effect }) => effect).sort()).toEqual(['given-back', 'taken']);
    });
  });

  it('gives back again and again for who does not know its repeats, and nothing where nothing was taken', async () => {
    await kept(async ({ take, settle, keeper, store, lines }) => {
      expect(await settle(store, 1, { effect: 'given-back', undoes: TAKEN })).toBe('ok');
      expect(await take(store, 1)).toBe('ok');
      const careless = { effect: 'given-back', undoes: TAKEN, isGuarded: false };
      expect([await settle(store, 1, careless), await settle(store, 1, careless)]).toEqual(['ok', 'ok']);
      expect((await keeper.stockLeft()).rows?.[1]).toBe(9);
      expect(await counted(lines, 'given-back')).toBe(2);
    });
  });

  it('takes back twice what was done twice', async () => {
    await plain(async ({ settle, store, lines }) => {
      const charge = { effect: 'charged', isGuarded: false };
      expect([await settle(store, 1, charge), await settle(store, 1, charge)]).toEqual(['ok', 'ok']);
      expect(await settle(store, 1, { effect: 'refunded', undoes: CHARGED })).toBe('ok');
      expect(await settle(store, 1, { effect: 'refunded', undoes: CHARGED })).toBe('repeat');
      expect(await counted(lines, 'refunded')).toBe(2);
    });
  });

  it('lets one of two that exclude each other through, and never both, whichever comes first', async () => {
    await plain(async ({ settle, store, another, lines }) => {
      const other = await another();
      const race = async (entity: number): Promise<Outcome[]> =>
        Promise.all([
          settle(store, entity, { effect: 'shipped', unless: followed('cancelled') }),
          settle(other, entity, { effect: 'cancelled', unless: followed('shipped') }),
        ]);
      for (const outcomes of await Promise.all(range(30).map(race))) expect(outcomes.sort()).toEqual(['ok', 'overtaken']);
      const [shipped, cancelled] = [await counted(lines, 'shipped'), await counted(lines, 'cancelled')];
      expect(shipped + cancelled).toBe(30);
    });
  });

  it('lets through again what was in the way and has been taken back', async () => {
    await plain(async ({ settle, store }) => {
      const order = () => settle(store, 1, { effect: 'shipped', unless: CHARGED });
      expect(await settle(store, 1, { effect: 'charged' })).toBe('ok');
      expect(await order()).toBe('overtaken');
      expect(await settle(store, 1, { effect: 'refunded', undoes: CHARGED })).toBe('ok');
      expect(await order()).toBe('ok');
      expect(await order()).toBe('repeat');
    });
  });

  it('counts what other stores have of an effect, and tells them what it has', async () => {
    await plain(async ({ settle, store, order }) => {
      const elsewhere = { applied: 1, undone: 0 };
      expect(await settle(store, 1, { effect: 'shipped', unless: { ...CHARGED, elsewhere } })).toBe('overtaken');
      expect(await settle(store, 1, { effect: 'refunded', undoes: { ...CHARGED, elsewhere } })).toBe('ok');
      const asked = { effect: 'charged', undoneBy: ['refunded'], dataset: order(1).dataset, entity: 1, row: 0 };
      expect(await store.tally(asked)).toEqual({ applied: 0, undone: 1 });
      expect(await settle(store, 1, { effect: 'shipped', unless: { ...CHARGED, elsewhere } })).toBe('ok');
    });
  });

  it('keeps every unit of a hot row while many take and give back at once', async () => {
    await kept(async ({ take, settle, store, another, keeper }) => {
      const stores = [store, await another()];
      const buy = async (n: number) => {
        const own = stores[n % 2] as Store;
        expect(await take(own, n, 0)).toBe('ok');
        if (n % 3 === 0) expect(await settle(own, n, { effect: 'given-back', undoes: TAKEN, row: 0 })).toBe('ok');
      };
      await Promise.all(range(45).map(buy));
      expect((await keeper.stockLeft()).rows?.[0]).toBe(200 - 2 * 30);
    });
  });

  interface Moves {
    take(store: Store, entity: number, row?: number): Promise<Outcome>;
    settle(
      store: Store,
      entity: number,
      o: Partial<Pick<SettleOrder, 'isGuarded' | 'unless' | 'undoes' | 'row'>> & { effect: string },
    ): Promise<Outcome>;
  }

  function movesOf({ order }: Opened): Moves {
    return {
      take: (store, entity, row = 1) => {
        const line = { ...effectOf(entity), effect: 'taken', count: 2, row };
        return store.write(order(entity, { row, line, take: 2, isConditional: true, isGuarded: true, isFollowed: true }));
      },
      settle: (store, entity, { effect, isGuarded = true, unless, undoes, row = 1 }) => {
        const line = { ...effectOf(entity), effect, ...(undoes && undoes.units > 0 ? { count: undoes.units, row } : {}) };
        return store.settle({ dataset: order(entity).dataset, row, items: 1, entity, line, isGuarded, unless, undoes });
      },
    };
  }
}
