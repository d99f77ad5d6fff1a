import { LineCounter, parseDocument } from 'yaml';
import type { Problem } from '../../domain/problem.ts';

const BYTES_MAX = 20_000_000;
const ALIASES_MAX = 100;

/** A parsed file: its value, and where a path of it stands. */
export interface Text {
  value: unknown;
  at(path: string): { line: number; column: number } | undefined;
}

/**
 * Reads JSON or YAML, refusing what hides something: duplicate keys, aliases that multiply, prototype keys.
 *
 * Both go through the YAML reader (JSON is a subset), so that every syntax error and every position is known; JSON must also be JSON.
 */
export function parseText(text: string, kind: 'yaml' | 'json'): Text | { problems: Problem[] } {
  if (text.length > BYTES_MAX) return { problems: [{ path: 'file', message: 'is larger than 20 MB', expected: 'a scenario' }] };
  if (kind === 'json') {
    try {
      JSON.parse(text);
    } catch (error) {
      return { problems: [{ path: 'file', message: error instanceof Error ? error.message : 'is not JSON', expected: 'JSON' }] };
    }
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true, prettyErrors: false, strict: true });
  const problems = [...document.errors, ...document.warnings].map((error): Problem => {
    const { line, col } = lines.linePos(error.pos[0]);
    return { path: `${line}:${col}`, message: error.message, expected: kind === 'json' ? 'JSON' : 'YAML' };
  });
  if (problems.length > 0) return { problems };
  try {
    const value: unknown = document.toJS({ maxAliasCount: ALIASES_MAX });
    return { value, at: (path) => positionOf(path, (keys) => document.getIn(keys, true), lines) };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return { problems: [{ path: 'file', message, expected: `at most ${ALIASES_MAX} uses of aliases` }] };
  }
}

function positionOf(
  path: string,
  get: (keys: (string | number)[]) => unknown,
  lines: LineCounter,
): { line: number; column: number } | undefined {
  const keys = path.split('.').map((key) => (/^\d+$/.test(key) ? Number(key) : key));
  for (let length = keys.length; length > 0; length--) {
    const range = (get(keys.slice(0, length)) as { range?: [number, number, number] } | undefined)?.range;
    if (range) {
      const { line, col } = lines.linePos(range[0]);
      return { line, column: col };
    }
  }
  return undefined;
}
