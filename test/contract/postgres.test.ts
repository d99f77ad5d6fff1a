import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunSheet, Store } from '../../simulator/worlds/live/contract.ts';
import type { Keeper } from '../../simulator/worlds/live/stacks/keeper.ts';
import { type PostgresPart, startPostgres } from '../../simulator/worlds/live/stacks/postgres.ts';
import { postgres } from '../../simulator/worlds/live/stores/postgres.ts';
import type { PostgresKeeper } from '../../simulator/worlds/live/stores/postgres-keeper.ts';
import { holdsSettling } from './settling-sentences.ts';
import { all, datasetOf, lineOf, partOf, sheetOf, writeOf } from './sheets.ts';
import { started } from './started.ts';
import { opener } from './store-sentences.ts';

const rows = datasetOf('rows');
const shelf = datasetOf('shelf', 5);

/** The embedded server; where it cannot be had, the suite says why and is skipped. */
const up = await started('PostgreSQL', startPostgres);

describe.skipIf(up === undefined)('PostgreSQL, embedded', () => {
  const { keeper, part } = (up ?? {}) as { keeper: Keeper; part: PostgresPart };
  const strict = partOf('postgres', { values: { serializable: 1 } });
  const plain = partOf('postgres');
  const open = new Set<Store>();
  let sheet: RunSheet;
  let desk: PostgresKeeper;

  const storeOf = async (of = plain) => {
    const store = await postgres.store(of, sheet);
    open.add(store);
    return store;
  };

  beforeAll(async () => {
    sheet = sheetOf({ namespace: 'contract', addresses: { postgres: part.address } });
    desk = await postgres.keeper(plain, sheet);
    await desk.prepare([rows, shelf], { objects: 100 });
  });

  afterAll(async () => {
    for (const store of open) await store.close();
    await desk.dispose();
    await keeper.end();
  });

  holdsSettling('postgres', () => opener(postgres, () => ({ postgres: part.address })));

  const lines = async (effect: string) => (await all(desk.readBack())).filter((line) => line.effect === effect);

  it('has one winner when twenty take the last unit at once, each with a condition', async () => {
    const store = await storeOf();
    const take = (n: number) => writeOf(shelf, { row: 1, take: 5, isConditional: true, line: lineOf(n, { effect: 'taken' }) });
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, n) => store.write(take(n))));
    expect(outcomes.filter((outcome) => outcome === 'ok')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'sold-out')).toHaveLength(19);
    expect(await lines('taken')).toHaveLength(1);
    expect((await desk.stockLeft()).shelf?.[1]).toBe(0);
  });

  it('sells one unit to everybody who has seen it when nobody asks again', async () => {
    const store = await storeOf();
    const seen = (await store.read(shelf, 2, { items: 1, isConsistent: true })).left;
    expect(seen).toBe(5);
    const take = (n: number) => writeOf(shelf, { row: 2, take: 5, seen, line: lineOf(n, { effect: 'sold' }) });
    const outcomes = await Promise.all(Array.from({ length: 20 }, (_, n) => store.write(take(n))));
    expect(outcomes.every((outcome) => outcome === 'ok')).toBe(true);
    expect((await desk.stockLeft()).shelf?.[2]).toBe(0);
    expect(await store.write(writeOf(shelf, { row: 2, take: 5, seen: 4 }))).toBe('sold-out');
  });

  it('writes a guarded line once, says so to the second, and changes nothing then', async () => {
    const store = await storeOf();
    const order = writeOf(shelf, {
      row: 3,
      take: 1,
      isGuarded: true,
      line: lineOf(7, { effect: 'guarded', cause: 'm7', count: 3 }),
    });
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => store.write(order)));
    expect(outcomes.sort()).toEqual(['ok', ...Array(7).fill('repeat')]);
    expect(await lines('guarded')).toEqual([order.line]);
    expect((await desk.stockLeft()).shelf?.[3]).toBe(4);
  });

  it('writes a line twice where nobody guards it, and gives back all that it was told', async () => {
    const store = await storeOf();
    const line = lineOf(8, { effect: 'twice', cause: null, row: 12, group: 3, at_ms: 12.5 });
    for (let i = 0; i < 2; i++) expect(await store.write(writeOf(rows, { row: 12, items: 3, line }))).toBe('ok');
    expect(await lines('twice')).toEqual([line, line]);
  });

  it('keeps a sold-out write from leaving a line, so that the same may succeed later', async () => {
    const store = await storeOf();
    const order = (take: number) =>
      writeOf(shelf, { row: 4, take, isConditional: true, isGuarded: true, line: lineOf(9, { effect: 'later' }) });
    expect(await store.write(order(6))).toBe('sold-out');
    expect(await lines('later')).toEqual([]);
    expect(await store.write(order(5))).toBe('ok');
  });

  it('lets one of two strict transactions on a row fail to be tried again, and loses neither take under read committed', async () => {
    const [a, b] = [await storeOf(strict), await storeOf(strict)];
    const take = writeOf(shelf, { row: 5, take: 1 });
    // Held open for longer, so that they are sure to meet.
    await desk.slow(30);
    const outcomes = (await Promise.all([1, 2, 3, 4].map((n) => (n % 2 ? a : b).write(take)))).sort();
    await desk.slow(1);
    expect(outcomes[0]).toBe('ok');
    expect(outcomes.at(-1)).toBe('throttled');
    const taken = outcomes.filter((outcome) => outcome === 'ok').length;
    expect((await desk.stockLeft()).shelf?.[5]).toBe(5 - taken);
    const loose = await storeOf();
    expect(await Promise.all([1, 2, 3, 4].map(() => loose.write(writeOf(shelf, { row: 6, take: 1 }))))).toEqual(
      Array(4).fill('ok'),
    );
    expect((await desk.stockLeft()).shelf?.[6]).toBe(1);
  });

  it('refuses who waits for a lock longer than it may', async () => {
    const store = await storeOf(partOf('postgres', { values: { lock_timeout_ms: 1 } }));
    await desk.slow(200);
    const outcomes = await Promise.all([1, 2, 3].map(() => store.write(writeOf(shelf, { row: 7, take: 1 }))));
    await desk.slow(1);
    expect(outcomes).toContain('ok');
    expect(outcomes).toContain('refused');
  });

  it('stretches what a write does and not its wait for who has the row, which would grow with each', async () => {
    const store = await storeOf(partOf('postgres', { values: { lock_timeout_ms: 60_000 } }));
    const write = () => store.write(writeOf(rows, { row: 20, items: 2 }));
    await write();
    await desk.slow(200);
    const began = performance.now();
    expect(await Promise.all([write(), write(), write(), write()])).toEqual(Array(4).fill('ok'));
    const took_ms = performance.now() - began;
    await desk.slow(1);
    // A write takes a part of a millisecond. Were waits stretched, too, the second would take ten seconds and the third half an hour.
    expect(took_ms).toBeGreaterThan(20);
    expect(took_ms).toBeLessThan(8_000);
  });

  it('makes a second access wait for the only connection, and refuses it when that takes too long', async () => {
    const store = await storeOf(partOf('postgres', { values: { connections: 1, wait_timeout_ms: 1_000 } }));
    const [one, two] = await Promise.all([store.write(writeOf(rows, { row: 1 })), store.write(writeOf(rows, { row: 2 }))]);
    expect([one, two]).toEqual(['ok', 'ok']);
  });

  it('loses nothing that it acknowledged when it crashes, refuses meanwhile, and serves again after its recovery', async () => {
    const store = await storeOf();
    const acknowledged: number[] = [];
    const state = { isOver: false };
    const writer = async (from: number) => {
      for (let n = from; !state.isOver; n += 4) {
        const outcome = await store.write(
          writeOf(rows, { row: n, isGuarded: true, line: lineOf(n, { effect: 'crash', cause: `m${n}` }) }),
        );
        if (outcome === 'ok') acknowledged.push(n);
        else await new Promise((resolve) => setTimeout(resolve, 5));
      }
    };
    const writers = [0, 1, 2, 3].map(writer);
    while (acknowledged.length < 200) await new Promise((resolve) => setTimeout(resolve, 5));
    await part.crash();
    const before = acknowledged.length;
    expect(await store.write(writeOf(rows))).toBe('refused');
    await part.recover();
    while (acknowledged.length < before + 50) await new Promise((resolve) => setTimeout(resolve, 5));
    state.isOver = true;
    await Promise.all(writers);
    const kept = new Set((await lines('crash')).map((line) => line.entity));
    expect(acknowledged.filter((n) => !kept.has(n))).toEqual([]);
  });

  it('applies its migrations once, and takes everything away', async () => {
    const other = sheetOf({ namespace: 'other', addresses: sheet.addresses });
    const second = await postgres.keeper(plain, other);
    await second.prepare([rows], { objects: 3 });
    await second.prepare([rows], { objects: 3 });
    expect(await all(second.readBack())).toEqual([]);
    await second.dispose();
    await expect(all(second.readBack())).rejects.toThrow('does not exist');
  });

  it('says where and why when its address has the wrong password', async () => {
    const url = new URL(part.address.url);
    url.password = 'wrong';
    const wrong = await postgres.keeper(plain, sheetOf({ namespace: 'x', addresses: { postgres: { url: url.href } } }));
    await expect(wrong.prepare([], { objects: 0 })).rejects.toThrow(/127\.0\.0\.1:\d+.*check the user and the password/);
  });
});
