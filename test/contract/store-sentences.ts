import { describe, expect, it } from 'vitest';
import type {
  LiveEffect,
  Outcome,
  RunSheet,
  Store,
  StoreKeeper,
  StoreKind,
  WriteOrder,
} from '../../simulator/worlds/live/contract.ts';
import { count, times } from '../virtual/small.ts';
import { store as virtualStore } from '../virtual/stores.ts';
import type { Exceptions } from './channel-sentences.ts';
import { effectOf, partOf, rowsIn, sheetOf } from './sheet.ts';
import { writeOf } from './sheets.ts';

export const ONE_WINNER =
  'tells one of 20 that write the same line at once that it is written, and the others that it is a repeat';
const STOCK = { each: 7, hot_rows: 1, hot: 70 };

/** A store that is there, and gone afterwards. `another` is a second process of it. */
interface Opened {
  sheet: RunSheet;
  store: Store;
  keeper: StoreKeeper;
  another(): Promise<Store>;
  order(n: number, o?: Partial<WriteOrder>): WriteOrder;
  lines(): Promise<LiveEffect[]>;
}
type Asked = { store: 'dynamodb' | 's3' | 'postgres'; stock?: typeof STOCK };
export type OpenStore = (asked: Asked, test: (o: Opened) => Promise<void>) => Promise<void>;

/** Opens a store of `kind` for a test, wherever `addresses` say it is. */
export function opener(kind: StoreKind, addresses: () => RunSheet['addresses']): OpenStore {
  return async (asked, test) => {
    const sheet = sheetOf(asked, addresses());
    const part = partOf(sheet, asked.store);
    const keeper = await kind.keeper(part, sheet);
    const dataset = rowsIn(sheet);
    await keeper.prepare([dataset], { objects: sheet.plan.objects.count });
    const stores = [await kind.store(part, sheet)];
    const another = async () => {
      const store = await kind.store(part, sheet);
      stores.push(store);
      return store;
    };
    const order = (n: number, o: Partial<WriteOrder> = {}) => writeOf(dataset, { line: effectOf(n), ...o });
    const lines = async () => {
      const found: LiveEffect[] = [];
      for await (const line of keeper.readBack()) found.push(line);
      return found.sort((a, b) => a.entity - b.entity);
    };
    await test({ sheet, store: stores[0] as Store, keeper, another, order, lines });
    await Promise.all(stores.map((store) => store.close()));
    await keeper.dispose();
  };
}

/** How many of each answer. */
export function tally(outcomes: readonly Outcome[]): Partial<Record<Outcome, number>> {
  const counts: Partial<Record<Outcome, number>> = {};
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1;
  return counts;
}

/** What every real store promises of writes and their ledger lines. */
export function holdsStore(kind: Asked['store'], open: () => OpenStore, but: Exceptions = {}): void {
  const holds = (sentence: string, test: () => Promise<void>) =>
    it(but[sentence] === undefined ? sentence : `${sentence} (skipped: ${but[sentence]})`, async (context) => {
      if (but[sentence] === undefined) await test();
      else context.skip(but[sentence]);
    });

  holds('keeps the line of each write as it was given, and none of writes without one', async () => {
    await open()({ store: kind }, async ({ store, order, lines }) => {
      const orders = [order(1), order(2, { isGuarded: true }), order(3, { items: 40 }), order(4, { line: undefined, items: 30 })];
      expect(tally(await Promise.all(orders.map((o) => store.write(o))))).toEqual({ ok: 4 });
      expect(await lines()).toEqual([effectOf(1), effectOf(2), effectOf(3)]);
    });
  });

  holds('writes a line again that nobody guards, and not one that is guarded', async () => {
    await open()({ store: kind }, async ({ store, another, order, lines }) => {
      const twice = async (o: WriteOrder) => [await store.write(o), await (await another()).write(o)];
      expect(await twice(order(1))).toEqual(['ok', 'ok']);
      expect(await twice(order(2, { isGuarded: true }))).toEqual(['ok', 'repeat']);
      expect((await lines()).map(({ entity }) => entity)).toEqual([1, 1, 2]);
    });
  });

  holds(ONE_WINNER, async () => {
    await open()({ store: kind }, async ({ store, another, order, lines }) => {
      const other = await another();
      const racers = Array.from({ length: 20 }, (_, i) => (i % 2 ? store : other).write(order(1, { isGuarded: true })));
      expect(tally(await Promise.all(racers))).toEqual({ ok: 1, repeat: 19 });
      expect(await lines()).toEqual([effectOf(1)]);
    });
  });

  holds('leaves one line of 20 that write the same guarded line at once', async () => {
    await open()({ store: kind }, async ({ store, order, lines }) => {
      await Promise.all(Array.from({ length: 20 }, () => store.write(order(1, { isGuarded: true }))));
      expect(await lines()).toEqual([effectOf(1)]);
    });
  });

  holds('answers reads of rows that were never written, of many rows, consistent or not', async () => {
    await open()({ store: kind }, async ({ sheet, store }) => {
      for (const [items, isConsistent] of [
        [1, true],
        [1, false],
        [120, true],
      ] as const)
        expect((await store.read(rowsIn(sheet), 3, { items, isConsistent })).outcome).toBe('ok');
    });
  });
}

