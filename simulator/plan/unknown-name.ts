import { nearest } from '../domain/nearest.ts';
import type { Problem } from '../domain/problem.ts';

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
