import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { nearest } from '../domain/nearest.ts';
import { InputError, type Problem } from '../domain/problem.ts';
import { parseJsonText } from '../plan/load/json.ts';

const FILE_MAX = 400_000_000;

/** What a file should be, for messages: `a report`, called `report.json`, such as `npm run scenario writes into reports/runs/`. */
export interface FileWords {
  what: string;
  file: string;
  made: string;
}

/** Reads a file of JSON. Throws: InputError when it is missing, a folder, too large, no JSON, or cut off. */
export function readJsonFile(path: string, words: FileWords): unknown {
  if (!existsSync(path)) throw missing(path, words);
  const named = /^[aeiou]/.test(words.file) ? `an ${words.file}` : `a ${words.file}`;
  if (statSync(path).isDirectory()) {
    const inside = existsSync(join(path, words.file)) ? { suggestion: join(path, words.file) } : {};
    throw new InputError([{ path, message: 'is a folder', expected: named, ...inside }]);
  }
  if (!statSync(path).isFile() || statSync(path).size > FILE_MAX)
    throw new InputError([{ path, message: 'is no file of at most 400 MB', expected: named }]);
  const parsed = parseJsonText(readFileSync(path, 'utf8'));
  if (!('problems' in parsed)) return parsed.value;
  throw new InputError(parsed.problems.map((one) => ({ ...one, ...cutOff(one.message, words), path: `${path}:${one.path}` })));
}

/** What a file that ends too early is told. */
function cutOff(message: string, { what, file, made }: FileWords): Partial<Problem> {
  if (!/end of JSON|[Uu]nterminated|Expected /.test(message)) return { expected: `${what} in JSON` };
  return { message: `is cut off or damaged here: ${message}`, expected: `a whole ${file}, such as ${made}` };
}

function missing(path: string, { file, made }: FileWords): InputError {
  const folder = dirname(path);
  const beside = existsSync(folder) && statSync(folder).isDirectory() ? readdirSync(folder) : [];
  const near = nearest(basename(path), beside);
  const expected = `a ${file}, such as ${made}`;
  return new InputError([
    { path, message: 'there is no such file', expected, ...(near ? { suggestion: join(folder, near) } : {}) },
  ]);
}
