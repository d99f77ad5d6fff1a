import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import hello from '../../scenarios/hello.ts';
import { ReportSchema } from '../../simulator/domain/report.ts';
import { runCli } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'placement-lab-cli-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A scenario file in the test's folder. */
function fileOf(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

describe('the command line', () => {
  it('lists what there is and how to start when it is given no name', async () => {
    const { code, stdout } = await runCli(['scenario']);
    expect(code).toBe(0);
    expect(stdout).toContain('social-peak');
    expect(stdout).toContain('npm run scenario social-peak');
  });

  it('lists scenarios, strategies, controllers, shapes, platforms and checks, each with a sentence', async () => {
    const { code, stdout } = await runCli(['list']);
    expect(code).toBe(0);
    for (const word of ['hybrid-burst', 'target-utilization', 'flash-crowd', 'gpu', 'shown_before_moderated'])
      expect(stdout).toContain(word);
  });

  it('explains a plan: rules, sizes and parameters with sources', async () => {
    const { code, stdout } = await runCli(['explain', 'social-peak', '--strategy', 'hybrid-gpu']);
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

  it('has help with examples everywhere', async () => {
    for (const words of [['--help'], ['scenario', '--help'], ['list', '--help'], ['explain', '--help']]) {
      const { code, stdout } = await runCli(words);
      expect(code).toBe(0);
      expect(stdout).toMatch(/Example/);
    }
  });
});

describe('bad input on the command line', () => {
  const cases: [string, string[], RegExp][] = [
    ['an unknown scenario', ['scenario', 'social-peek'], /did you mean social-peak/],
    ['an unknown strategy', ['scenario', 'hello', '--strategy', 'hybird'], /did you mean hybrid/],
    ['an unknown controller', ['scenario', 'hello', '--controller', 'statik'], /did you mean static/],
    [
      'a wrong number of seeds and a wrong rate at once',
      ['scenario', 'hello', '--seeds', '0', '--rate', 'x-1'],
      /2 problems[\s\S]*--rate[\s\S]*--seeds|2 problems[\s\S]*--seeds[\s\S]*--rate/,
    ],
    ['an unknown option', ['scenario', 'hello', '--sedes', '2'], /--sedes/],
    ['a path that is not there', ['scenario', 'hello', '--set', 'application.components.pgae.cpu_ms=5'], /did you mean page/],
    ['a parameter that is not there', ['scenario', 'hello', '--set', 'sqs.visibility_timout_s=5'], /visibility_timeout_s/],
    ['a word where a number stands', ['scenario', 'hello', '--set', 'workload.duration_s=long'], /expected a number/],
    ['a wrong duration', ['scenario', 'hello', '--duration', 'soon'], /90s, 10m or 2h/],
    ['an unknown requirement', ['scenario', 'hello', '--require', 'nothing'], /--require/],
  ];
  it.each(cases)('%s ends with 2, says what to do, and writes nothing', async (_name, words, message) => {
    const out = join(folder, 'never');
    const { code, stdout, stderr } = await runCli([...words, '--out', out]);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(existsSync(out)).toBe(false);
  });

  const base = JSON.parse(JSON.stringify(hello)) as Record<string, unknown>;
  const change = (path: string, value: unknown) => {
    const copy = structuredClone(base);
    const keys = path.split('.');
    let at = copy as Record<string, unknown>;
    for (const key of keys.slice(0, -1)) at = at[key] as Record<string, unknown>;
    at[keys.at(-1)!] = value;
    return copy;
  };
  const files: [string, string, unknown, RegExp][] = [
    ['a misspelt field', 'a.json', change('application.components.page.memry_mb', 5), /memry_mb[\s\S]*memory_mb/],
    ['a negative demand', 'b.json', change('application.components.page.cpu_ms', -1), /page\.cpu_ms/],
    [
      'a step that calls nobody',
      'c.json',
      change('application.operations.sign.steps', [{ call: 'bok' }]),
      /component .bok.[\s\S]*did you mean book/,
    ],
    [
      'a function with a GPU',
      'd.json',
      change('overrides', { components: { page: { platform: 'function', instance: 'g4dn.xlarge' } } }),
      /functions have no GPU/,
    ],
    [
      'a GPU for a component without a model',
      'e.json',
      change('overrides', { components: { page: { platform: 'gpu' } } }),
      /page/,
    ],
    [
      'components that call each other in a circle',
      'f.json',
      change('application.components.page.steps', [{ call: 'page' }]),
      /page/,
    ],
    ['a prototype key', 'g.json', '{"name":"x","__proto__":{"polluted":true}}', /not allowed|missing/],
    [
      'a rate that asks for too much memory',
      'h.json',
      change('workload.arrivals', { kind: 'constant', rate: 9_000_000 }),
      /workload: asks for about 1,080,000,000 operations/,
    ],
    [
      'times that go back',
      'i.json',
      change('workload.arrivals', {
        kind: 'ramp',
        points: [
          [0, 1],
          [10, 2],
          [5, 3],
        ],
      }),
      /rising times/,
    ],
    ['an objective that does not parse', 'j.json', change('objectives', ['reed p95 <= 5 ms']), /reed/],
    ['duplicate YAML keys', 'k.yaml', 'name: a\nname: b\n', /unique|again/i],
    [
      'a YAML bomb',
      'l.yaml',
      `a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\n`,
      /alias/i,
    ],
    ['not a number', 'm.yaml', 'name: x\nworkload:\n  duration_s: .nan\n', /NaN|finite/],
    ['JSON that is cut off', 'n.json', '{"name": "x", ', /JSON/],
    ['an unknown kind of file', 'o.txt', 'hello', /\.ts, \.js, \.json or \.yaml/],
  ];
  it.each(files)('%s in a file ends with 2 and says where', async (_name, name, content, message) => {
    const { code, stdout, stderr } = await runCli(['scenario', fileOf(name, content), '--seeds', '1', '--quiet']);
    expect(stderr).toMatch(message);
    expect([code, stdout]).toEqual([2, '']);
  });

  it('a trace that goes back in time is refused with its line', async () => {
    writeFileSync(
      join(folder, 'load.csv'),
      'timestamp,value\n2026-01-01T00:00:00Z,5\n2026-01-01T00:01:00Z,6\n2026-01-01T00:00:30Z,7\n',
    );
    const file = fileOf('trace.json', change('workload.arrivals', { kind: 'trace', file: 'load.csv', scale: 1 }));
    const { code, stderr } = await runCli(['scenario', file, '--quiet']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/load\.csv: line 4: time does not go forward/);
  });

  it('an option that npm swallowed is answered with the line to type', async () => {
    const env = { npm_lifecycle_event: 'scenario', npm_config_seeds: 'true' };
    const { code, stderr } = await runCli(['scenario', 'hello', '2'], { env });
    expect(code).toBe(2);
    expect(stderr).toContain('npm run scenario hello -- --seeds 2');
  });

  it('a folder that cannot be written ends with 3 before anything is simulated', async () => {
    const file = fileOf('plain', 'a file, not a folder');
    const { code, stderr } = await runCli(['scenario', 'hello', '--out', join(file, 'below')]);
    expect(code).toBe(3);
    expect(stderr).toMatch(/cannot write to[\s\S]*--out/);
  });

  it('a world that is not there yet ends with 3', async () => {
    expect((await runCli(['scenario', 'hello', '--world', 'live'])).code).toBe(3);
  });

  it('Ctrl-C ends at once, says so, and leaves nothing half-written', async () => {
    const out = join(folder, 'interrupted');
    let killed = 0;
    const { code, stderr } = await runCli(['scenario', 'social-peak', '--out', out], {
      after: (child) => {
        if (killed > 0) return;
        killed = performance.now() + 700;
        setTimeout(() => child.kill('SIGINT'), 700);
      },
    });
    expect(performance.now() - killed).toBeLessThan(3000);
    expect(code).toBe(130);
    expect(stderr).toMatch(/Ended by Ctrl-C/);
    expect(existsSync(out) ? readdirSync(out) : []).toEqual([]);
  });
});
