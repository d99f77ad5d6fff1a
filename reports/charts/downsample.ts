/**
 * Joins neighbours so that at most `most` items are left; `join` sees each group in order.
 *
 * What joins them must keep peaks: a page that averages a flash crowd away would hide what it is read for.
 */
export function joined<T>(items: readonly T[], most: number, join: (group: readonly T[]) => T): T[] {
  if (items.length <= most) return [...items];
  const size = Math.ceil(items.length / most);
  const groups: T[] = [];
  for (let i = 0; i < items.length; i += size) groups.push(join(items.slice(i, i + size)));
  return groups;
}

/** The largest of the values that are there. */
export function largest(values: readonly (number | null)[]): number | null {
  return values.reduce((most, value) => (value !== null && (most === null || value > most) ? value : most), null);
}
