import { describe, expect, it } from 'vitest';
import { inTurns, lengthOf, type Turns, turnRows } from '../../simulator/worlds/live/turns.ts';
import type { Action } from '../../simulator/worlds/live/users.ts';

const TURNS: Omit<Turns, 'side'> = { pairs: 4, turn_ms: 100, gap_ms: 20 };
const a: Turns = { ...TURNS, side: 'a' };
const b: Turns = { ...TURNS, side: 'b' };
const action = (at_ms: number, index: number): Action => ({ at_ms, index, session: 0, user: 0, object: 0, operation: 1, key: 0 });
const actions = [5, 99, 100, 250, 399, 400].map(action);

describe('turns', () => {
  it('go A B, B A, A B, so that neither is always first', () => {
    expect(inTurns(actions, a).map((one) => one.at_ms)).toEqual([5, 99, 360, 530, 939]);
    expect(inTurns(actions, b).map((one) => one.at_ms)).toEqual([125, 219, 240, 650, 819]);
  });

  it('never overlap, carry the same actions, and end when all are over', () => {
    const within = (turns: Turns) => inTurns(actions, turns).map((one) => Math.floor(one.at_ms / 120));
    const mine = new Set(within(a));
    expect(within(b).filter((slot) => mine.has(slot))).toEqual([]);
    expect(inTurns(actions, a).map((one) => one.index)).toEqual(inTurns(actions, b).map((one) => one.index));
    expect(lengthOf(a)).toBe(960);
  });

  it('name what came of an action by its pair, with no latency where it was not served', () => {
    const sent = inTurns(actions, b);
    const rows = sent.map((one, i) => ({
      operation: 1,
      at_ms: one.at_ms,
      done_ms: one.at_ms + 7,
      outcome: i === 1 ? 3 : 0,
      attempts: 1,
    }));
    expect(turnRows(rows, { turns: b, actions: sent, served: 0 })).toEqual([
      [0, 0, 1, 7],
      [0, 1, 1, null],
      [1, 2, 1, 7],
      [2, 3, 1, 7],
      [3, 4, 1, 7],
    ]);
  });
});
