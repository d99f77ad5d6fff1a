import type { CellResult } from '../../simulator/domain/cell.ts';

/**
 * Published by pacslab/simfaas (MIT) and recomputed independently: means of 200 seeds (T1) and of 10,000 runs (T3) with their deviations.
 *
 * Times in seconds; `servers` counts instances that exist, `running` those at work.
 */
export const T1 = {
  model: { rate: 0.9, duration_s: 1e6, warm_s: 1.991, cold_s: 2.244, expiry_s: 600 },
  recomputed: { p_cold: [0.001337, 0.000032], servers: [7.6976, 0.0231], running: [1.79219, 0.00241], idle: [5.9054, 0.0226] },
  seeds: 200,
} as const;

export const T2 = {
  model: { rate: 1000, warm_s: 2.016, cold_s: 2.163, expiry_s: 600, most: 1000 },
  p_reject: 0.50445,
} as const;

export const T3 = {
  model: { rate: 0.9, duration_s: 300, warm_s: 2.016, cold_s: 2.163, expiry_s: 600 },
  recomputed: { p_cold: 0.0267172, servers: 6.341055, running: 1.804825, idle: 4.536232 },
  runs: 10_000,
} as const;

/** What SimFaaS reports of a run. */
export function figuresOf(result: CellResult, duration_s: number): Record<'p_cold' | 'servers' | 'running' | 'idle', number> {
  const pool = result.pools[0];
  if (pool === undefined) throw new Error('no pool');
  const servers = pool.alive_s / duration_s;
  const running = pool.littles.busy_s / duration_s;
  return { p_cold: pool.colds / pool.calls, servers, running, idle: servers - running };
}
