import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../simulator/domain/cell.ts';
import { Ledger, type LedgerOptions } from '../../simulator/measure/ledger.ts';

/** A ticket shop: other names than the shipped one, so that a check that reads names finds nothing. */
const TICKETS: LedgerOptions = {
  effects: [
    { name: 'seat-held', role: 'applied', takes: 0 },
    { name: 'paid', role: 'applied' },
    { name: 'booked', role: 'accepted' },
    { name: 'sold-out', role: 'sold-out' },
  ],
  entities: [{ name: 'booking', accepted: 2, shownAfter: -1, reserved: 0, charged: 1 }],
  datasets: [
    { name: 'seats', part: 0, item_kb: 1, stored_gb: 1, consistent_reads: false, stock: { each: 2, hot_rows: 1, hot: 1 } },
  ],
  parts: ['server/desk'],
  wantsLedger: true,
  promisesOrder: false,
};
const EFFECTS = TICKETS.effects.map((effect) => effect.name);

/** Lines `[effect, at_s, entity]`, of object 0's row, in attempt 1 at the desk; `underWay`: entities for which something is still to be done. */
function told(
  lines: readonly (readonly [string, number, number])[],
  { underWay = [], ...o }: Partial<LedgerOptions> & { underWay?: number[] } = {},
): Map<string, CheckResult> {
  const ledger = new Ledger({ ...TICKETS, ...o });
  for (const [effect, at_s, entity] of lines) {
    const row = effect === 'seat-held' ? 0 : -1;
    ledger.record(EFFECTS.indexOf(effect), at_s * 1000, entity, -1, 0, 1, effect === 'booked' ? 0 : 1, row);
  }
  return new Map(
    ledger
      .finish({ at_ms: 1e6, isPending: () => false, isUnderWay: (entity) => underWay.includes(entity) })
      .map((check) => [check.name, check]),
  );
}

const counts = (checks: Map<string, CheckResult>) =>
  ['oversold', 'charged_without_order', 'charged_twice', 'order_without_reservation'].map((name) => checks.get(name)?.count);

describe('checks of what stands to what', () => {
  it('find nothing in a booking that held a seat, was paid and was booked, in whatever order', () => {
    const lines = [
      ['seat-held', 1, 7],
      ['paid', 2, 7],
      ['booked', 3, 7],
    ] as const;
    expect(counts(told(lines))).toEqual([0, 0, 0, 0]);
    expect(counts(told(lines.toReversed()))).toEqual([0, 0, 0, 0]);
  });

  it('count a second seat of a row that had one, and tell of the first', () => {
    const checks = told([
      ['seat-held', 1, 7],
      ['seat-held', 1.5, 8],
    ]);
    expect(counts(checks)).toEqual([1, 0, 0, 0]);
    const what = 'seat-held at 1.500 s by server/desk, attempt 1, unit 2 of the 1 that object 0 had in seats';
    expect(checks.get('oversold')?.examples).toEqual([`entity 8: ${what}; the one before went at 1.000 s`]);
  });

  it('count whoever paid and was not booked once, however often they paid, and every payment after the first', () => {
    const checks = told([
      ['paid', 2, 7],
      ['paid', 3, 7],
      ['paid', 4, 7],
      ['paid', 2, 8],
      ['booked', 3, 8],
    ]);
    expect(counts(checks)).toEqual([0, 1, 2, 1]);
    const paid = (at: string) => `paid at ${at} s by server/desk, attempt 1`;
    const story = `entity 7: ${paid('2.000')}; ${paid('3.000')}; ${paid('4.000')}`;
    expect(checks.get('charged_without_order')?.examples).toEqual([`${story}; never booked`]);
    expect(checks.get('charged_twice')?.examples).toEqual([story]);
  });

  it('wait with what may still be mended while something is under way for it, and with nothing else', () => {
    const lines = [
      ['paid', 2, 7],
      ['paid', 3, 7],
      ['booked', 3, 8],
    ] as const;
    expect(counts(told(lines))).toEqual([0, 1, 1, 1]);
    expect(counts(told(lines, { underWay: [7] }))).toEqual([0, 0, 1, 1]);
    expect(counts(told(lines, { underWay: [7, 8] }))).toEqual([0, 0, 1, 0]);
  });

  it('tell ten stories and count the rest, over more lines than were reserved for them', () => {
    const lines = Array.from({ length: 3000 }, (_, i) => ['booked', i, i] as const);
    const check = told(lines).get('order_without_reservation');
    expect([check?.count, check?.examples.length]).toEqual([3000, 10]);
    expect(check?.examples[9]).toBe('entity 9: booked at 9.000 s by server/desk, attempt 1; never seat-held');
  });

  it('are left out of the books of an application that says nothing about stocks and money', () => {
    const entities = [{ name: 'post', accepted: 2, shownAfter: -1, reserved: -1, charged: -1 }];
    const effects = TICKETS.effects.map(({ name, role }) => ({ name, role }));
    const checks = told([['paid', 2, 7]], { entities, effects, datasets: [] });
    expect([...counts(checks), checks.has('sold_out'), checks.has('lost')]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      false,
      true,
    ]);
  });
});
