/** Provisioned concurrency is paid for from when it is asked for, for five minutes at least. Source: AWS Lambda pricing, 2026-03-11. */
const LEAST_S = 300;

/** What keeping environments ready costs before they work. Units: GB-s. */
export function provisionedGbS(o: { count: number; memory_gb: number; kept_s: number }): number {
  return Math.max(LEAST_S, o.kept_s) * o.count * o.memory_gb;
}
