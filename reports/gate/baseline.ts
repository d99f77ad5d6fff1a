import type { Baseline } from '../../simulator/domain/baseline.ts';
import { layout } from '../json.ts';

/** A baseline as its file: keys sorted, a line a value, so that a review shows what moved and nothing else. */
export function baselineText(baseline: Baseline): string {
  const { schema, ...rest } = baseline;
  return `${layout({ schema, ...(sorted(rest) as object) }, '')}\n`;
}

/** Keys in the order of their letters, at every depth; the order of lists is theirs. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, sorted(item)]));
}
