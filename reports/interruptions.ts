import type { PoolReport } from '../simulator/domain/report.ts';
import { amount } from './figures.ts';
import type { Row } from './rows.ts';
import { plain } from './text.ts';

/** Pools that a line names; the page has the others. */
const NAMED = 4;

/** How often machines of a pool were taken back, in words; empty where none is bought on spot. */
export function interruptionWords({ interruptions }: Pick<PoolReport, 'interruptions'>): string {
  if (interruptions === undefined) return '';
  if (interruptions === 0) return 'no spot interruption';
  return `${amount(interruptions)} spot ${interruptions === 1 ? 'interruption' : 'interruptions'} a run`;
}

/** A sentence for each row that has spot machines: how often they were taken back, and from which pools most. */
export function interruptionLines(rows: readonly Row[]): string[] {
  return rows.flatMap(({ label, strategy }) => {
    const pools = strategy.pools.filter((pool) => pool.interruptions !== undefined);
    if (pools.length === 0) return [];
    const timesOf = (pool: PoolReport) => pool.interruptions ?? 0;
    const interruptions = pools.reduce((sum, pool) => sum + timesOf(pool), 0);
    const hit = pools.filter((pool) => timesOf(pool) > 0).sort((a, b) => timesOf(b) - timesOf(a));
    const named = hit.slice(0, NAMED).map((pool) => `${plain(pool.name)} ${amount(timesOf(pool))}`);
    const more = hit.length > NAMED ? [`${hit.length - NAMED} more`] : [];
    const where = named.length > 0 ? `: ${[...named, ...more].join(', ')}` : '';
    return [`${label}: ${interruptionWords({ interruptions })}${where}`];
  });
}
