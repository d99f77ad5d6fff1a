import { expect, it } from 'vitest';
import type { PlannedEffect } from '../../simulator/domain/plan.ts';
import { Ledger } from '../../simulator/measure/ledger.ts';

const EFFECTS: PlannedEffect[] = [
  { name: 'published', role: 'published' },
  { name: 'worked-off', role: 'worked-off' },
  { name: 'reserved', role: 'applied', takes: 0, units: 1 },
];
const [PUBLISHED, WORKED_OFF, RESERVED] = [0, 1, 2];
const FAILED = 3;

/** What the named check's examples say of a ledger in which entity 7 tried once in vain at 9.5 s. */
function examples(name: string, write: (ledger: Ledger) => void): string[] | undefined {
  const datasets = [{ name: 'stock', stock: { each: 1, hot_rows: 0, hot: 0 } }] as never;
  const o = { effects: EFFECTS, datasets, entities: [], parts: ['server/station'], wantsLedger: false, promisesOrder: true };
  const ledger = new Ledger(o);
  write(ledger);
  ledger.inVain({ at_ms: 9_500, entity: 7, part: 0, attempt: 1, fate: FAILED, after_ms: 200 });
  return ledger.finish({ at_ms: 20_000, isPending: () => true, isUnderWay: () => false }).find((check) => check.name === name)
    ?.examples;
}

const TRIED = 'attempt 1 at server/station failed at 9.500 s, after 0.200 s';

it('a message that is still under way tells what was tried for it in vain', () => {
  const told = examples('pending', (ledger) => ledger.record(PUBLISHED, 1_000, 7, 0, 0, 1, 1));
  expect(told).toEqual([`message 0 published at 1.000 s; ${TRIED}`]);
});

it('a message that took effect too early tells what was tried for it in vain', () => {
  const told = examples('out_of_order', (ledger) => {
    ledger.record(PUBLISHED, 1_000, 6, 0, 0, 1, 1, -1, 5);
    ledger.record(PUBLISHED, 2_000, 7, 1, 0, 1, 1, -1, 5);
    ledger.record(WORKED_OFF, 3_000, 7, 1, 0, 1, 1);
    ledger.record(WORKED_OFF, 4_000, 6, 0, 0, 1, 1);
  });
  expect(told).toEqual([`message 1 at 3.000 s; message 0, published before it, took effect until 4.000 s; ${TRIED}`]);
});

it('a unit that was sold and not there tells what its buyer tried in vain', () => {
  const told = examples('oversold', (ledger) => {
    ledger.record(RESERVED, 1_000, 6, -1, 0, 1, 1, 3);
    ledger.record(RESERVED, 10_000, 7, -1, 0, 2, 1, 3);
  });
  expect(told?.[0]).toMatch(
    /^entity 7: reserved at 10\.000 s by server\/station, attempt 2, unit 2 of the 1 that object 3 had in stock/,
  );
  expect(told?.[0]).toMatch(new RegExp(`; ${TRIED}$`));
});
