import { demandAt, type FluidDefinition } from '../../domain/fluid.ts';

const POINTS = 60;

/**
 * Reg: up at once to 1.05 x load when short; down to what a parabola through the last 60 points says, and never up by it.
 *
 * Source: Iqbal et al., adaptive resource provisioning, FGCS 2011, from its description.
 */
export const reg: FluidDefinition = {
  description: 'Reg (Iqbal): up reactively, down by a parabola',
  create({ capacity, history, initial }) {
    const needs = (load: number) => load / (0.8 * capacity);
    let points = Array.from(history.slice(-POINTS), needs);
    let n = initial;
    return {
      order(_t, load) {
        points = [...points, needs(load)].slice(-POINTS);
        const needed = demandAt(load, capacity);
        if (needed > n) n = Math.ceil(1.05 * needs(load) - 1e-9);
        else if (needed < n) {
          const expected = Math.ceil(parabolaAt(points, points.length) - 1e-9);
          if (expected > 0) n = Math.min(n, expected);
        }
        return n;
      },
    };
  },
};

/** Least squares of degree two through (0, y0), (1, y1), ... evaluated at `x`; fewer than three points give their last. */
export function parabolaAt(ys: readonly number[], x: number): number {
  const n = ys.length;
  if (n < 3) return ys[n - 1] ?? 0;
  // On points that lie symmetric round their middle the odd sums vanish.
  const middle = (n - 1) / 2;
  let s2 = 0;
  let s4 = 0;
  let y0 = 0;
  let y1 = 0;
  let y2 = 0;
  ys.forEach((y, i) => {
    const u = i - middle;
    s2 += u ** 2;
    s4 += u ** 4;
    y0 += y;
    y1 += u * y;
    y2 += u ** 2 * y;
  });
  const curve = (n * y2 - s2 * y0) / (n * s4 - s2 ** 2);
  const level = (y0 - curve * s2) / n;
  const u = x - middle;
  return level + (y1 / s2) * u + curve * u ** 2;
}
