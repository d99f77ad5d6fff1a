import type { Usage } from '../../simulator/domain/cell.ts';
import type { Bill } from '../../simulator/domain/report.ts';
import { billOf } from '../../simulator/measure/bill.ts';

/** Usage of one whole month, so that nothing is scaled. */
export function month(items: Readonly<Record<string, number>>, served = 1_000_000): Bill {
  const usage: Usage[] = Object.entries(items).map(([item, quantity]) => ({ component: 'part', item, quantity }));
  return billOf([{ usage, served_total: served, duration_s: 730 * 3600 }]);
}

/** What a function uses for `requests` calls of `ms` at `memory_mb`. */
export function calls(requests: number, o: { memory_mb: number; ms: number; architecture?: 'arm64' | 'x86_64' }) {
  const gbS = (requests * o.ms * o.memory_mb) / 1000 / 1024;
  return { 'function-requests': requests, [`function-gb-s:${o.architecture ?? 'x86_64'}`]: gbS };
}

export const cents = (usd: number) => Math.round(usd * 100) / 100;
