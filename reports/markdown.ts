import type { Report } from '../simulator/domain/report.ts';
import { reasonsByLoad, winnersByRate } from './by-load.ts';
import { faultLines } from './faults.ts';
import { duration, ms, percent, usd } from './figures.ts';
import { liveLines } from './live-lines.ts';
import { measuredValue } from './objective-text.ts';
import { examplesOf, MARKS, operationNames, othersOf, type Row, reasonsOf, rowsOf, verdictOf } from './rows.ts';
import { SATURATION_HEAD, saturationRows } from './saturation.ts';
import { changeWords, choiceWords, moveWords, newlyMissed, variedOf } from './sensitivity-rows.ts';
import { plain } from './text.ts';

/** The report as a comment under a pull request: verdict and one table in sight, everything else folded away. */
export function markdown(report: Report): string {
  const rows = rowsOf(report);
  const { head, because } = verdictOf(report);
  const parts = [
    `## ${escaped(report.scenario.name)}: ${escaped(head)}`,
    escaped(because),
    escaped(report.sensitivity?.because ?? ''),
    saturation(report),
    comparison(rows),
    byLoad(report, rows),
    folded('What the verdict rests on', sensitivity(report)),
    faultLines(report)
      .map((line) => `- fault: ${escaped(line)}`)
      .join('\n'),
    liveLines(report)
      .map((line) => `- live: ${escaped(line)}`)
      .join('\n'),
    folded('Why not the others', reasons(rows)),
    folded('Objectives', objectives(rows)),
    folded('Latency by operation, p95 / p99', operations(report, rows)),
    folded('Cost by component, $ a month', components(rows)),
    ending(report),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

function comparison(rows: readonly Row[]): string {
  return table(
    ['strategy', 'verdict', 'p50', 'p95', 'p99', 'errors', '$/million', '$/month', 'checks', 'objectives'],
    rows.map((row) => [
      row.standing === 'chosen' ? `**${escaped(row.label)}**` : escaped(row.label),
      `${MARKS[row.standing].mark} ${MARKS[row.standing].word}`,
      ms(row.p50),
      ms(row.p95),
      ms(row.p99),
      percent(row.error_rate),
      usd(row.strategy.bill.per_million_served_usd),
      usd(row.strategy.bill.month_usd),
      `${row.checks.held}/${row.checks.of}`,
      `${row.objectives.met}/${row.objectives.of}`,
    ]),
    2,
  );
}

/** What each placement sustains at most, where that was asked. */
function saturation(report: Report): string {
  const rows = saturationRows(report).map((cells) => cells.map(escaped));
  return rows.length === 0 ? '' : `**Throughput at saturation**\n\n${table(SATURATION_HEAD, rows)}`;
}

/** Who wins at each rate that was played: in sight, as it may differ from the verdict over all of them. */
function byLoad(report: Report, rows: readonly Row[]): string {
  if (report.by_load === undefined) return '';
  const body = winnersByRate(report, rows).map((cells) => cells.map(escaped));
  const told = reasonsByLoad(report).map((text) => `- ${escaped(text)}`);
  const head = `**By load:** ${escaped(report.by_load.because)}`;
  return [head, table(['rate', 'winner', '$/month', 'p95'], body, 2), told.join('\n')].filter((part) => part !== '').join('\n\n');
}

/** Changes that matter, where that was studied; the study's sentence stands above, under the verdict. */
function sensitivity({ sensitivity: study }: Report): string {
  if (study === undefined) return '';
  const matter = variedOf(study).flatMap((one) => one.rows.filter((row) => row.matters));
  if (matter.length === 0) return '';
  const { base } = study;
  return table(
    ['number', 'changed', 'misses then', 'chosen then', '$/month', 'p95', 'p99'],
    matter.map((row) => [
      escaped(row.name),
      escaped(changeWords(row)),
      newlyMissed(study, row).map(escaped).join(', '),
      escaped(choiceWords(study, row)),
      moveWords(base.month_usd, row.figures?.month_usd ?? null),
      moveWords(base.p95_ms, row.figures?.p95_ms ?? null),
      moveWords(base.p99_ms, row.figures?.p99_ms ?? null),
    ]),
    4,
  );
}

function reasons(rows: readonly Row[]): string {
  const lines = othersOf(rows).flatMap((row) => {
    const told = reasonsOf(row);
    return told.length === 0
      ? []
      : [
          `- **${escaped(row.label)}**: ${told.map(escaped).join('; ')}`,
          ...examplesOf(row).map((example) => `  <br>for example ${escaped(example)}`),
        ];
  });
  return lines.join('\n');
}

function objectives(rows: readonly Row[]): string {
  const texts = [...new Set(rows.flatMap((row) => row.strategy.objectives.map((objective) => objective.text)))];
  if (texts.length === 0) return '';
  const cell = (row: Row, text: string) => {
    const objective = row.strategy.objectives.find((one) => one.text === text);
    if (objective === undefined) return '';
    return `${objective.met === null ? '?' : objective.met ? '✓' : '✗'} ${measuredValue(objective)}`;
  };
  return table(
    ['objective', ...rows.map((row) => escaped(row.label))],
    texts.map((text) => [escaped(text), ...rows.map((row) => cell(row, text))]),
  );
}

function operations(report: Report, rows: readonly Row[]): string {
  const cell = (row: Row, name: string) => {
    const found = row.strategy.operations.find((one) => one.name === name)?.latency_ms;
    return found === undefined ? '' : `${ms(found.p95)} / ${ms(found.p99)}`;
  };
  const names = operationNames(report);
  return table(
    ['operation', ...rows.map((row) => escaped(row.label))],
    names.map((name) => [escaped(name), ...rows.map((row) => cell(row, name))]),
  );
}

function components(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => row.strategy.bill.by_component.map((one) => one.component)))];
  if (names.length === 0) return '';
  const cell = ({ strategy: { bill } }: Row, name: string) => {
    const found = bill.by_component.find((one) => one.component === name);
    return found === undefined || bill.run_usd === 0 ? '' : usd((found.usd * bill.month_usd) / bill.run_usd);
  };
  return table(
    ['component', ...rows.map((row) => escaped(row.label))],
    names.map((name) => [escaped(name), ...rows.map((row) => cell(row, name))]),
  );
}

function ending(report: Report): string {
  const { seeds, scenario } = report;
  const range = seeds.length > 1 ? `seeds ${seeds[0]} to ${seeds[seeds.length - 1]}` : `seed ${seeds[0]}`;
  return `<sub>${report.world} world, ${duration(scenario.duration_s)}, ${range}, version ${escaped(report.version)}</sub>`;
}

/** A table; columns from `numbersFrom` on are aligned to the right. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], numbersFrom = 1): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, i) => (i < numbersFrom ? ':--' : '--:'))), ...rows.map(line)].join('\n');
}

function folded(summary: string, body: string): string {
  return body === '' ? '' : `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;
}

/** Text as text: no markup, no table cell, no HTML, no mention and no link comes out of a name. */
export function escaped(text: string): string {
  return plain(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/[\\`*{}[\]#|~]|(?<!\w)_|_(?!\w)/g, (mark) => `&#${mark.charCodeAt(0)};`)
    .replace(/@(?=\w)/g, '&#64;')
    .replace(/:\/\//g, '&#58;//');
}
