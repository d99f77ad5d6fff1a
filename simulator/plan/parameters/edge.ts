import type { Parameter } from '../../domain/sourced.ts';
import { assumed, lognormal } from './cite.ts';

/** A content delivery network's cache near the users. */
export const EDGE: Record<string, Parameter> = {
  hit_ms: assumed(lognormal(3, 15), 'ms', { range: [1, 30], because: 'no latency of CloudFront is known from measurement' }),
  miss_ms: assumed(lognormal(5, 25), 'ms', { range: [1, 50], because: 'added before the origin is asked; not measured' }),
  capacity_rows: assumed(1_000_000, 'row', {
    range: [1_000, 1_000_000_000],
    because: 'what the cache keeps before it evicts; not published',
  }),
};

/** Share of lookups that find their row, used only to size what lies behind the cache. */
export const HIT_RATIO: Parameter = assumed(0.5, 'share', {
  range: [0, 0.99],
  because: 'sizing only, where popularity and time to live do not give it; the run itself keeps every row with its age',
});
