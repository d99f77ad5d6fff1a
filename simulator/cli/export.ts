import { dirname, resolve } from 'node:path';
import { EXPORT_FORMATS, type ExportFormat, exported, headOf, lineOf, TABLES, type TableName } from '../../reports/export.ts';
import { otlp, SPANS, type SpansName } from '../../reports/otlp.ts';
import { nearest } from '../domain/nearest.ts';
import { InputError } from '../domain/problem.ts';
import type { Report } from '../domain/report.ts';
import { type LedgerFile, ledgerInto, openLedger, prepareFolder, writeWhole } from '../run/outputs.ts';
import { looksLikeReport, readReport } from '../run/read-report.ts';
import { Words } from './numbers.ts';
import { prepare, progressOf, simulate } from './scenario.ts';
import type { ScenarioWords } from './scenario-options.ts';

/** Words of `export`: those of `scenario` that say what is played, and three of its own. */
export interface ExportWords extends Omit<ScenarioWords, 'format' | 'out'> {
  what?: string;
  format?: string;
  out?: string;
}

interface Wanted {
  name: TableName | SpansName;
  /** Of a table; spans have one of their own. */
  format: ExportFormat;
  out: string | undefined;
}

const NAMES = [...Object.keys(TABLES), SPANS.name];

/**
 * Writes a table of a report, or of a scenario that is played for it, to a file or to standard output.
 *
 * Throws: InputError with everything that is wrong with the words, before anything is played.
 */
export async function exportCommand(source: string, words: ExportWords, signal: AbortSignal): Promise<void> {
  const isReport = looksLikeReport(source);
  const wanted = wantedOf(words, source, isReport);
  if (wanted.out !== undefined) prepareFolder(dirname(resolve(wanted.out)), '--out FILE');
  if (isReport) return deliver(readReport(source), wanted);
  const prepared = await prepare(source, playedWords(words, wanted));
  const ledger = wanted.name === 'ledger' ? { ledger: ledgerOf(wanted) } : {};
  const report = await simulate(prepared, { ...ledger, progress: progressOf(words.quiet === true), signal });
  if (ledger.ledger) ledger.ledger.finish();
  else deliver(report, wanted);
}

function wantedOf(words: ExportWords, source: string, isReport: boolean): Wanted {
  const read = new Words();
  const known = (names: readonly string[]) => ({ known: names, nearest: (name: string) => nearest(name, names) });
  const expected = NAMES.join(', ');
  if (words.what === undefined) read.problems.push({ path: '--what', message: 'is missing', expected: `one of ${expected}` });
  const [name] = read.names('--what', words.what, known(NAMES));
  const isSpans = name === SPANS.name;
  if (isSpans && words.format !== undefined && words.format !== SPANS.format)
    read.complain('--format', words.format, `${SPANS.format}, which spans are written in anyway`);
  const [format] = isSpans ? ['ndjson'] : read.names('--format', words.format ?? 'csv', known(EXPORT_FORMATS));
  if (words.what?.includes(',')) read.complain('--what', words.what, `one of ${expected}: each is a table of its own`);
  if (words.out === '') read.complain('--out', '', 'a file');
  if (isReport) refuseForReports(read, words, source);
  if (read.problems.length > 0 || name === undefined || format === undefined) throw new InputError(read.problems);
  return { name: name as Wanted['name'], format: format as ExportFormat, out: words.out };
}

/** A report has been played already, and holds no ledger. */
function refuseForReports(read: Words, words: ExportWords, source: string): void {
  if (words.what === 'ledger') {
    const message = `${source} is a report, and reports hold no ledger`;
    read.problems.push({ path: '--what', message, expected: 'the name of the scenario, which is then played' });
  }
  const own = ['what', 'format', 'out', 'quiet'];
  for (const [option, value] of Object.entries(words)) {
    if (own.includes(option) || value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    read.problems.push({
      path: `--${option}`,
      message: `says how to play, but ${source} has been played`,
      expected: 'a scenario with it',
    });
  }
}

/** The words that `scenario` would get: nothing but what is exported is written. */
function playedWords({ what: _what, format: _format, out: _out, ...played }: ExportWords, wanted: Wanted): ScenarioWords {
  const traces = wanted.name === SPANS.name ? ({ traces: 'sampled' } as const) : {};
  return {
    ...played,
    ...traces,
    world: 'virtual',
    json: true,
    ...(wanted.name === 'ledger' ? { ledger: wanted.out ?? '-' } : {}),
  };
}

function deliver(report: Report, { name, format, out }: Wanted): void {
  if (name === 'ledger') throw new Error('a report holds no ledger');
  const text = name === SPANS.name ? otlp(report) : exported(report, name, format);
  if (out === undefined) process.stdout.write(text);
  else writeWhole(out, text);
}

function ledgerOf({ format, out }: Wanted): LedgerFile {
  const name = 'ledger';
  const form = {
    head: headOf(name, format),
    line: (line: object) => lineOf(line as Record<string, string | number>, { name, format }),
  };
  if (out !== undefined) return openLedger(out, { ...form, option: '--out FILE' });
  return ledgerInto(form, { write: (text) => process.stdout.write(text), finish: () => undefined });
}
