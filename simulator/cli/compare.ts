import { InputError, type Problem } from '../domain/problem.ts';
import type { Report } from '../domain/report.ts';
import { compareReports } from '../measure/compare-reports.ts';
import { readReport } from '../run/read-report.ts';

/** Puts two report files side by side on standard output. Throws: InputError with what is wrong with either file. */
export async function compareCommand(a: string, b: string, words: { json?: boolean }): Promise<void> {
  const problems: Problem[] = [];
  const [mine, theirs] = [a, b].map((path) => read(path, problems));
  if (mine === undefined || theirs === undefined) throw new InputError(problems);
  const compared = compareReports(mine, theirs);
  if (words.json) {
    process.stdout.write(`${JSON.stringify(compared, null, 2)}\n`);
    return;
  }
  const { comparisonText } = await import('../../reports/comparison.ts');
  const { outputOf } = await import('./output.ts');
  process.stdout.write(comparisonText(compared, { ...outputOf(process.stdout), names: { a, b } }));
}

function read(path: string, problems: Problem[]): Report | undefined {
  try {
    return readReport(path);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}
