import type { CellResult, CheckResult } from '../domain/cell.ts';
import type { CheckReport } from '../domain/report.ts';
import { parseObjective } from './objectives.ts';

const EXAMPLES = 10;

/**
 * What every check found over all seeds, before any line was held against it.
 *
 * Counts add up; of the examples the first ten stay, with the seed that shows them again when there are several.
 *
 * Throws: Error when a check that must hold was not counted by some cell: silence is not success.
 */
export function checkReports(
  results: readonly CellResult[],
  o: { listed: readonly string[]; objectives: readonly string[] },
): CheckReport[] {
  const used = new Set(o.objectives.flatMap(measureOf));
  for (const result of results) {
    const missing = o.listed.find((name) => !result.checks.some((check) => check.name === name));
    if (missing !== undefined) throw new Error(`${result.strategy}, seed ${result.seed}: nobody counted the check '${missing}'`);
  }
  const names = new Set(results.flatMap((result) => result.checks.map((check) => check.name)));
  return [...names].map((name) => {
    const binds = o.listed.includes(name) || used.has(name);
    return { ...mergedCheck(name, results), binds };
  });
}

/**
 * Says which checks hold: nothing found, or, for one that binds only through objectives, as much as they allow.
 */
export function heldBy(
  checks: readonly CheckReport[],
  o: { listed: readonly string[]; objectives: readonly { text: string; met: boolean | null }[] },
): CheckReport[] {
  return checks.map((check) => {
    const lines = o.objectives.filter((line) => measureOf(line.text).includes(check.name));
    if (o.listed.includes(check.name) || lines.length === 0) return check;
    return { ...check, holds: lines.every((line) => line.met === true) };
  });
}

function measureOf(text: string): string[] {
  const parsed = parseObjective(text);
  return 'objective' in parsed && parsed.objective.baseline === undefined ? [parsed.objective.measure] : [];
}

function mergedCheck(name: string, results: readonly CellResult[]): Omit<CheckReport, 'binds'> {
  const found = results.flatMap((result) =>
    result.checks.filter((c) => c.name === name).map((check) => ({ check, seed: result.seed })),
  );
  const parts: CheckResult[] = found.map(({ check }) => check);
  const count = parts.reduce((sum, part) => sum + part.count, 0);
  const told = found.flatMap(({ check, seed }) =>
    check.examples.map((text) => (results.length > 1 ? `seed ${seed}: ${text}` : text)),
  );
  const report = {
    name,
    description: parts[0]?.description ?? '',
    holds: count === 0,
    count,
    examples: told.slice(0, EXAMPLES),
  };
  const exposures = parts.flatMap((part) => (part.exposure === undefined ? [] : [part.exposure]));
  if (exposures.length === 0) return report;
  const total = exposures.reduce((sum, e) => sum + e.total_s, 0);
  const exposure_s = { mean: count === 0 ? 0 : total / count, max: Math.max(...exposures.map((e) => e.max_s)) };
  return { ...report, exposure_s };
}
