import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ended, runHere } from './run-cli.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'placement-lab-judge-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const rows = (values: readonly (number | string)[], step_s = 300) => values.map((value, i) => `${i * step_s},${value}`);

function trace(name: string, lines: readonly string[]): string {
  const path = join(folder, name);
  writeFileSync(path, ['timestamp,value', ...lines, ''].join('\n'));
  return path;
}

const wave = (length: number) => Array.from({ length }, (_, i) => 20 + 10 * Math.sin(i / 20) + (i % 3));
const judge = (...words: string[]): Promise<Ended> =>
  runHere(['judge', '--traces', folder, '--threads', '1', '--quiet', ...words]);

describe('judge --traces', () => {
  it('judges every CSV of the folder, prints the means and writes all figures', async () => {
    trace('wave.csv', rows(wave(1400)));
    trace('short.csv', rows(wave(200)));
    const file = join(folder, 'judgement.json');
    const { code, stdout } = await judge('--controllers', 'reactive,react', '--json', file, '--stable');
    expect(code).toBe(0);
    expect(stdout).toMatch(/Mean over 1 trace\n/);
    expect(stdout).toMatch(/short: 200 points of 300 s, lag 1 step, too short to count/);
    const judgement = JSON.parse(readFileSync(file, 'utf8'));
    expect(judgement).toMatchObject({ schema: 'judgement@1', kappa: 20, lag: null });
    expect(judgement.means.policies.map((p: { name: string }) => p.name).sort()).toEqual(['clairvoyant', 'react', 'reactive']);
    await judge('--controllers', 'reactive,react', '--json', join(folder, 'again.json'), '--stable');
    expect(readFileSync(join(folder, 'again.json'), 'utf8')).toBe(readFileSync(file, 'utf8'));
  });

  it('holds the others against the reactive rule even where only they are asked for, at another lag and price', async () => {
    trace('wave.csv', rows(wave(1400)));
    const { stdout } = await judge('--controllers', 'react', '--lag', '3', '--kappa', '5');
    expect(stdout).toMatch(/a missing instance at 5, ready 3 steps after the order/);
    expect(stdout).toMatch(/^reactive +\d/m);
  });

  it('ends with 4 when no trace is long enough to tell', async () => {
    trace('short.csv', rows(wave(200)));
    expect((await judge('--controllers', 'react')).code).toBe(4);
  });

  it('says everything that is wrong at once, with file and line', async () => {
    const negative = trace('negative.csv', rows([1, 2, -3]));
    const words = trace('words.csv', ['0,1', '', '300,many', '600,3,4']);
    const gap = trace('gap.csv', ['', ...rows(wave(150)).filter((_, i) => i !== 70)]);
    const short = trace('short.csv', rows(wave(20)));
    const nothing = trace('nothing.csv', rows(Array.from({ length: 150 }, () => 0)));
    const { code, stderr, stdout } = await judge('--kappa', 'dear', '--controllers', 'reactiv');
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toContain(`${negative}:4: the value is "-3" (expected a number of at least 0)`);
    expect(stderr).toContain(`${words}:4: the value is "many"`);
    expect(stderr).toContain(`${words}:5: has 3 columns`);
    expect(stderr).toContain(`${gap}:73: this stamp is 600 s after the one before, the first step is 300 s`);
    expect(stderr).toContain(`${short}: has 20 points (expected at least 100)`);
    expect(stderr).toContain(`${nothing}: is 0 throughout its first 70 %`);
    expect(stderr).toContain("--kappa: is 'dear'");
    expect(stderr).toContain('did you mean reactive?');
  });

  it.each([
    ['a folder that is not there', ['--traces', '/nowhere/at/all'], /is not there .expected a folder of timestamp,value CSV/],
    ['a file in place of a folder', ['--traces', import.meta.filename], /is no folder/],
    ['neither traces nor scenario', [], /neither or both of --traces and --scenario/],
    ['both', ['--traces', '.', '--scenario', 'hello'], /neither or both/],
    [
      'an option of the other kind',
      ['--scenario', 'hello', '--kappa', '5'],
      /--kappa: is '5' .expected no such option without --traces/,
    ],
    ['a lag of none', ['--traces', '.', '--lag', '0'], /--lag: is '0' .expected a whole number from 1/],
    ['a word too many', ['--traces', '.', 'more'], /does not know what to do with 'more'/],
  ])('refuses %s', async (_, words, message) => {
    const { code, stderr } = await runHere(['judge', ...words]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('refuses a folder without a CSV', async () => {
    expect((await judge()).stderr).toContain('has no .csv file');
  });
});

describe('judge --scenario', () => {
  it('plays the scenario under each controller as a row of its own', async () => {
    const file = join(folder, 'report.json');
    const words = ['--seeds', '1', '--minutes', '1', '--controllers', 'reactive,aws-step-scaling', '--quiet', '--threads', '1'];
    const { code, stdout } = await runHere([
      'judge',
      '--scenario',
      'hello',
      '--strategy',
      'all-servers',
      ...words,
      '--json',
      file,
      '--stable',
    ]);
    expect([0, 1, 4]).toContain(code);
    expect(stdout).toContain('aws-step-scaling');
    const report = JSON.parse(readFileSync(file, 'utf8'));
    expect(report.strategies.map((row: { controller: string }) => row.controller)).toEqual(['reactive', 'aws-step-scaling']);
    const { elasticity } = report.strategies[0].pools[0];
    for (const figure of ['cost_ratio', 'unserved_pct', 'theta_over_pct', 'instability_pct', 'deviation'])
      expect(elasticity[figure]).toEqual(expect.any(Number));
  });
});
