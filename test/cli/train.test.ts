import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { installed } from '../models/installed.ts';
import { flat } from '../models/networks.ts';
import { runHere } from './run-cli.ts';

const backend = await installed();
const folder = mkdtempSync(join(tmpdir(), 'placement-lab-train-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

const csv = (count: number) =>
  ['timestamp,value', ...Array.from({ length: count }, (_, i) => `${60 * i},${50 + 30 * Math.sin(i / 8) + (i % 5)}`), ''].join(
    '\n',
  );
const network = written('network.json', JSON.stringify(flat(0.1)));

describe('train', () => {
  it.skipIf(backend === undefined)(
    'writes weights that ai plays with, in the virtual world and before the judge, and says what they are worth',
    async () => {
      const load = written('load.csv', csv(1500));
      const out = join(folder, 'out.json');
      const { code, stdout } = await runHere(['train', '--data', load, '--out', out, '--quiet']);
      expect(code).toBe(0);
      expect(stdout).toMatch(/^neural +12 +0\.\d+/m);
      expect(stdout).toMatch(/Its bound is better than that of last-value in \d of 2, ridge-ar in \d of 2/);
      expect(JSON.parse(readFileSync(out, 'utf8'))).toMatchObject({
        schema: 'neural-quantiles@1',
        trained: { points: 1275, step_s: 60 },
      });
      const judged = await runHere([
        'judge',
        '--traces',
        folder,
        '--controllers',
        'ai',
        '--model',
        out,
        '--threads',
        '1',
        '--quiet',
      ]);
      expect(judged.code, judged.stderr).toBe(0);
      expect(judged.stdout).toMatch(/^ai +\d/m);
      expect(judged.stdout).toMatch(/^ai-neural +\d/m);
      expect(judged.stdout).toMatch(/^neural +1 +\d/m);
    },
    180_000,
  );

  it.skipIf(backend === undefined)(
    'learns from earlier days of a scenario',
    async () => {
      const words = [
        'train',
        '--scenario',
        'hello',
        '--days',
        '10',
        '--step',
        '5',
        '--out',
        join(folder, 'hello.json'),
        '--quiet',
        '--json',
      ];
      const { code, stdout } = await runHere(words);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ schema: 'training@1', trained: { on: 'hello', step_s: 5 } });
    },
    120_000,
  );

  it.skipIf(backend === undefined)('says all that is wrong with its data', async () => {
    const short = written('short.csv', csv(120));
    const { code, stderr } = await runHere(['train', '--data', short, '--data', join(folder, 'none.csv'), '--quiet']);
    expect(code).toBe(2);
    expect(stderr).toMatch(/short: has 120 steps .expected at least 200/);
    expect(stderr).toMatch(/none.csv: cannot be read/);
  });

  it.each([
    ['neither data nor scenario', [], /neither or both of --data and --scenario/],
    ['both', ['--data', 'a.csv', '--scenario', 'hello'], /neither or both/],
    ['a seed that is none', ['--data', 'a.csv', '--seed', 'x'], /--seed: is 'x'/],
  ])('refuses %s', async (_, words, message) => {
    const { code, stderr } = await runHere(['train', ...words]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});

describe('a network in a scenario', () => {
  const play = (model: string, ...words: string[]) =>
    runHere([
      ...[
        'scenario',
        'hello',
        '--strategy',
        'all-servers',
        '--seeds',
        '1',
        '--minutes',
        '1',
        '--json',
        '--stable',
        '--quiet',
        ...words,
      ],
      ...['--set', 'controller.name=ai', '--set', `controller.options.model=${model}`],
    ]);

  it('is read when the scenario is loaded; the report says what it was trained on, not its weights', async () => {
    const { code, stdout, stderr } = await play(network);
    expect(code, stderr).toBe(0);
    const { data } = JSON.parse(stdout).scenario;
    expect(data.models[network]).toMatchObject({ trained: { on: 'nothing' }, layers: 1 });
  });

  it('is refused with its path where it is none', async () => {
    const wrong = written('wrong.json', '{"schema":"report@1"}');
    for (const [model, message] of [
      [wrong, /controller.options.model: .*wrong.json: is no neural model/],
      [join(folder, 'nowhere.json'), /nowhere.json: does not exist .expected a file written by `npm run train`/],
    ] as const) {
      const { code, stderr } = await play(model);
      expect(code).toBe(2);
      expect(stderr).toMatch(message);
    }
  });

  it('is refused by the judge as well, and with --leave-one-out', async () => {
    const { code, stderr } = await runHere([
      'judge',
      '--traces',
      folder,
      '--model',
      join(folder, 'nowhere.json'),
      '--leave-one-out',
    ]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/nowhere.json: does not exist/);
    expect(stderr).toMatch(/both --model and --leave-one-out/);
  });
});
