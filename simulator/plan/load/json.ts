import type { Problem } from '../../domain/problem.ts';
import type { Position, Text } from './parsed-text.ts';

const TOKEN = /\s*([{}[\]:,]|"[^"\\]*(?:\\.[^"\\]*)*"|[^\s{}[\]:,"]+)/gy;
const PROBLEMS_MAX = 50;

/** Where the walk is: inside which list or table, at which name, and which names it has seen. */
interface Frame {
  seen: Set<string> | null;
  key: string;
  index: number;
  isNameNext: boolean;
}

/** Reads JSON, refusing names that stand twice in one table; `at` finds a path again. */
export function parseJsonText(text: string): Text | { problems: Problem[] } {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    return { problems: [syntaxProblem(text, error instanceof Error ? error.message : 'is not JSON')] };
  }
  const problems: Problem[] = [];
  walk(text, (o) => {
    if (o.isRepeated && problems.length < PROBLEMS_MAX) {
      const { line, column } = lineAndColumn(text, o.offset);
      const message = `the name '${o.name.slice(0, 60)}' stands here again`;
      problems.push({ path: `${line}:${column}`, message, expected: 'each name once' });
    }
  });
  return problems.length > 0 ? { problems } : { value, at: (path) => positionOf(text, path) };
}

function syntaxProblem(text: string, message: string): Problem {
  const [, at] = /position (\d+)/.exec(message) ?? [];
  const { line, column } = lineAndColumn(text, at === undefined ? text.trimEnd().length : Number(at));
  const said = message.replace(/ in JSON at position.*$| \(line.*$/, '').replace(/\s+/g, ' ');
  return { path: `${line}:${column}`, message: said, expected: 'JSON' };
}

function lineAndColumn(text: string, offset: number): Position {
  const before = text.slice(0, offset).split('\n');
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

interface Seen {
  name: string;
  offset: number;
  isRepeated: boolean;
  /** Path of what begins here; made only when asked for. */
  path(): string;
}

/** Walks valid JSON and shows every name of a table and every entry of a list. */
function walk(text: string, show: (seen: Seen) => void): void {
  const frames: Frame[] = [];
  const path = () => frames.map((frame) => (frame.seen ? frame.key : String(frame.index))).join('.');
  for (const match of text.matchAll(TOKEN)) {
    const token = match[1] ?? '';
    const offset = match.index + match[0].length - token.length;
    const frame = frames.at(-1);
    if (token === '}' || token === ']') frames.pop();
    else if (token === ',') step(frame);
    else if (frame?.isNameNext) show({ ...enter(frame, JSON.parse(token) as string), offset, path });
    else if (token !== ':') {
      if (frame && !frame.seen) show({ name: String(frame.index), offset, isRepeated: false, path });
      open(frames, token);
    }
  }
}

function open(frames: Frame[], token: string): void {
  if (token === '{') frames.push({ seen: new Set(), key: '', index: 0, isNameNext: true });
  if (token === '[') frames.push({ seen: null, key: '', index: 0, isNameNext: false });
}

function step(frame: Frame | undefined): void {
  if (!frame) return;
  frame.index++;
  frame.isNameNext = frame.seen !== null;
}

function enter(frame: Frame, name: string): { name: string; isRepeated: boolean } {
  const isRepeated = frame.seen?.has(name) ?? false;
  frame.seen?.add(name);
  frame.key = name;
  frame.isNameNext = false;
  return { name, isRepeated };
}

/** Where a path stands, or the longest part of it that is there. */
function positionOf(text: string, path: string): Position | undefined {
  let best = -1;
  let longest = 0;
  walk(text, (seen) => {
    const here = seen.path();
    const isPart = here === path || path.startsWith(`${here}.`);
    if (isPart && here.length > longest) [best, longest] = [seen.offset, here.length];
  });
  return best < 0 ? undefined : lineAndColumn(text, best);
}
