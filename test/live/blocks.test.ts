import { describe, expect, it } from 'vitest';
import type { Cell } from '../../simulator/domain/cell.ts';
import type { Plan } from '../../simulator/domain/plan.ts';
import { type Block, keptBlocks } from '../../simulator/worlds/live/blocks.ts';

const STILL = { drift: 0, lateness: { shots: 100, late: 0, unsent: 0, p99_ms: 1, max_ms: 2, p50_ms: 0, event_loop_p99_ms: 1 } };
const plans = [{}, {}] as Plan[];
const cells = (of: number[]) => of.map((plan, seed) => ({ plan: plans[plan], seed })) as Cell[];

/** Plays cells whose blocks are as `states` say, in turn, and still afterwards. */
async function kept(of: number[], states: Partial<Block>[] = []) {
  const played: number[] = [];
  const why: string[] = [];
  const tally = { lost: 0 };
  const play = async (cell: Cell) => {
    played.push(cell.seed);
    return { cell, ...STILL, ...states[played.length - 1] } as Block;
  };
  const found: number[] = [];
  const o = { driftMax: 0.05, repeated: (words: string) => void why.push(words) };
  for await (const { cell } of keptBlocks(cells(of), play, o, tally)) found.push(cell.seed);
  return { found, played, why, lost: tally.lost };
}

describe('blocks that count', () => {
  it('are one for each cell, and the first of each plan is played once more', async () => {
    const { found, played, why, lost } = await kept([0, 0, 1, 1]);
    expect(found).toEqual([0, 1, 2, 3]);
    expect(played).toEqual([0, 0, 1, 2, 2, 3]);
    expect(why).toEqual(Array(2).fill('it was the first, whose programs warm up'));
    expect(lost).toBe(0);
  });

  it('are played again when the machine was another or the driver late, and the first of all is no loss', async () => {
    const late = { lateness: { ...STILL.lateness, late: 10, p99_ms: 30 } };
    const { found, played, why, lost } = await kept([0, 0], [{ drift: 0.5 }, { drift: -0.07 }, {}, late]);
    expect(found).toEqual([0, 1]);
    expect(played).toEqual([0, 0, 0, 1, 1]);
    expect(why.slice(1)).toEqual(['the reference burn drifted by -7.0 %', expect.stringMatching(/^10 of 100 requests left/)]);
    expect(lost).toBe(2);
  });

  it('end when more were lost than kept', async () => {
    const { found, played, lost } = await kept([0, 0, 0], Array(20).fill({ drift: 0.06 }));
    expect([found, lost]).toEqual([[], 4]);
    expect(played).toEqual(Array(5).fill(0));
  });
});
