import type { Change } from '../domain/comparison.ts';

/**
 * Every place where two pieces of plain data differ, by its path; a place that a side does not have is left out there.
 *
 * Lists of words are taken as sets, since one word more must not look as if all behind it had changed; other lists are
 * compared entry by entry where they are equally long, else as wholes.
 */
export function changesOf(a: unknown, b: unknown, path = ''): Change[] {
  if (JSON.stringify(a) === JSON.stringify(b)) return [];
  if (isTable(a) && isTable(b)) return changesOfTables(a, b, path);
  if (isWords(a) && isWords(b)) return changesOfWords(a, b, path);
  if (Array.isArray(a) && Array.isArray(b) && a.length === b.length && !a.every(isNumbers))
    return a.flatMap((item: unknown, i) => changesOf(item, b[i], below(path, String(i))));
  return [{ path, ...(a === undefined ? {} : { a }), ...(b === undefined ? {} : { b }) }];
}

type Plain = Readonly<Record<string, unknown>>;

function changesOfTables(a: Plain, b: Plain, path: string): Change[] {
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])];
  const own = (table: Plain, key: string) => (Object.hasOwn(table, key) ? table[key] : undefined);
  return keys.flatMap((key) => changesOf(own(a, key), own(b, key), below(path, key)));
}

function changesOfWords(a: readonly string[], b: readonly string[], path: string): Change[] {
  const gone = a.filter((word) => !b.includes(word)).map((word) => ({ path, a: word }));
  const come = b.filter((word) => !a.includes(word)).map((word) => ({ path, b: word }));
  return gone.length + come.length > 0 ? [...gone, ...come] : [{ path, a, b }];
}

function below(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function isTable(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isWords(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isNumbers(value: unknown): boolean {
  return typeof value === 'number' || (Array.isArray(value) && value.every((item) => typeof item === 'number'));
}
