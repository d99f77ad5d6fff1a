import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TABLES } from '../../reports/export.ts';
import { runCli, runHere } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'placement-lab-export-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const SHORT = ['--strategy', 'hybrid', '--seeds', '1', '--minutes', '1', '--quiet'];
const report = join(folder, 'report.json');
const ledger = join(folder, 'ledger.ndjson');

beforeAll(async () => {
  const { stdout } = await runCli(['scenario', 'hello', ...SHORT, '--json', '--stable', '--ledger', ledger]);
  writeFileSync(report, stdout);
}, 60_000);

describe('export', () => {
  it.each(['timelines', 'latency'] as const)(
    'gives the %s of a report, and of a scenario that it plays, the same',
    async (what) => {
      const read = await runHere(['export', report, '--what', what]);
      expect(read.code).toBe(0);
      expect(read.stdout.split('\n')[0]).toBe(Object.keys(TABLES[what].columns).join(','));
      const played = await runCli(['export', 'hello', ...SHORT, '--what', what]);
      expect(played).toEqual({ code: 0, stdout: read.stdout, stderr: '' });
    },
  );

  it('gives the ledger that scenario writes, byte by byte, and as CSV with as many lines', async () => {
    const out = join(folder, 'again.ndjson');
    const words = ['export', 'hello', ...SHORT, '--what', 'ledger'];
    const [file, csv] = await Promise.all([runCli([...words, '--format', 'ndjson', '--out', out]), runCli(words)]);
    expect([file.code, file.stdout, csv.code]).toEqual([0, '', 0]);
    const text = readFileSync(ledger, 'utf8');
    expect(readFileSync(out, 'utf8')).toBe(text);
    expect(text.length).toBeGreaterThan(1000);
    expect(csv.stdout.split('\n')).toHaveLength(text.split('\n').length + 1);
  });

  it('gives the spans of a report, and more of them where it plays, a line a trace', async () => {
    const read = await runHere(['export', report, '--what', 'spans']);
    const played = await runCli(['export', 'hello', ...SHORT, '--what', 'spans']);
    expect([read.code, played.code, played.stderr]).toEqual([0, 0, '']);
    const [few, many] = [read, played].map(({ stdout }) => stdout.trimEnd().split('\n'));
    expect(few?.length).toBeGreaterThan(3);
    expect(many?.length).toBeGreaterThan(few?.length ?? 0);
    expect(few?.filter((line) => !many?.includes(line))).toEqual([]);
  });

  it('explains every column in its help', async () => {
    const { stdout } = await runHere(['export', '--help']);
    for (const { columns } of Object.values(TABLES))
      for (const column of Object.keys(columns)) expect(stdout).toContain(`    ${column}`);
  });

  it('ends with 0 when the reader goes away', async () => {
    expect(await runCli(['export', report, '--what', 'timelines'], { isDeaf: true })).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('export says what is wrong, plays nothing and leaves nothing behind', () => {
  const cases: [string, string[], RegExp, number][] = [
    ['no table', [report], /--what: is missing \(expected one of timelines, latency, ledger, spans\)/, 2],
    ['spans as a table', [report, '--what', 'spans', '--format', 'csv'], /csv[\s\S]*otlp/, 2],
    [
      'a misspelt table and format at once',
      [report, '--what', 'latancy', '--format', 'cvs'],
      /2 problems[\s\S]*latency\?[\s\S]*csv\?/,
      2,
    ],
    ['two tables', [report, '--what', 'latency,ledger'], /each is a table of its own/, 2],
    ['the ledger of a report', [report, '--what', 'ledger'], /reports hold no ledger/, 2],
    ['how to play a report', [report, '--what', 'latency', '--seeds', '3'], /--seeds: says how to play/, 2],
    ['an unknown scenario', ['hallo', '--what', 'latency'], /did you mean hello/, 2],
    ['words too many', [report, 'more', '--what', 'latency'], /does not know what to do with 'more'/, 2],
    [
      'a place that cannot be',
      [report, '--what', 'latency', '--out', join(report, 'x', 'y.csv')],
      /cannot write to[\s\S]*--out FILE/,
      3,
    ],
  ];
  it.each(cases)('%s', async (_name, words, message, wanted) => {
    const before = readdirSync(folder);
    const { code, stdout, stderr } = await runHere(['export', ...words]);
    expect(stderr).toMatch(message);
    expect([code, stdout, readdirSync(folder)]).toEqual([wanted, '', before]);
  });

  it('a report that is cut off', async () => {
    const cut = join(folder, 'cut.json');
    writeFileSync(cut, readFileSync(report, 'utf8').slice(0, 3000));
    const out = join(folder, 'never.csv');
    const { code, stderr } = await runHere(['export', cut, '--what', 'latency', '--out', out]);
    expect([code, existsSync(out)]).toEqual([2, false]);
    expect(stderr).toMatch(/cut off or damaged/);
  });
});
