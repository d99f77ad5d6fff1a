import { standing, type Tally, timesToUndo } from '../../../domain/undoing.ts';
import type { Followed, LiveEffect, Outcome, SettleOrder } from '../contract.ts';
import { TAKING } from './dynamodb-items.ts';
import { lineKey } from './line-key.ts';

/** How often an effect happened to an entity and was taken back, by the keys of lines. */
export function tallyOf(keys: readonly string[], o: Pick<Followed, 'effect' | 'undoneBy'> & { entity: number }): Tally {
  const count = (effect: string) => keys.filter((key) => key.startsWith(`${TAKING}${effect}/${o.entity}/`)).length;
  return { applied: count(o.effect), undone: o.undoneBy.reduce((sum, effect) => sum + count(effect), 0) };
}

/** What a write that undoes or waits comes to where lines with these keys stand: lines to add by their keys, or an answer at once. */
export function verdictOf(keys: readonly string[], order: SettleOrder): Map<string, LiveEffect> | Outcome {
  const { entity, isGuarded, line, undoes, unless } = order;
  const tally = (followed: Followed): Tally => {
    const here = tallyOf(keys, { ...followed, entity });
    return { applied: here.applied + followed.elsewhere.applied, undone: here.undone + followed.elsewhere.undone };
  };
  if (unless !== undefined && standing(tally(unless)) > 0) return 'overtaken';
  if (line === undefined) return new Map();
  if (undoes === undefined) {
    const key = TAKING + lineKey(line, isGuarded);
    return keys.includes(key) ? 'repeat' : new Map([[key, line]]);
  }
  const found = tally(undoes);
  if (found.applied === 0) return 'ok';
  const times = timesToUndo(found, isGuarded);
  if (times === 0) return 'repeat';
  return new Map(Array.from({ length: times }, () => [TAKING + lineKey(line, false), line]));
}
