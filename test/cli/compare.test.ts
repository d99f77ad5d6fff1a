import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReportComparison } from '../../simulator/domain/comparison.ts';
import { ReportSchema } from '../../simulator/domain/report.ts';
import { runCli, runHere } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'placement-lab-compare-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const WORDS = ['scenario', 'hello', '--json', '--stable', '--quiet', '--strategy', 'hybrid', '--seeds', '3'];
const played = { before: '', after: '', text: '' };

beforeAll(async () => {
  const [before, after] = await Promise.all([
    runCli(WORDS),
    runCli([...WORDS, '--set', 'application.components.page.cpu_ms=40', '--set', 'sqs.visibility_timeout_s=20']),
  ]);
  played.text = before.stdout;
  played.before = fileOf('before.json', before.stdout);
  played.after = fileOf('after.json', after.stdout);
}, 60_000);

describe('compare', () => {
  it('names the number that was changed and what it did', async () => {
    const { code, stdout } = await runHere(['compare', played.before, played.after]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/application\.components\.page\.cpu_ms: .* → 40/);
    expect(stdout).toMatch(/sqs\.visibility_timeout_s: 30 s → 20 s/);
    expect(stdout).toMatch(/hybrid +read p50 +\S+ ms +\S+ ms +\+\S+ ms/);
  });

  it('a report beside itself differs in nothing', async () => {
    const { code, stdout } = await runHere(['compare', played.before, played.before, '--json']);
    const compared = JSON.parse(stdout) as ReportComparison;
    expect([code, compared.schema, compared.scenario, compared.parameters]).toEqual([0, 'comparison@1', [], []]);
    expect(compared.rows).toHaveLength(1);
    for (const one of compared.rows[0]?.measures ?? []) expect([one.difference ?? 0, one.significant]).toEqual([0, false]);
  });

  it('takes a report of a later minor version, which has more keys', async () => {
    const later = JSON.parse(played.text) as { strategies: object[] };
    const path = fileOf(
      'later.json',
      JSON.stringify({ ...later, more: 1, strategies: later.strategies.map((s) => ({ ...s, new: 2 })) }),
    );
    expect((await runHere(['compare', played.before, path])).code).toBe(0);
  });

  it('ends with 0 though nobody reads it, without colour in a pipe', async () => {
    const { code, stderr } = await runCli(['compare', played.before, played.after], { isDeaf: true });
    expect([code, stderr]).toEqual([0, '']);
  });
});

describe('a file that is no report ends with 2 and says why', () => {
  const cases: [string, () => string, RegExp][] = [
    ['one that is cut off', () => fileOf('cut.json', played.text.slice(0, 5000)), /cut\.json:\d+:\d+: is cut off or damaged/],
    ['one that is not JSON', () => fileOf('words.json', 'hello'), /words\.json:1:\d+: .*not valid JSON/],
    ['an empty one', () => fileOf('empty.json', ''), /cut off/],
    [
      'one of another major version',
      () => fileOf('two.json', '{"schema":"report@2"}'),
      /is report@2, of another major version \(expected report@1/,
    ],
    ['one of another kind', () => fileOf('kind.json', '{"schema":"plan@1"}'), /is plan@1, not a report/],
    ['one without a schema', () => fileOf('list.json', '[]'), /schema: is missing: this is no report/],
    ['a wrong name', () => join(folder, 'befor.json'), /no such file[\s\S]*did you mean \S*before\.json/],
    ['a folder', () => folder, /is a folder/],
    [
      'one with a value that is none',
      () => fileOf('value.json', JSON.stringify({ ...(JSON.parse(played.text) as object), world: 'virtal' })),
      /value\.json: world: is "virtal" \(expected one of virtual, live; did you mean virtual\?\)/,
    ],
  ];
  it.each(cases)('%s', async (_name, path, message) => {
    const { code, stdout, stderr } = await runHere(['compare', played.before, path()]);
    expect(stderr).toMatch(message);
    expect([code, stdout]).toEqual([2, '']);
  });

  it('both files at once, and words too many', async () => {
    const bad = fileOf('bad.json', '{"schema":"report@2"}');
    expect((await runHere(['compare', bad, join(folder, 'nowhere.json')])).stderr).toMatch(/2 problems/);
    expect((await runHere(['compare', bad, bad, bad])).code).toBe(2);
    expect((await runHere(['compare', bad])).code).toBe(2);
  });

  it('keeps what it read in the schema', () => {
    expect(ReportSchema.parse(JSON.parse(played.text)).scenario.data).toMatchObject({ name: 'hello' });
  });
});
