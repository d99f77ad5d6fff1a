import type { Action, ActionRow } from './users.ts';

/**
 * How two versions share a machine: in turns of `turn_ms` with `gap_ms` after each, one pair of turns after the other, in the order
 * A B, B A, A B and so on, so that whatever the machine does slowly meets both alike.
 */
export interface Turns {
  side: 'a' | 'b';
  pairs: number;
  turn_ms: number;
  gap_ms: number;
}

/** Run time that all turns take, ms. */
export function lengthOf({ pairs, turn_ms, gap_ms }: Turns): number {
  return 2 * pairs * (turn_ms + gap_ms);
}

/** Where the turn of a pair begins, run time in ms. */
function beginOf({ side, turn_ms, gap_ms }: Turns, pair: number): number {
  const isFirst = (side === 'a') === (pair % 2 === 0);
  return (2 * pair + (isFirst ? 0 : 1)) * (turn_ms + gap_ms);
}

/** The schedule cut into turns: both sides send the same actions in the same pair, each in its own turn; what is beyond the last is left out. */
export function inTurns(actions: readonly Action[], turns: Turns): Action[] {
  return actions.flatMap((action) => {
    const pair = Math.floor(action.at_ms / turns.turn_ms);
    return pair < turns.pairs ? [{ ...action, at_ms: action.at_ms - pair * turns.turn_ms + beginOf(turns, pair) }] : [];
  });
}

/** One action as it was answered: pair, action, operation, latency in ms (null: not served). */
export type TurnRow = [number, number, number, number | null];

/** What came of a side's turns, by the actions that it sent, in the same order. */
export function turnRows(rows: readonly ActionRow[], o: { turns: Turns; actions: readonly Action[]; served: number }): TurnRow[] {
  const { turn_ms, gap_ms } = o.turns;
  return rows.map((row, i) => [
    Math.floor(row.at_ms / (2 * (turn_ms + gap_ms))),
    (o.actions[i] as Action).index,
    row.operation,
    row.outcome === o.served ? row.done_ms - row.at_ms : null,
  ]);
}
