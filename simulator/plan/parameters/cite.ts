import type { Distribution } from '../../domain/distribution.ts';
import type { Parameter } from '../../domain/sourced.ts';

/** Numbers that one source gives, each with its unit; `note` says how this one was taken from it. */
export interface Citation {
  documented(value: Distribution, unit: string, note?: string): Parameter;
  measured(value: Distribution, unit: string, note?: string): Parameter;
}

/** Opens a source once, so that a table of numbers names it in one word. */
export function cite(source: string, date: string): Citation {
  const row = (kind: 'documented' | 'measured') => (value: Distribution, unit: string, note?: string) => ({
    value,
    unit,
    source: note === undefined ? source : `${source}: ${note}`,
    date,
    kind,
  });
  return { documented: row('documented'), measured: row('measured') };
}

/** A number that no evidence pins down: its range, and what little there is. */
export function assumed(value: Distribution, unit: string, o: { range: readonly [number, number]; because: string }): Parameter {
  return { value, unit, source: `assumed: ${o.because}`, date: ASSUMED_ON, kind: 'assumed', range: o.range };
}

/** When the assumptions were made. */
export const ASSUMED_ON = '2026-11-24';

export const lognormal = (p50: number, p99: number): Distribution => ({ kind: 'lognormal', p50, p99 });
