import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, visit, type YAMLMap } from 'yaml';
import type { Problem } from '../../domain/problem.ts';
import { parseJsonText } from './json.ts';
import type { Position, Text } from './parsed-text.ts';

export type { Position, Text };

const YAML_MAX = 1_000_000;
const JSON_MAX = 20_000_000;
const ALIASES_MAX = 100;
const PROBLEMS_MAX = 50;

/** Reads JSON or YAML, refusing what hides something: duplicate keys, aliases that multiply, sizes that choke; prototype keys are left to the loader. */
export function parseText(text: string, kind: 'yaml' | 'json'): Text | { problems: Problem[] } {
  const most = kind === 'json' ? JSON_MAX : YAML_MAX;
  if (text.length > most) {
    const hint = kind === 'yaml' ? '; JSON may be larger, and traces belong into a CSV' : '';
    return { problems: [{ path: 'file', message: `has ${text.length} characters`, expected: `at most ${most}${hint}` }] };
  }
  return kind === 'json' ? parseJsonText(text) : parseYamlText(text);
}

function parseYamlText(text: string): Text | { problems: Problem[] } {
  const lines = new LineCounter();
  // The reader's own search for duplicates takes quadratic time, so it is done below.
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: false, prettyErrors: false, strict: true });
  const problemAt = (offset: number, message: string): Problem => {
    const { line, col } = lines.linePos(offset);
    return { path: `${line}:${col}`, message, expected: 'YAML' };
  };
  const problems = [...document.errors, ...document.warnings].map((error) =>
    problemAt(error.pos[0], /call stack/.test(error.message) ? 'is nested too deeply' : error.message),
  );
  if (problems.length > 0) return { problems: problems.slice(0, PROBLEMS_MAX) };
  visit(document, {
    Map: (_, map) => {
      problems.push(...repeatedKeys(map).map(({ key, offset }) => problemAt(offset, `the name '${key}' stands here again`)));
    },
  });
  if (problems.length > 0) return { problems: problems.slice(0, PROBLEMS_MAX) };
  try {
    const value: unknown = document.toJS({ maxAliasCount: ALIASES_MAX });
    return { value, at: (path) => positionOf(path, document.contents, lines) };
  } catch (error) {
    const isBomb = error instanceof Error && /alias count/.test(error.message);
    const message = isBomb ? 'has aliases that multiply' : String(error instanceof Error ? error.message : error);
    return { problems: [{ path: 'file', message, expected: `at most ${ALIASES_MAX} uses of aliases` }] };
  }
}

function repeatedKeys(map: YAMLMap): { key: string; offset: number }[] {
  const seen = new Set<string>();
  return map.items.flatMap(({ key }) => {
    if (!isScalar(key)) return [];
    const name = String(key.value);
    if (seen.has(name)) return [{ key: name.slice(0, 60), offset: key.range?.[0] ?? 0 }];
    seen.add(name);
    return [];
  });
}

/** Where a path stands, or the longest part of it that is there. Names may contain dots (`parameters` has such). */
function positionOf(path: string, contents: unknown, lines: LineCounter): Position | undefined {
  let node = contents;
  let found: Node | undefined;
  let rest = path.split('.');
  while (rest.length > 0) {
    const step = stepInto(node, rest);
    if (!step) break;
    found = step.shown ?? found;
    node = step.node;
    rest = rest.slice(step.length);
  }
  if (!found?.range) return undefined;
  const { line, col } = lines.linePos(found.range[0]);
  return { line, column: col };
}

function stepInto(
  node: unknown,
  rest: readonly string[],
): { node: unknown; shown: Node | undefined; length: number } | undefined {
  if (isSeq(node)) {
    const item = node.items[Number(rest[0])] as Node | undefined;
    return item && { node: item, shown: item, length: 1 };
  }
  if (!isMap(node)) return undefined;
  for (let length = 1; length <= rest.length; length++) {
    const name = rest.slice(0, length).join('.');
    const pair = node.items.find(({ key }) => isScalar(key) && String(key.value) === name);
    if (pair) return { node: pair.value, shown: pair.key as Node, length };
  }
  return undefined;
}
