import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { thisMachine } from '../../simulator/run/calibration.ts';
import { runHere } from './run-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'placement-lab-calibration-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const CALIBRATION = {
  schema: 'calibration@1',
  machine: thisMachine(),
  taken_at: '2026-11-30T03:00:00Z',
  scenario: 'hello',
  strategies: ['all-servers'],
  rate: 0.5,
  seconds: 60,
  values: [
    {
      path: 'gateway.hop_ms',
      quantiles: [
        [0, 0.2],
        [0.5, 0.3],
        [1, 2],
      ],
      unit: 'ms',
      n: 812,
    },
    { path: 'application.components.book.cpu_ms', value: 6.25, unit: 'ms', n: 90 },
  ],
};

function file(name: string, value: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value));
  return path;
}

const explain = (path: string, ...more: string[]) =>
  runHere(['explain', 'hello', '--strategy', 'all-servers', '--calibration', path, ...more]);

describe('--calibration', () => {
  it('shows in explain where each number comes from', async () => {
    const { code, stdout } = await explain(file('good.json', CALIBRATION));
    expect(code).toBe(0);
    expect(stdout).toContain('The calibration of 2 numbers was measured on this machine');
    expect(stdout).toMatch(
      /gateway\.hop_ms = p0 0\.2, p50 0\.3, p100 2 ms \(measured\)\n +measured by npm run calibrate on .*, n = 812/,
    );
    expect(stdout).toMatch(/application\.components\.book\.cpu_ms = 6\.25 ms \(measured\)/);
  });

  it('says that it was taken on another machine', async () => {
    const machine = { ...thisMachine(), cpu: 'Abacus 9', cores: 3 };
    const { code, stdout } = await explain(file('other.json', { ...CALIBRATION, machine }));
    expect(code).toBe(0);
    expect(stdout).toContain('was taken on another machine (Abacus 9, 3 cores)');
    const refused = await runHere(['parity', 'hello', '--calibration', join(folder, 'other.json')]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('was taken on another machine (Abacus 9, 3 cores)');
  });

  it('is played by the virtual world, and told', async () => {
    const words = ['scenario', 'hello', '--strategy', 'all-servers', '--seeds', '1', '--duration', '20s', '--format', 'terminal'];
    const { code, stderr } = await runHere([...words, '--calibration', file('good.json', CALIBRATION)]);
    expect([0, 1, 4]).toContain(code);
    expect(stderr).toContain('the calibration of 2 numbers was taken on this machine on 2026-11-30');
  });

  it.each([
    ['nothing', undefined, 'there is no such file'],
    ['no JSON', '{', 'expected JSON'],
    ['a report', { schema: 'report@1' }, 'is report@1, not calibration@1'],
    ['another major version', { ...CALIBRATION, schema: 'calibration@2' }, 'is calibration@2'],
    ['no values', { ...CALIBRATION, values: [] }, 'values'],
    [
      'both a value and quantiles',
      { ...CALIBRATION, values: [{ ...CALIBRATION.values[0], value: 1 }] },
      'either value or quantiles',
    ],
    ['an unknown path', { ...CALIBRATION, values: [{ ...CALIBRATION.values[1], path: 'gateway.hopms' }] }, 'hop_ms'],
  ])('of %s is refused', async (what, value, says) => {
    const name = `${what.replaceAll(' ', '-')}.json`;
    const path = value === undefined ? join(folder, name) : file(name, value);
    const { code, stderr } = await explain(path);
    expect(code).toBe(2);
    expect(stderr).toContain(says);
  });

  it('is refused beside real parts', async () => {
    const words = ['scenario', 'hello', '--world', 'live', '--calibration', file('good.json', CALIBRATION)];
    const { code, stderr } = await runHere(words);
    expect(code).toBe(2);
    expect(stderr).toContain('--calibration: is for the virtual world');
  });
});

describe('calibrate and parity', () => {
  it.each([
    [['parity', 'hello', '--calibration', 'nowhere.json'], 'npm run calibrate'],
    [['parity', 'hello', '--calibrate-every', '0'], '--calibrate-every'],
    [['parity', 'hello', '--calibrate-every', '5', '--calibration', 'some.json'], 'no --calibration beside it'],
    [['calibrate', 'hello', '--minutes', '0'], '--minutes'],
    [['calibrate', 'hello', '--rate', 'x500'], 'more than this machine does undisturbed'],
    [['calibrate', 'hello', '--strategy', 'all-server'], 'all-servers'],
    [['calibrate', 'hello', 'there'], 'does not know what to do with'],
    [['calibrate', 'helo'], 'hello'],
  ])('%j is refused before anything starts', async (words, says) => {
    const { code, stderr } = await runHere(words);
    expect(code).toBe(2);
    expect(stderr).toContain(says);
  });
});
