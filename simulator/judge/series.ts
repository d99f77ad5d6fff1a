import type { Problem } from '../domain/problem.ts';

/** Points from which on a trace is long enough to count in the means. */
export const COUNTS_FROM = 1400;
/** Below this nothing can be said: the last 30 % would hardly outlast the steps that are not counted. */
const LEAST = 100;
const TOLERANCE = 1e-6;

/** A load series on a regular grid. */
export interface Series {
  name: string;
  step_s: number;
  values: Float64Array;
}

/** Points of a trace as a series, or what keeps the judge from taking it. `file` is what problems are said of; `lineOf` tells where a point stands in it. */
export function seriesOf(
  points: readonly (readonly [number, number])[],
  o: { name: string; file: string; lineOf(point: number): number },
): Series | { problems: Problem[] } {
  const step_s = (points[1]?.[0] ?? 0) - (points[0]?.[0] ?? 0);
  const at = points.findIndex(
    ([second], i) => i > 0 && Math.abs(second - (points[i - 1]?.[0] ?? 0) - step_s) > TOLERANCE * step_s,
  );
  if (at > 0) {
    const gap = (points[at]?.[0] ?? 0) - (points[at - 1]?.[0] ?? 0);
    const message = `this stamp is ${round(gap)} s after the one before, the first step is ${round(step_s)} s`;
    return refused(`${o.file}:${o.lineOf(at)}`, message, 'a regular grid: fill or average first');
  }
  if (points.length < LEAST) return refused(o.file, `has ${points.length} points`, `at least ${LEAST}`);
  if (!points.slice(0, trainingLength(points.length)).some(([, value]) => value > 0))
    return refused(o.file, 'is 0 throughout its first 70 %', 'some load to size an instance by');
  return { name: o.name, step_s, values: Float64Array.from(points, ([, value]) => value) };
}

/** Points of the first 70 %. */
export function trainingLength(points: number): number {
  return Math.floor((7 * points) / 10);
}

function refused(path: string, message: string, expected: string): { problems: Problem[] } {
  return { problems: [{ path, message, expected }] };
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
