import type { Change } from '../simulator/domain/comparison.ts';
import { law } from './figures.ts';
import { plain } from './text.ts';

/** `5 → 50`; of a list of words, and of what one side does not have, what is new or gone. */
export function sides(change: Change): string {
  if (!('a' in change)) return `+ ${shown(change.b)}`;
  if (!('b' in change)) return `− ${shown(change.a)}`;
  return `${shown(change.a)} → ${shown(change.b)}`;
}

function shown(value: unknown): string {
  const text = plain(typeof value === 'string' ? value : typeof value === 'number' ? law(value) : JSON.stringify(value));
  return text.length > 120 ? `${text.slice(0, 117)}...` : text;
}