/** What every real store promises that keeps a stock. */
export function holdsStock(kind: 'dynamodb' | 'postgres', open: () => OpenStore): void {
  const stocked = (test: (o: Opened) => Promise<void>) => open()({ store: kind, stock: STOCK }, test);
  const take = { take: 1, isConditional: true, isGuarded: true };
  const racing = (stores: readonly Store[], orders: readonly WriteOrder[]) =>
    Promise.all(orders.map((o, i) => (stores[i % stores.length] as Store).write(o)));
  const range = (n: number) => Array.from({ length: n }, (_, i) => i);

  it('tells what is left at once to who reads consistently, and at the start what the dataset says', async () => {
    await stocked(async ({ sheet, store, order, keeper }) => {
      const left = async (row: number) => (await store.read(rowsIn(sheet), row, { items: 1, isConsistent: true })).left;
      expect([await left(0), await left(5)]).toEqual([70, 7]);
      expect(await store.write(order(1, { ...take, take: 3, row: 5 }))).toBe('ok');
      expect([await left(0), await left(5)]).toEqual([70, 4]);
      expect((await keeper.stockLeft()).rows).toMatchObject({ 0: 70, 4: 7, 5: 4, 9: 7 });
    });
  });

  it('sells the last unit to one of 20 racers', async () => {
    await stocked(async ({ store, another, order, keeper, lines }) => {
      await store.write(order(99, { ...take, take: 6, row: 1 }));
      const orders = range(20).map((n) => order(n, { ...take, row: 1 }));
      expect(tally(await racing([store, await another()], orders))).toEqual({ ok: 1, 'sold-out': 19 });
      expect((await keeper.stockLeft()).rows?.[1]).toBe(0);
      expect(await lines()).toHaveLength(2);
    });
  });

  it('takes once for 20 who take for the same cause at once', async () => {
    await stocked(async ({ store, another, order, keeper, lines }) => {
      const orders = range(20).map(() => order(1, take));
      expect(tally(await racing([store, await another()], orders))).toEqual({ ok: 1, repeat: 19 });
      expect((await keeper.stockLeft()).rows?.[0]).toBe(69);
      expect(await lines()).toEqual([effectOf(1)]);
    });
  });

  it('sells 70 units to 100 who ask twice each at once, a line for each that was sold and none for others', async () => {
    await stocked(async ({ store, another, order, keeper, lines }) => {
      const stores = [store, await another(), await another()];
      const orders = [...range(100), ...range(100)].map((n) => order(n, take));
      const counts = tally(await racing(stores, orders));
      expect(counts.ok).toBe(70);
      const found = (await lines()).map(({ entity }) => entity);
      expect([found.length, new Set(found).size]).toEqual([70, 70]);
      expect((await keeper.stockLeft()).rows?.[0]).toBe(0);
      expect(
        tally(
          await racing(
            [await another()],
            found.map((n) => order(n, take)),
          ),
        ),
      ).toEqual({ repeat: 70 });
    });
  });

  it('loses an update of two that write back what they saw, and keeps both lines', async () => {
    await stocked(async ({ store, order, keeper, lines }) => {
      const careless = { take: 2, seen: 7, row: 1 };
      expect([await store.write(order(1, careless)), await store.write(order(2, careless))]).toEqual(['ok', 'ok']);
      expect((await keeper.stockLeft()).rows?.[1]).toBe(5);
      expect(await lines()).toHaveLength(2);
      expect(await store.write(order(3, { ...careless, seen: 1 }))).toBe('sold-out');
      expect((await keeper.stockLeft()).rows?.[1]).toBe(5);
    });
  });

  it('takes from what is there for who saw nothing and asks for no condition, even below none', async () => {
    await stocked(async ({ store, order, keeper }) => {
      for (const n of [1, 2]) expect(await store.write(order(n, { take: 5, row: 1 }))).toBe('ok');
      expect((await keeper.stockLeft()).rows?.[1]).toBe(-3);
    });
  });

  describe('as the virtual part', () => {
    it('sells what is there and no more: 9 ask, one after another, for 7', async () => {
      await stocked(async ({ store, order }) => {
        const answers: Outcome[] = [];
        for (const n of range(9)) answers.push(await store.write(order(n, { ...take, row: 1 })));
        const steps = [{ write: 'rows', of: 'object' as const, take: 1, conditional: true, effect: 'taken' }];
        const result = virtualStore(kind, { steps, stock: { each: 7 }, duration_s: 10 });
        expect(tally(answers)).toEqual({ ok: times(result, 'taken').length, 'sold-out': times(result, 'sold-out').length });
        expect([answers.filter((a) => a === 'ok').length, count(result, 'oversold')]).toEqual([7, 0]);
      });
    });
  });
}
