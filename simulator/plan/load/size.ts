import type { Problem } from '../../domain/problem.ts';
import type { Arrivals, Workload } from '../../domain/workload.ts';

/** What one operation of a run keeps in memory until the cell ends: 112 bytes measured on hello at x100 and x1000, 2026-11-24. */
const BYTES_PER_OPERATION = 128;
const MEMORY_BYTES = 16 * 2 ** 30;

/**
 * A load that needs more memory than there is, said before anything runs.
 *
 * Units: `factor` multiplies the rate (`--rate`); `cells` run at the same time; without `memory_bytes` 16 GiB are taken as there.
 */
export function sizeProblems(
  workload: Workload,
  o: { factor: number; cells?: number; memory_bytes?: number | undefined },
): Problem[] {
  const there = o.memory_bytes ?? MEMORY_BYTES;
  const operations = roughOperations(workload.arrivals, workload.duration_s) * o.factor;
  const most = Math.floor(there / BYTES_PER_OPERATION / (o.cells ?? 1));
  if (operations <= most) return [];
  const needed = (operations * BYTES_PER_OPERATION * (o.cells ?? 1)) / 2 ** 30;
  return [
    {
      path: 'workload',
      message: `asks for about ${count(operations)} operations, which need ${needed.toPrecision(3)} GiB; ${(there / 2 ** 30).toPrecision(3)} GiB are there`,
      expected: `at most ${count(most)} operations in a run: a lower rate or a shorter duration`,
    },
  ];
}

const count = (n: number) => (n < 1e15 ? Math.round(n).toLocaleString('en') : n.toExponential(1));

/** Operations of a run, not less than there will be. */
function roughOperations(arrivals: Arrivals, duration_s: number): number {
  const highest = (points: readonly (readonly [number, number])[]) => points.reduce((most, [, v]) => Math.max(most, v), 0);
  switch (arrivals.kind) {
    case 'constant':
      return arrivals.rate * duration_s;
    case 'ramp':
      return highest(arrivals.points) * duration_s;
    case 'step':
      return highest(arrivals.steps) * duration_s;
    case 'daily':
      return Math.max(arrivals.low, arrivals.high) * duration_s;
    case 'on-off':
      return Math.max(arrivals.on, arrivals.off) * duration_s;
    case 'trace':
      return highest(arrivals.points ?? []) * arrivals.scale * duration_s;
    case 'flash-crowd': {
      const crowd_s = Math.min(duration_s, arrivals.rise_s + arrivals.hold_s + arrivals.fall_s);
      return roughOperations(arrivals.base, duration_s) * (1 + ((arrivals.factor - 1) * crowd_s) / duration_s);
    }
  }
}
