import { type Command, Option } from 'commander';
import { TABLES, type Table } from '../../reports/export.ts';
import { SPANS } from '../../reports/otlp.ts';
import type { ExportWords } from './export.ts';
import { scenarioOptions } from './scenario-options.ts';
import { refuseExtra, refuseSwallowed } from './swallowed.ts';

const COMPARE_EXAMPLES = `
Examples:
  npm run scenario hello -- --out reports/runs/before
  npm run scenario hello -- --set application.components.page.cpu_ms=20 --out reports/runs/after
  npm run compare reports/runs/before/report.json reports/runs/after/report.json
  npm run --silent compare before.json after.json -- --json

Exit codes: 0 when both could be read, whatever differs; 2 when one could not.`;

/** `compare A.json B.json`: two report files side by side. */
export function addCompare(program: Command, words: readonly string[]): void {
  program
    .command('compare')
    .argument('<A.json>', 'a report.json')
    .argument('<B.json>', 'another one, of the same scenario or not')
    .description('two reports side by side: what changed in scenario, parameters and placements, and what came out differently')
    .option('--json', 'the comparison as data, and nothing else on standard output')
    .addHelpText('after', COMPARE_EXAMPLES)
    .allowExcessArguments(true)
    .action(async (a: string, b: string, options: { json?: boolean }, made: Command) => {
      const known = [{ name: 'json', isValued: false }];
      refuseSwallowed({ env: process.env, command: 'compare', words: words.slice(1), options: known });
      refuseExtra(made.args.slice(2));
      await (await import('./compare.ts')).compareCommand(a, b, options);
    });
}

/** Options of `scenario` that say what is played. */
const PLAYED = ['strategy', 'controller', 'rate', 'seed', 'seeds', 'full', 'duration', 'minutes', 'set', 'threads', 'quiet'];

/** Every option of `export`, in the order in which help lists them. */
export function exportOptions(): Option[] {
  return [
    new Option('--what <table>', 'timelines, latency, ledger or spans'),
    new Option('--format <format>', 'csv or ndjson (default: csv; spans are always otlp)'),
    new Option('--out <file>', 'where it goes (default: standard output)'),
    ...scenarioOptions().filter((option) => PLAYED.includes(option.name())),
  ];
}

const EXPORT_EXAMPLES = `
Examples:
  npm run export reports/runs/social-peak/report.json -- --what timelines --out timelines.csv
  npm run --silent export reports/runs/social-peak/report.json -- --what latency --format ndjson > latency.ndjson
  npm run export hello -- --what ledger --strategy hybrid --seeds 1 --out ledger.csv
  npm run export hello -- --what spans --strategy hybrid --seeds 1 --out spans.jsonl

A report is read as it is; a scenario is played first, and only its ledger and
its sampled spans need that. Exit codes: 0 written, whatever
the scenario's objectives say; 2 the input is wrong, 3 the place cannot be written to.`;

/** Every table with its columns; a column without a word says it all by its name and unit. */
function columnsText(): string {
  const tables = Object.entries<Table>(TABLES).map(([name, { description, columns }]) => {
    const lines = Object.entries(columns).map(
      ([column, words]) => `    ${words === '' ? column : `${column.padEnd(12)} ${words}`}`,
    );
    return [`  ${name}: ${description}`, ...lines].join('\n');
  });
  return `\nTables and their columns:\n${tables.join('\n')}\n\n  ${SPANS.name}: ${SPANS.description}`;
}

/** `export NAME|REPORT`: tables for other tools. */
export function addExport(program: Command, o: { words: readonly string[]; signal: AbortSignal }): void {
  const command = program
    .command('export')
    .argument('<name|report.json>', 'a report, or a scenario to play')
    .description('for other tools: timelines, latency histograms or the ledger as CSV or NDJSON, spans as OTLP JSON');
  for (const option of exportOptions()) command.addOption(option);
  command
    .addHelpText('after', () => `${columnsText()}\n${EXPORT_EXAMPLES}`)
    .allowExcessArguments(true)
    .action(async (source: string, options: ExportWords, made: Command) => {
      const known = exportOptions().map((option) => ({ name: option.name(), isValued: option.required }));
      refuseSwallowed({ env: process.env, command: 'export', words: o.words.slice(1), options: known });
      refuseExtra(made.args.slice(1));
      await (await import('./export.ts')).exportCommand(source, options, o.signal);
    });
}
