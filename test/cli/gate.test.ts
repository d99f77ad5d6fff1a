import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Baseline } from '../../simulator/domain/baseline.ts';
import type { GateReport } from '../../simulator/domain/gate.ts';
import { runCli, runHere } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'placement-lab-gate-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const BASELINE = join(folder, 'baselines', 'hello.json');
const OUT = join(folder, 'out');
const WORDS = ['hello', '--quiet', '--baseline', BASELINE, '--out', OUT];
const SMALL = ['--strategy', 'hybrid', '--seeds', '3', '--minutes', '1'];
const SLOWER = ['--set', 'application.components.page.cpu_ms=60'];
const kept = (): Baseline => JSON.parse(readFileSync(BASELINE, 'utf8')) as Baseline;
const gate = (...words: string[]) => runHere(['gate', ...WORDS, ...words]);

describe('without a baseline', () => {
  it('ends with 2 and names --update', async () => {
    const { code, stderr, stdout } = await gate();
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(
      /hello\.json: there is no baseline yet \(expected one, which this writes: npm run gate hello -- .*--update/,
    );
  });

  it('ends with 0 where that is allowed', async () => {
    const { code, stderr } = await gate('--allow-missing');
    expect(code).toBe(0);
    expect(stderr).toMatch(/nothing was compared/);
  });

  it('writes nothing in either case', () => {
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('with a baseline', () => {
  beforeAll(async () => {
    const { code, stdout, stderr } = await gate(...SMALL, '--update');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/hello\.json: written, with \d+ measures of hybrid, seeds 1, 2, 3/);
  }, 60_000);

  it('keeps it sorted, and leaves it alone when nothing changed', async () => {
    const before = readFileSync(BASELINE, 'utf8');
    const [measures] = Object.values(kept().rows).map((row) => Object.keys(row.measures));
    expect(measures).toEqual([...(measures ?? [])].sort());
    expect((await gate('--update')).stdout).toMatch(/unchanged/);
    expect(readFileSync(BASELINE, 'utf8')).toBe(before);
  });

  it('plays what it was made with, passes unchanged code, and writes every format', async () => {
    const { code, stdout } = await gate();
    expect(code).toBe(0);
    expect(stdout).toMatch(/✓ Passed: hello \(virtual\)/);
    expect(stdout).not.toMatch(/went in differently/);
    expect(readdirSync(OUT).sort()).toEqual(['gate.json', 'gate.md', 'junit.xml', 'report.html']);
    expect(readFileSync(join(OUT, 'report.html'), 'utf8')).toMatch(/Both runs over one another/);
  });

  it('fails on what got worse, and says what went in', async () => {
    const { code, stdout } = await gate(...SLOWER);
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ Failed[\s\S]*read p50/);
    expect(stdout).toMatch(/scenario: application\.components\.page\.cpu_ms: .* → 60/);
    expect(readFileSync(join(OUT, 'junit.xml'), 'utf8')).toMatch(/<failure type="regression" message="hybrid: read p50/);
  });

  it('says with --update what the new baseline changes, and why', async () => {
    const before = readFileSync(BASELINE, 'utf8');
    const { stdout } = await gate(...SLOWER, '--update');
    expect(stdout).toMatch(/written; what changes:[\s\S]*worse: hybrid: read p50[\s\S]*Why:[\s\S]*cpu_ms/);
    expect(kept().options.set).toEqual(['application.components.page.cpu_ms=60']);
    writeFileSync(BASELINE, before);
  });

  it('fails on a line of the command line, passes on one that is met, cannot tell one without samples', async () => {
    expect((await gate('--threshold', 'read p50 <= baseline * 0.5')).stdout).toMatch(
      /read p50 <= baseline \* 0\.5: missed \(.*limit/,
    );
    expect((await gate('--threshold', 'read p50 <= baseline', '--threshold', 'lost == 0')).code).toBe(0);
    expect((await gate('--threshold', 'sign p999 <= baseline')).code).toBe(4);
  });

  it('points at what is wrong with lines, all at once', async () => {
    const { code, stderr } = await gate(
      '--threshold',
      'raed p95 <= 120 ms',
      '--threshold',
      'p99 <= baseline *',
      '--tolerance',
      'x',
    );
    expect(code).toBe(2);
    expect(stderr).toMatch(/3 problems/);
    expect(stderr).toMatch(/did you mean read\?\n {6}raed p95 <= 120 ms\n {6}\^\n/);
    expect(stderr).toMatch(/\n {6}p99 <= baseline \*\n {23}\^/);
  });

  it('gives everything as data, and annotates only in Actions', async () => {
    const { stdout } = await gate('--json');
    const found = JSON.parse(stdout) as GateReport;
    expect([found.schema, found.outcome, found.changes]).toEqual(['gate@1', 'passed', []]);
    const env = { GITHUB_ACTIONS: 'true' };
    const inActions = await runCli(['gate', ...WORDS, ...SLOWER, '--json'], { env });
    expect(inActions.stderr).toMatch(/^::error title=gate hello::hybrid: read p50/m);
    expect(JSON.parse(inActions.stdout)).toMatchObject({ outcome: 'failed' });
  }, 60_000);

  describe('that is of no use ends with 2, says why, and writes nothing', () => {
    const cases: [string, (baseline: Baseline) => unknown, RegExp][] = [
      ['cut off', (one) => JSON.stringify(one).slice(0, 900), /is cut off or damaged/],
      ['not JSON', () => 'hello', /not valid JSON/],
      ['of another schema version', (one) => ({ ...one, schema: 'baseline@2' }), /is baseline@2, of another version.*--update/],
      ['of another kind', (one) => ({ ...one, schema: 'report@1' }), /is report@1, not a baseline/],
      ['without a schema', () => [], /schema: is missing: this is no baseline/],
      ['of another scenario', (one) => ({ ...one, scenario: 'shop-sale' }), /is of shop-sale, not of hello/],
      [
        'of a newer release',
        (one) => ({ ...one, version: '999.0.0', more: 1 }),
        /written by placement-lab 999\.0\.0, which is newer than/,
      ],
      ['with a value that is none', (one) => ({ ...one, world: 'virtal' }), /world: is "virtal".*did you mean virtual/],
      [
        'with none of the placements',
        (one) => ({ ...one, options: {}, rows: { other: one.rows.hybrid } }),
        /has none of the placements/,
      ],
    ];
    it.each(cases)('%s', async (_name, change, message) => {
      const path = join(folder, 'bad.json');
      const value = change(kept());
      writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
      const out = join(folder, 'bad-out');
      const { code, stdout, stderr } = await runHere(['gate', 'hello', '--quiet', ...SMALL, '--baseline', path, '--out', out]);
      expect(stderr).toMatch(message);
      expect([code, stdout, existsSync(out)]).toEqual([2, '', false]);
    });
  });
});

describe('words that do not go together', () => {
  it.each([
    [['--against', 'main', '--update'], /either --against or --update/],
    [['--against', 'main', '--baseline', 'x.json'], /either --against or --baseline/],
    [['--against', 'no-such-ref-anywhere'], /there is no commit called 'no-such-ref-anywhere'.*fetch-depth: 0/],
    [['--world', 'live', '--threshold', 'p99 <= baseline'], /measured in the same hour on the same machine/],
  ])('%j', async (words, message) => {
    const { code, stderr } = await runHere(['gate', 'hello', '--quiet', ...words]);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});

describe('against another version in git', () => {
  const repository = join(folder, 'repository');
  const git = (...words: string[]) => execFileSync('git', ['-C', repository, ...words], { encoding: 'utf8', stdio: 'pipe' });
  const commit = (message: string) =>
    git('-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false', 'commit', '-qam', message);
  const against = (...words: string[]) =>
    runCli(['gate', 'mine.json', '--quiet', '--out', OUT, ...SMALL, ...words], { cwd: repository });

  beforeAll(async () => {
    mkdirSync(repository);
    const scenario = (
      await runHere(['scenario', 'hello', '--json', '--quiet', '--strategy', 'hybrid', '--seeds', '1', '--minutes', '1'])
    ).stdout;
    const { name: _, ...data } = (JSON.parse(scenario) as { scenario: { data: object & { name: string } } }).scenario.data;
    writeFileSync(join(repository, 'mine.json'), JSON.stringify({ name: 'mine', ...data }, null, 1));
    git('init', '-q');
    git('add', '.');
    commit('first');
  }, 60_000);

  it('passes what is the same, and leaves no worktree', async () => {
    const { code, stdout, stderr } = await against('--against', 'HEAD');
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/✓ Passed: mine \(virtual\) against git ref HEAD/);
    expect(git('worktree', 'list').trim().split('\n')).toHaveLength(1);
  }, 60_000);

  it('finds what the working tree made slower', async () => {
    const path = join(repository, 'mine.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"cpu_ms": 6\b/, '"cpu_ms": 40'));
    const { code, stdout } = await against('--against', 'HEAD');
    expect(code).toBe(1);
    expect(stdout).toMatch(/application\.components\.book\.cpu_ms: 6 → 40/);
  }, 60_000);

  it('says what the other version says when that cannot play it, and when it is broken off leaves nothing', async () => {
    git('mv', 'mine.json', 'yours.json');
    commit('renamed');
    const { code, stderr } = await runCli(['gate', 'yours.json', '--quiet', '--out', OUT, '--against', 'HEAD~1'], {
      cwd: repository,
    });
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/--against HEAD~1: refuses what is to be played:[\s\S]*no such scenario or file/),
    ]);
    // Once: what it says when it ends must not be answered by the next signal, which ends it on the spot.
    let isEnding = false;
    const ended = await runCli(['gate', 'yours.json', '--out', OUT, '--against', 'HEAD'], {
      cwd: repository,
      after: (child) => {
        if (!isEnding) child.kill('SIGTERM');
        isEnding = true;
      },
    });
    expect(ended.code).toBe(143);
    expect(git('worktree', 'list').trim().split('\n')).toHaveLength(1);
  }, 60_000);
});
