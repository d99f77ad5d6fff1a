import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type Blocks, blocksOf } from '../../simulator/cli/blocks.ts';
import { Words } from '../../simulator/cli/numbers.ts';
import { isKept, keep, keptIn, lostBefore, type Played, played, runsOf, turnsOf } from '../../simulator/cli/parity-blocks.ts';
import type { Metered } from '../../simulator/domain/leg.ts';
import type { Plan } from '../../simulator/domain/plan.ts';
import { loadNamed } from '../../simulator/run/load.ts';
import type { Block } from '../../simulator/worlds/live/blocks.ts';

const folder = mkdtempSync(join(tmpdir(), 'placement-lab-blocks-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const loaded = await loadNamed('hello', []);
const helloAt = (rate: string, share: number): Promise<Blocks> =>
  blocksOf(new Words(), { set: [], rate }, { loaded, strategies: ['all-servers'], seeds: 5, share });
const playedAt = async (rate: number): Promise<Played> => {
  const blocks = await helloAt(`x${rate}`, 1);
  return played(blocks, blocks.rows.rows[0]?.plan as Plan, rate);
};
const [live, calibrating] = [await playedAt(0.1), { ...(await playedAt(0.2)), every: 2 }];

const METERED: Metered = {
  legs: [{ leg: 'door', of: 0, action: 7, on: 'gateway', at_ms: 1000, ms: 3 }],
  latency_ms: new Map([[7, 4.5]]),
  boots_ms: new Map([[2, [390, 410]]]),
};

function blockOf(seed: number): Block {
  const lateness = { shots: 1, late: 0, unsent: 0, p50_ms: 0, p99_ms: 1, max_ms: 2, event_loop_p99_ms: 1 };
  const result = { operations: [], lags: [] };
  return { cell: { seed }, result, lateness, drift: 0.01, busy: 0.3, metered: METERED } as unknown as Block;
}

describe('blocks that parity plays', () => {
  it('are those that are compared, and with a number one that calibrates before each so many', () => {
    const inTurn = (turns: ReturnType<typeof turnsOf>) =>
      turns.map(({ cell, of }) => `${of === live ? 'compared' : 'calibrates'} ${cell.seed} x${cell.rate}`);
    expect(inTurn(turnsOf(live))).toEqual([1, 2, 3, 4, 5].map((seed) => `compared ${seed} x0.1`));
    expect(inTurn(turnsOf(live, calibrating))).toEqual([
      'calibrates 1 x0.2',
      'compared 1 x0.1',
      'compared 2 x0.1',
      'calibrates 2 x0.2',
      'compared 3 x0.1',
      'compared 4 x0.1',
      'calibrates 3 x0.2',
      'compared 5 x0.1',
    ]);
  });

  it('are kept under their plan and rate, with their legs where they calibrate', () => {
    const file = join(folder, 'blocks.ndjson');
    expect(keptIn(file, [live])).toEqual([]);
    keep(file, blockOf(2), { key: live.key, calibrates: false, lost: 2 });
    keep(file, blockOf(1), { key: calibrating.key, calibrates: true, lost: 0 });
    appendFileSync(file, '{"key":"half a li');
    const kept = keptIn(file, [live, calibrating]);
    expect(kept.map(({ key, seed }) => [key, seed])).toEqual([
      [live.key, 2],
      [calibrating.key, 1],
    ]);
    expect(kept[0]).not.toHaveProperty('metered');
    expect(keptIn(file, [live])).toHaveLength(1);
    expect(lostBefore(kept)).toBe(2);
    expect(runsOf(kept, calibrating)).toEqual([{ plan: calibrating.plan, metered: METERED }]);
    expect(runsOf(kept, live)).toEqual([]);
    const left = turnsOf(live, calibrating).filter((turn) => !isKept(turn, kept));
    expect(left.map(({ cell }) => cell.seed)).toEqual([1, 2, 3, 4, 3, 5]);
  });
});
