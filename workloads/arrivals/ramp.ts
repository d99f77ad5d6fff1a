import type { Shape } from './shape.ts';

/** The value at `t` on straight lines between points of rising time; flat outside. */
export function along(points: readonly (readonly [number, number])[], t: number): number {
  let low = 0;
  let high = points.length - 1;
  if (high < 0) return 0;
  const [first, last] = [points[0], points[high]] as [readonly [number, number], readonly [number, number]];
  if (t <= first[0]) return first[1];
  if (t >= last[0]) return last[1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((points[middle] as readonly [number, number])[0] <= t) low = middle;
    else high = middle;
  }
  const [a, b] = [points[low], points[high]] as [readonly [number, number], readonly [number, number]];
  return a[1] + ((b[1] - a[1]) * (t - a[0])) / (b[0] - a[0]);
}

export const ramp: Shape<'ramp'> = {
  description: 'straight lines between [second, rate] points',
  rateAt: (a, t) => along(a.points, t),
};
