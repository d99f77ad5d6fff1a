import type { Series } from './learning/series.ts';

/**
 * Learns from a series one value at a time and says what comes `h` steps later (h >= 1).
 *
 * `observe` is called when the series has just got a value. It changes the state it is given, because most of a state stays as it was: who
 * has to keep the old one copies it first (`copyOf`). A state is plain JSON, so that it can be stored, sent and started from.
 */
export interface Method<State = unknown> {
  initial(): State;
  observe(state: State, series: Series): void;
  forecast(state: State, series: Series, h: number): number;
}

/** A deep copy of plain JSON; arrays of numbers, nearly all of a state, are copied whole. */
export function copyOf<T>(value: T): T {
  if (Array.isArray(value)) return (typeof value[0] === 'number' ? value.slice() : value.map(copyOf)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const copy: Record<string, unknown> = {};
  for (const key in value) copy[key] = copyOf(value[key]);
  return copy as T;
}
