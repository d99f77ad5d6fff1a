import type { Problem } from '../simulator/domain/problem.ts';

const POINTS_MAX = 1_000_000;
const PROBLEMS_MAX = 20;

/**
 * Reads a `timestamp,value` CSV: stamps are ISO 8601 or plain seconds, values are counts or rates.
 *
 * Shape: points are [seconds since the first stamp, value], in rising time.
 */
export function parseTrace(text: string): { points: [number, number][] } | { problems: Problem[] } {
  const problems: Problem[] = [];
  const stamps: [number, number][] = [];
  text.split(/\r?\n/).forEach((line, i) => {
    if (line.trim() === '' || problems.length >= PROBLEMS_MAX || (i === 0 && isHeader(line))) return;
    const row = rowOf(line, stamps.at(-1)?.[0] ?? Number.NEGATIVE_INFINITY);
    if (Array.isArray(row)) stamps.push(row);
    else problems.push({ path: `line ${i + 1}`, ...row });
  });
  if (problems.length > 0) return { problems };
  if (stamps.length < 2) return { problems: [{ path: 'trace', message: `has ${stamps.length} points`, expected: 'at least 2' }] };
  if (stamps.length > POINTS_MAX) {
    return { problems: [{ path: 'trace', message: `has ${stamps.length} points`, expected: 'at most 1,000,000' }] };
  }
  const first = stamps[0]?.[0] ?? 0;
  return { points: stamps.map(([at, value]): [number, number] => [at - first, value]) };
}

function isHeader(line: string): boolean {
  const [first = ''] = line.split(',');
  return /[a-z]/i.test(first) && Number.isNaN(secondsOf(first));
}

/** One line as [second, value], or what is wrong with it. */
function rowOf(line: string, before: number): [number, number] | Pick<Problem, 'message' | 'expected'> {
  const [stamp = '', amount = '', ...rest] = line.split(',');
  const at = secondsOf(stamp);
  const value = amount.trim() === '' ? Number.NaN : Number(amount);
  if (rest.length > 0) return { message: `has ${rest.length + 2} columns`, expected: 'two: timestamp,value' };
  if (Number.isNaN(at)) return { message: `the timestamp is ${JSON.stringify(stamp)}`, expected: 'ISO 8601 or seconds' };
  if (!Number.isFinite(value) || value < 0)
    return { message: `the value is ${JSON.stringify(amount)}`, expected: 'a number of at least 0' };
  if (at <= before) return { message: 'time does not go forward', expected: 'a stamp after that of the line before' };
  return [at, value];
}

function secondsOf(stamp: string): number {
  const text = stamp.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  return /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) / 1000 : Number.NaN;
}
