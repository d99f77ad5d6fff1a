import type { Problem } from '../domain/problem.ts';

/** The known name that is fewest edits away, when it is near enough to be what was meant. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let best: string | undefined;
  let fewest = Math.max(2, Math.ceil(name.length / 3)) + 1;
  for (const candidate of known) {
    if (Math.abs(candidate.length - name.length) >= fewest) continue;
    const count = edits(name, candidate);
    if (count < fewest) {
      fewest = count;
      best = candidate;
    }
  }
  return best;
}

/** Problem of a name that nothing bears, with the nearest one that something does. */
export function unknownName(path: string, o: { what: string; name: string; known: readonly string[] }): Problem {
  const suggestion = nearest(o.name, o.known);
  return {
    path,
    message: `unknown ${o.what} "${o.name.slice(0, 60)}"`,
    expected:
      o.known.length === 0
        ? `there is no ${o.what}`
        : `one of ${o.known.slice(0, 12).join(', ')}${o.known.length > 12 ? ', ...' : ''}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

/** Levenshtein distance. */
function edits(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    row = next;
  }
  return row[b.length] as number;
}
