import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ReportSchema } from '../../simulator/domain/report.ts';
import { runCli, runHere } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'placement-lab-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the command line', () => {
  it('lists what there is and how to start when it is given no name', async () => {
    const { code, stdout } = await runHere(['scenario']);
    expect(code).toBe(0);
    expect(stdout).toContain('social-peak');
    expect(stdout).toContain('npm run scenario social-peak');
  });

  it('lists scenarios, strategies, controllers, shapes, platforms and checks, each with a sentence', async () => {
    const { code, stdout } = await runHere(['list']);
    expect(code).toBe(0);
    for (const word of ['hybrid-burst', 'target-utilization', 'flash-crowd', 'gpu', 'shown_before_moderated'])
      expect(stdout).toContain(word);
  });

  it('explains a plan: rules, sizes and parameters with sources', async () => {
    const { code, stdout } = await runHere(['explain', 'social-peak', '--strategy', 'hybrid-gpu']);
    expect(code).toBe(0);
    for (const word of ['moderation', 'gpu', 'sqs.moderation.visibility_timeout_s', '2022']) expect(stdout).toContain(word);
  });

  it('prints the JSON report and nothing else with --json, whatever the number of threads, and writes no file', async () => {
    const before = existsSync('reports/runs') ? readdirSync('reports/runs').length : 0;
    const words = ['scenario', 'hello', '--json', '--stable', '--seeds', '2'];
    const [one, two] = await Promise.all([runCli([...words, '--threads', '1']), runCli([...words, '--threads', '2'])]);
    expect([one.code, two.code]).toEqual([0, 0]);
    expect(one.stdout).toBe(two.stdout);
    const report = ReportSchema.parse(JSON.parse(one.stdout));
    expect(report.machine).toBeUndefined();
    expect(report.seeds).toEqual([1, 2]);
    expect(existsSync('reports/runs') ? readdirSync('reports/runs').length : 0).toBe(before);
  });

  it('writes the page, JSON and Markdown where it is told to, whole, and the ledger where that is asked for', async () => {
    const out = join(folder, 'out');
    const ledger = join(folder, 'ledger.ndjson');
    const { code, stdout } = await runCli([
      'scenario',
      'hello',
      '--seeds',
      '1',
      '--strategy',
      'hybrid',
      '--out',
      out,
      '--ledger',
      ledger,
    ]);
    expect(code).toBe(0);
    expect(readdirSync(out).sort()).toEqual(['report.html', 'report.json', 'report.md']);
    expect(ReportSchema.parse(JSON.parse(readFileSync(join(out, 'report.json'), 'utf8'))).strategies).toHaveLength(1);
    expect(stdout).toContain('Choose hybrid');
    const lines = readFileSync(ledger, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string });
    expect(lines.length).toBeGreaterThan(1000);
    expect(new Set(lines.map((line) => line.kind))).toContain('thanked');
  });

  it('the canary fails with 1, and a requirement on a strategy decides alone', async () => {
    const canary = await runCli(['scenario', 'canary', '--seeds', '1', '--json', '--quiet']);
    expect([canary.code, canary.stderr]).toEqual([1, '']);
    const words = ['scenario', 'hello', '--seeds', '1', '--json', '--quiet'];
    expect((await runCli([...words, '--require', 'all-servers'])).code).toBe(0);
    expect((await runCli([...words, '--require', 'all-functions'])).code).toBe(1);
  });

  it('one number changed on the command line changes the result', async () => {
    const words = ['scenario', 'hello', '--seeds', '1', '--strategy', 'hybrid', '--json', '--stable'];
    const [plain, slow] = await Promise.all([
      runCli(words),
      runCli([...words, '--set', 'application.components.page.cpu_ms=50']),
    ]);
    const p50 = [plain, slow].map(
      ({ stdout }) => ReportSchema.parse(JSON.parse(stdout)).strategies[0]!.operations[0]!.latency_ms.p50!,
    );
    expect(p50[1]!).toBeGreaterThan(p50[0]! + 20);
  });

  it('a list of rates and of controllers are axes', async () => {
    const words = [
      'scenario',
      'hello',
      '--seeds',
      '1',
      '--strategy',
      'all-servers',
      '--rate',
      'x1,x3',
      '--controller',
      'static,target-utilization',
    ];
    const { stdout } = await runCli([...words, '--json', '--stable']);
    const rows = ReportSchema.parse(JSON.parse(stdout)).strategies.map((s) => `${s.name} ${s.controller} ${s.rate}`);
    expect(rows.sort()).toEqual([
      'all-servers static 1',
      'all-servers static 3',
      'all-servers target-utilization 1',
      'all-servers target-utilization 3',
    ]);
  });

  it('shows the load at the rate that was played', async () => {
    const loadOf = async (rate: string) => {
      const { stdout } = await runCli(['scenario', 'hello', '--seeds', '1', '--strategy', 'hybrid', '--rate', rate, '--json']);
      return ReportSchema.parse(JSON.parse(stdout)).scenario.load[0]?.[1];
    };
    expect(await loadOf('x2')).toBe(80);
    expect(await loadOf('x2,x3')).toBe(40);
  });

  it('a cut takes the busiest window and says where it starts', async () => {
    const { stdout } = await runCli([
      'scenario',
      'social-peak',
      '--minutes',
      '2',
      '--seeds',
      '1',
      '--strategy',
      'hybrid',
      '--rate',
      'x0.1',
      '--json',
      '--stable',
    ]);
    const { scenario } = ReportSchema.parse(JSON.parse(stdout));
    expect(scenario.duration_s).toBe(120);
    expect(scenario.cut_start_s).toBeGreaterThan(980);
    expect(scenario.cut_start_s).toBeLessThan(1030);
  });

  it('explains a strategy by its name alone, under the main scenario', async () => {
    const { code, stdout } = await runHere(['explain', 'hybrid-gpu']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^social-peak under hybrid-gpu/);
  });

  it('has help with examples everywhere', async () => {
    for (const words of [['--help'], ['scenario', '--help'], ['live', '--help'], ['list', '--help'], ['explain', '--help']]) {
      const { code, stdout } = await runHere(words);
      expect(code).toBe(0);
      expect(stdout).toMatch(/Example/);
    }
  });
});
