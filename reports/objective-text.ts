import type { ObjectiveReport } from '../simulator/domain/report.ts';
import { amount, ms, NONE, percent, usd } from './figures.ts';

/** What an objective's line says, as far as a report has to draw or label it. */
interface Line {
  operation: string | null;
  measure: string;
  limit: number;
  unit: string;
}

const LINE = /^\s*(?:(\S+)\s+)?([a-z]\w*)\s*(?:<=|>=|==|<|>)\s*([\d.]+(?:e[+-]?\d+)?)\s*(\S*)\s*$/i;
const MILLISECONDS: Readonly<Record<string, number>> = { ms: 1, s: 1000, min: 60_000 };
const SHARES: Readonly<Record<string, number>> = { p50: 0.5, p95: 0.95, p99: 0.99, p999: 0.999 };

/** An upper limit on a latency quantile, where there is one: the corner of a chart that a curve must stay out of. */
export function limitOf(text: string): { operation: string | null; share: number; limit_ms: number } | null {
  const line = read(text);
  const share = line === null ? undefined : SHARES[line.measure];
  if (line === null || share === undefined || !/</.test(text)) return null;
  return { operation: line.operation, share, limit_ms: line.limit * (MILLISECONDS[line.unit || 'ms'] ?? 1) };
}

/** The value that was measured, in words; what was never answered has none, and says so. */
export function measuredValue(objective: ObjectiveReport): string {
  if (objective.value === null) return objective.met === null ? 'too few samples' : 'not served';
  const line = read(objective.text);
  if (line === null) return amount(objective.value);
  const factor = MILLISECONDS[line.unit];
  if (factor !== undefined && line.measure !== 'violation_minutes') return ms(objective.value * factor);
  if (line.unit === '%') return percent(objective.value / 100);
  if (line.measure === 'error_rate') return percent(objective.value);
  if (line.measure.startsWith('cost_')) return usd(objective.value);
  if (line.measure in SHARES || line.measure === 'mean' || line.measure === 'max' || line.measure === 'lag_p99')
    return ms(objective.value);
  return `${amount(objective.value)}${line.unit === '' ? '' : ` ${line.unit}`}` || NONE;
}

function read(text: string): Line | null {
  const match = LINE.exec(text);
  if (match === null) return null;
  const [, operation, measure, limit, unit] = match;
  return { operation: operation ?? null, measure: measure ?? '', limit: Number(limit), unit: unit ?? '' };
}
