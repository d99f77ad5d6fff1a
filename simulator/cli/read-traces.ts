import { type Dirent, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseTrace } from '../../workloads/trace.ts';
import { InputError, type Problem } from '../domain/problem.ts';
import { type Series, seriesOf } from '../judge/series.ts';

const FILE_MAX = 200_000_000;

/**
 * Every `timestamp,value` CSV of a folder as a series, by name.
 *
 * Throws: InputError with everything that is wrong in any of them, each with its file and line; and for a folder that is none or has none.
 */
export function readTraces(folder: string): Series[] {
  const files = csvIn(folder);
  const problems: Problem[] = [];
  const series = files.flatMap((file) => {
    const one = readTrace(file);
    if (!('problems' in one)) return [one];
    problems.push(...one.problems);
    return [];
  });
  if (problems.length > 0) throw new InputError(problems);
  return series;
}

function csvIn(folder: string): string[] {
  const refused = (message: string) =>
    new InputError([{ path: `--traces ${folder}`, message, expected: 'a folder of timestamp,value CSV files' }]);
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const { code } = error as { code?: string };
    throw refused(code === 'ENOENT' ? 'is not there' : code === 'ENOTDIR' ? 'is no folder' : `cannot be read (${code})`);
  }
  const files = entries
    .filter((entry) => !entry.isDirectory() && entry.name.endsWith('.csv'))
    .map((entry) => join(folder, entry.name));
  if (files.length === 0) throw refused('has no .csv file');
  return files.sort();
}

/** One `timestamp,value` CSV as a series, or what is wrong with it, with file and line. */
export function readTrace(file: string): Series | { problems: Problem[] } {
  let text: string;
  try {
    const { size } = statSync(file);
    if (size > FILE_MAX) return { problems: [{ path: file, message: `has ${size} bytes`, expected: `at most ${FILE_MAX}` }] };
    text = readFileSync(file, 'utf8');
  } catch (error) {
    return { problems: [{ path: file, message: `cannot be read (${(error as { code?: string }).code})` }] };
  }
  const trace = parseTrace(text);
  if ('problems' in trace)
    return { problems: trace.problems.map((problem) => ({ ...problem, path: pathIn(file, problem.path) })) };
  const written = text.split(/\r?\n/).flatMap((line, i) => (line.trim() === '' ? [] : [i + 1]));
  const heading = written.length - trace.points.length;
  return seriesOf(trace.points, { name: basename(file, '.csv'), file, lineOf: (point) => written[heading + point] ?? 0 });
}

/** `line 7` of the parser as `file:7`. */
function pathIn(file: string, path: string): string {
  const line = /^line (\d+)$/.exec(path)?.[1];
  return line === undefined ? file : `${file}:${line}`;
}
