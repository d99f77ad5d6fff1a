import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import hello from '../../scenarios/hello.ts';
import { runHere } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'placement-lab-bad-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A scenario file in the test's folder. */
function fileOf(name: string, content: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
}

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
    ['an unknown requirement', ['scenario', 'hello', '--require', 'all-server'], /--require[\s\S]*did you mean all-servers/],
    ['a world that there will never be', ['scenario', 'hello', '--world', 'virtal'], /--world[\s\S]*did you mean virtual/],
    ['a rate that needs more memory than there is', ['scenario', 'hello', '--rate', 'x1,x99999'], /workload: asks for about/],
    ['a page to open that is not made', ['scenario', 'hello', '--open', '--format', 'json'], /--open[\s\S]*html/],
    [
      'a unit where a plain number belongs',
      ['scenario', 'hello', '--set', 'application.components.page.cpu_ms=5ms'],
      /a plain number/,
    ],
    [
      'assignments and parameters of several kinds',
      ['scenario', 'hello', '--set', 'sqs.foo=3', '--set', 'nmae=x', '--strategy', 'hybird', '--seeds', 'many'],
      /4 problems[\s\S]*nmae[\s\S]*sqs\.foo[\s\S]*hybird[\s\S]*many/,
    ],
  ];
  it.each(cases)('%s ends with 2, says what to do, and writes nothing', async (_name, words, message) => {
    const out = join(folder, 'never');
    const { code, stdout, stderr } = await runHere([...words, '--out', out]);
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
    const { code, stdout, stderr } = await runHere(['scenario', fileOf(name, content), '--seeds', '1', '--quiet']);
    expect(stderr).toMatch(message);
    expect([code, stdout]).toEqual([2, '']);
  });

  it('a trace that goes back in time is refused with its line', async () => {
    writeFileSync(
      join(folder, 'load.csv'),
      'timestamp,value\n2026-01-01T00:00:00Z,5\n2026-01-01T00:01:00Z,6\n2026-01-01T00:00:30Z,7\n',
    );
    const file = fileOf('trace.json', change('workload.arrivals', { kind: 'trace', file: 'load.csv', scale: 1 }));
    const { code, stderr } = await runHere(['scenario', file, '--quiet']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/load\.csv: line 4: time does not go forward/);
  });

  it('arrivals that contain themselves end the search', async () => {
    const file = fileOf(
      'circle.ts',
      "const a: Record<string, unknown> = { kind: 'flash-crowd' };\na.base = a;\nexport default { workload: { arrivals: a } };\n",
    );
    const { code, stderr } = await runHere(['scenario', file, '--quiet']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/workload\.arrivals\.base: contains itself/);
  });

  it.each(['nowhere.csv', '.'])('a trace that cannot be read (%s) is told with everything else', async (trace) => {
    const broken = { ...change('workload.arrivals', { kind: 'trace', file: trace, scale: 1 }), checks: ['lsot'] };
    const { code, stderr } = await runHere(['scenario', fileOf('unread.json', broken), '--quiet']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/2 problems/);
    expect(stderr).toContain('did you mean lost?');
  });

  it.each([
    ['a folder', (place: string) => ['--out', place], /cannot write to[\s\S]*--out/],
    ['a ledger', (place: string) => ['--ledger', place], /cannot write to[\s\S]*--ledger/],
  ])('%s that cannot be written ends with 3 before anything is simulated', async (_name, words, message) => {
    const file = fileOf('plain', 'a file, not a folder');
    for (const place of [join(file, 'below', 'that'), '/proc/below/that']) {
      const { code, stdout, stderr } = await runHere(['scenario', 'hello', '--json', ...words(place)]);
      expect(stderr).toMatch(message);
      expect([code, stdout]).toEqual([3, '']);
    }
  });

  it('a stack that nobody knows ends with 2 and the ones there are, before anything is started', async () => {
    const { code, stderr } = await runHere(['live', 'hello', '--stack', 'embeded', '--rate', 'fast']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/--rate: is 'fast'[\s\S]*there is no 'embeded'.*embedded, compose, endpoint.*did you mean embedded\?/);
  });

  it('a stack without the live world is told, since it would do nothing', async () => {
    const { code, stderr } = await runHere(['scenario', 'hello', '--stack', 'embedded']);
    expect(code).toBe(2);
    expect(stderr).toContain('expected --world live beside it');
  });
});
