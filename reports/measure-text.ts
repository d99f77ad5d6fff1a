import { amount, ms, percent, usd } from './figures.ts';

/** A value of a measure that rows are compared in, with its unit. */
export function measured(measure: string, value: number | null): string {
  if (measure.endsWith('error_rate')) return percent(value);
  if (measure === 'throughput') return `${amount(value)}/s`;
  if (measure === 'violation_minutes') return `${amount(value)} min`;
  return measure.startsWith('cost_') ? usd(value) : ms(value);
}

/** A difference of such values, with its sign. */
export function signed(measure: string, value: number): string {
  return `${value < 0 ? '−' : '+'}${measured(measure, Math.abs(value))}`;
}
