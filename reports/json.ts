import { type Report, ReportSchema } from '../simulator/domain/report.ts';

/**
 * The report for other programs: keys in the order of the schema, whatever built it; a line per row of numbers.
 *
 * `stable` leaves out what depends on the machine or the clock, so that the bytes depend on scenario, seed and version alone.
 *
 * Throws: ZodError when the report breaks its own schema (a number that is not one, a missing key).
 */
export function json(report: Report, options: { stable?: boolean } = {}): string {
  const ordered = ReportSchema.parse(report);
  return `${layout(options.stable ? withoutMachine(ordered) : ordered, '')}\n`;
}

function withoutMachine(report: Report): Report {
  const { machine: _machine, live: _live, ...rest } = report;
  return { ...rest, strategies: report.strategies.map(({ speed: _speed, ...strategy }) => strategy) };
}

const LINE = 140;

/** Objects and lists that fit a line, and rows of numbers of any length, stand on one line; the rest is indented. */
export function layout(value: unknown, indent: string): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isNumbers(value)) return JSON.stringify(value);
  const compact = JSON.stringify(value);
  if (compact.length <= LINE - indent.length) return compact;
  const deeper = `${indent}  `;
  if (Array.isArray(value)) return `[\n${value.map((item) => deeper + layout(item, deeper)).join(',\n')}\n${indent}]`;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{\n${entries.map(([key, item]) => `${deeper}${JSON.stringify(key)}: ${layout(item, deeper)}`).join(',\n')}\n${indent}}`;
}

function isNumbers(value: unknown): boolean {
  if (!Array.isArray(value) || value.length === 0) return false;
  return value.every((item) => typeof item === 'number' || isNumbers(item));
}
