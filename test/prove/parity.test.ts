import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { EXIT } from '../../simulator/cli/exit-codes.ts';
import { type Parity, ParitySchema } from '../../simulator/domain/parity.ts';
import { runCli } from '../cli/run-cli.ts';

const MINUTES = 8;
const EVERY = 6;
/** Of the aims: what some hundred samples and neighbours on the machine let an honest model miss them by. */
const SLACK = 2;

const folder = mkdtempSync(join(tmpdir(), 'placement-lab-parity-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function parityOf(strategy: string): Promise<Parity | undefined> {
  const words = ['hello', '--strategy', strategy, '--minutes', String(MINUTES), '--calibrate-every', String(EVERY)];
  const { code, stdout, stderr } = await runCli(['parity', ...words, '--json', '--out', join(folder, strategy)], {
    isFromSource: true,
  });
  if (code === EXIT.unclear || code === EXIT.unavailable) {
    console.log(`${strategy}: not to be told here. ${stderr.split('\n').slice(-5).join('\n')}`);
    return undefined;
  }
  expect([EXIT.met, EXIT.failed]).toContain(code);
  return ParitySchema.parse(JSON.parse(stdout));
}

describe('both worlds side by side, at settings that no calibration has seen', () => {
  it.each(['all-servers', 'all-functions'])('%s: every quantile is near its aim; how near is printed', async (strategy) => {
    const parity = await parityOf(strategy);
    if (parity === undefined) return;
    const found = parity.operations.flatMap(({ name, samples, quantiles }) =>
      quantiles.map(({ q, error, aim }) => ({ of: `${name} p${q * 100}`, samples: samples.live, error, aim })),
    );
    console.log(strategy, parity.conditions, found);
    expect(parity.blocks.kept).toBe(MINUTES * 3);
    expect(parity.calibration.blocks).toBe((MINUTES * 3) / EVERY);
    expect(found.filter(({ error, aim }) => error !== null && Math.abs(error) > SLACK * aim)).toEqual([]);
    expect(found.filter(({ error }) => error !== null).length).toBeGreaterThan(found.length / 2);
  });
});
