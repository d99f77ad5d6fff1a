import { afterAll, describe, expect, it } from 'vitest';
import hello from '../../scenarios/hello.ts';
import type { Cell, CellResult } from '../../simulator/domain/cell.ts';
import { ScenarioSchema } from '../../simulator/domain/scenario.ts';
import { cellsOf, rowsOf } from '../../simulator/run/rows.ts';
import { openLiveWorld } from '../live/live-world.ts';
import { faultOf, shop } from '../planted/planted.ts';
import { cellOf, count, FUNCTION, meanMs, outcomes, times } from '../virtual/small.ts';

const under = (fault: string, o: Parameters<typeof shop>[0] = {}) => shop({ ...o, fault });
const RABBIT = { channel: 'rabbitmq' } as const;
const SHIP = {
  components: { ...shop({}).overrides?.components, ship: FUNCTION.station },
  events: { placed: RABBIT },
};
const ORDER = { components: { ...shop({}).overrides?.components, order: FUNCTION.station } };

const CELLS = {
  still: cellOf(shop({})),
  'kill ship': cellOf(under('kill ship at 2s', { channel: RABBIT, ship: { io_ms: 300 } })),
  'kill ship, a function': cellOf({
    ...under('kill ship at 2s', { ship: { io_ms: 300 }, parameters: { 'rabbitmq.ship.batch_size': 3 } }),
    overrides: SHIP,
  }),
  'stop rabbitmq': cellOf(under('stop rabbitmq at 2s for 1s', { channel: RABBIT })),
  'fail-over postgres': cellOf(under('fail-over postgres at 2s for 1s')),
  'slow postgres': cellOf(under('slow postgres by x100 at 0s for 5s')),
  'throttle order': cellOf({ ...under('throttle order to 0% at 2s for 2s'), overrides: ORDER }),
  'duplicate placed': cellOf(under('duplicate placed to 50% at 0s for 5s')),
  'workers killed, broker restarted': killedAndRestarted(),
} satisfies Record<string, Cell>;

const live = await openLiveWorld(Object.values(CELLS));
afterAll(() => live?.end());

/** Everybody is served in the end, each order has one shipment, and no message is left. */
function isWhole(result: CellResult): void {
  const { sent, served } = outcomes(result);
  expect(served).toBe(sent);
  expect(sent).toBeGreaterThan(20);
  for (const check of ['lost', 'twice', 'dead_lettered']) expect([check, count(result, check)]).toEqual([check, 0]);
  expect(times(result, 'accepted')).toHaveLength(sent);
  expect(times(result, 'shipped')).toHaveLength(sent);
  expect(times(result, 'worked-off')).toHaveLength(sent);
}

/** Between two moments of run time, less what a clock and an order of that moment take. */
const between = (result: CellResult, kind: string, from_s: number, to_s: number) =>
  times(result, kind).filter((at) => at > from_s * 1000 + 300 && at < to_s * 1000);

describe.skipIf(live === undefined)('a fault that happens to real parts', () => {
  const play = (name: keyof typeof CELLS) => live!.play(CELLS[name]);

  it('kills a worker: its messages come back, and each is shipped once', async () => {
    const result = await play('kill ship');
    isWhole(result);
    expect((result.ledger ?? []).some(({ kind, attempt }) => kind === 'shipped' && attempt > 1)).toBe(true);
  });

  it('kills a function at work on a batch from RabbitMQ: the batch comes back, and each order is shipped once', async () => {
    const result = await play('kill ship, a function');
    isWhole(result);
    expect((result.ledger ?? []).some(({ kind, attempt }) => kind === 'shipped' && attempt > 1)).toBe(true);
  });

  it('stops the broker: nobody can order meanwhile, nothing that it had is lost, and it is away for longer than planned', async () => {
    const { result, away } = await live!.run(CELLS['stop rabbitmq']);
    isWhole(result);
    expect(away).toHaveLength(1);
    expect(away[0]!.to_s).toBeGreaterThan(3.5);
    expect(between(result, 'published', 2, 3)).toEqual([]);
    expect((result.ledger ?? []).some(({ kind, attempt }) => kind === 'accepted' && attempt > 1)).toBe(true);
  });

  it('crashes the database, which comes back with all that it had acknowledged, and takes nothing meanwhile', async () => {
    const result = await play('fail-over postgres');
    isWhole(result);
    expect(between(result, 'accepted', 2, 3)).toEqual([]);
  });

  it('slows the database: the same orders, each later', async () => {
    const [still, slowed] = [await play('still'), await play('slow postgres')];
    isWhole(still);
    isWhole(slowed);
    expect(meanMs(slowed)).toBeGreaterThan(meanMs(still));
  });

  it('throttles a function: nothing gets through meanwhile, and everybody later', async () => {
    const result = await play('throttle order');
    isWhole(result);
    // What was let through before may be answered meanwhile; who came later had to come again.
    expect((result.ledger ?? []).some(({ kind, attempt }) => kind === 'accepted' && attempt > 1)).toBe(true);
  });

  it('duplicates: who dies between effect and acknowledgement is given the message again, and knows it', async () => {
    const result = await play('duplicate placed');
    isWhole(result);
    expect(times(result, 'suppressed').length).toBeGreaterThan(0);
  });

  it('kills a worker every 5 s and restarts the broker once: nothing is lost of the guest book', async () => {
    const result = await play('workers killed, broker restarted');
    expect(['lost', 'twice', 'dead_lettered'].map((name) => [name, count(result, name)])).toEqual([
      ['lost', 0],
      ['twice', 0],
      ['dead_lettered', 0],
    ]);
    const signed = times(result, 'signed').length;
    console.log(
      `${signed} signed, ${times(result, 'thanked').length} thanked, ${times(result, 'suppressed').length} repeats suppressed`,
    );
    expect(signed).toBeGreaterThan(50);
    expect(times(result, 'thanked')).toHaveLength(signed);
  });
});

/** `hello` under all-servers behind RabbitMQ, half a minute, with readers and signers who are patient. */
function killedAndRestarted(): Cell {
  const guestBook = structuredClone(hello);
  (guestBook.application.operations.sign as { attempts?: number }).attempts = 10;
  const kills = [5, 10, 15, 20, 25].map((s) => `kill thank by 1 at ${s}s`);
  const scenario = ScenarioSchema.parse({
    ...guestBook,
    overrides: { events: { 'entry-signed': { channel: 'rabbitmq' } } },
    parameters: { 'server.cores': 1, 'gateway.retry_base_ms': 2_000, 'gateway.retry_cap_ms': 4_000 },
    faults: [...kills, 'stop rabbitmq at 12s for 2s'].map(faultOf),
    drain_s: 60,
  });
  const axes = { strategies: ['all-servers'], controllers: [], rates: [0.25], seeds: [1], length_s: 30, wantsLedger: true };
  const [cell] = cellsOf(scenario, rowsOf(scenario, axes), axes);
  return cell as Cell;
}
