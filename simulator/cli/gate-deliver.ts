import { join } from 'node:path';
import type { Baseline } from '../domain/baseline.ts';
import type { GateReport } from '../domain/gate.ts';
import type { Report } from '../domain/report.ts';
import type { GateWords } from './gate-options.ts';
import { outputOf } from './output.ts';

export interface Delivered {
  report: Report;
  before: Baseline;
  found: GateReport;
  words: GateWords;
  /** How long the gate took. */
  seconds: number;
}

/** Writes page, JSON, Markdown and JUnit, and prints; within GitHub Actions annotations as well. */
export async function deliverGate({ report, before, found, words, seconds }: Delivered): Promise<void> {
  const { prepareFolder, writeWhole } = await import('../run/outputs.ts');
  const { gateText } = await import('../../reports/gate/terminal.ts');
  const { gateMarkdown } = await import('../../reports/gate/markdown.ts');
  const { gateJunit } = await import('../../reports/gate/junit.ts');
  const { gateAnnotations } = await import('../../reports/gate/annotations.ts');
  const { html } = await import('../../reports/html/html.ts');
  const folder = words.out ?? join('reports', 'runs', `${report.scenario.name}-gate`);
  const page = join(folder, 'report.html');
  const json = `${JSON.stringify(found, null, 2)}\n`;
  prepareFolder(folder);
  writeWhole(page, await html(report, { gate: { report: found, before } }));
  writeWhole(join(folder, 'gate.json'), json);
  writeWhole(join(folder, 'gate.md'), gateMarkdown(found, { page }));
  writeWhole(join(folder, 'junit.xml'), gateJunit(found, { seconds }));
  process.stdout.write(words.json ? json : gateText(found, { ...outputOf(process.stdout), page }));
  // GitHub reads both streams of a step; with --json standard output holds nothing else.
  if (process.env.GITHUB_ACTIONS === 'true') process[words.json ? 'stderr' : 'stdout'].write(gateAnnotations(found));
}
