import { afterAll, describe, expect, it } from 'vitest';
import { Stream } from '../../simulator/domain/draws.ts';
import { baselineOf } from '../../simulator/measure/gate/baseline-of.ts';
import { compareTurns } from '../../simulator/measure/gate/compare-live.ts';
import { checkLines } from '../../simulator/measure/gate/lines.ts';
import type { TurnRow } from '../../simulator/measure/gate/turn-statistics.ts';
import { summarise } from '../../simulator/measure/summary.ts';
import { openLiveWorld } from '../live/live-world.ts';
import { PLANTED_SMALL } from '../planted/planted.ts';
import { cellOf } from '../virtual/small.ts';
import { exactInterval } from './binomial.ts';
import { BLOCK_PAIRS, late, record, type Session } from './gate-blocks.ts';

/** Blocks of a gate of `hello` that takes 20 s, and of one that takes two minutes. */
const GATES = { '20 s': 4, '2 min': 32 } as const;
const SPLITS = 300;
/** One operation waits longer, by a share of its own p50 as unchanged code measured it on this machine. */
const slower = (share: number, p50_ms: number) => [`application.components.book.io_ms=${(share * p50_ms).toFixed(2)}`];
/** The same work on machines twice as large. */
const DEARER = ['overrides.components.thank.platform=server', 'overrides.components.thank.instance=m7g.xlarge'];
const SIGN = 1;

function p50Of(sessions: readonly Session[]): number {
  const served = sessions.flatMap((one) =>
    one.before.flatMap(([, , operation, ms]) => (operation === SIGN && ms !== null ? [ms] : [])),
  );
  return served.sort((a, b) => a - b)[Math.floor(served.length / 2)] as number;
}

type Pair = { before: TurnRow[]; now: TurnRow[] };

/** Blocks of all sessions, out of which gates are drawn; an action of one session is none of another. */
function blocksOf(sessions: readonly Session[]): Pair[][] {
  return sessions.flatMap((session, s) => {
    const pairs = Array.from({ length: session.pairs }, (): Pair => ({ before: [], now: [] }));
    for (const side of ['before', 'now'] as const)
      for (const [pair, action, operation, ms] of session[side])
        pairs[pair]?.[side].push([pair, s * 1_000_000 + action, operation, ms]);
    const blocks = Math.floor(session.pairs / BLOCK_PAIRS);
    return Array.from({ length: blocks }, (_, k) => pairs.slice(k * BLOCK_PAIRS, (k + 1) * BLOCK_PAIRS));
  });
}

/** How gates of so many blocks end that are drawn at random; `swaps` also draws which side is which, where nothing differs. */
function outcomes(
  sessions: readonly Session[],
  o: { swaps: boolean; blocks: number },
): { worse: number; unclear: number; of: number } {
  const stream = new Stream(7, 'gate/splits');
  const all = blocksOf(sessions);
  const counts = { worse: 0, unclear: 0, of: SPLITS };
  for (let split = 0; split < SPLITS; split++) {
    const left = [...all];
    const drawn = Array.from(
      { length: Math.min(o.blocks, all.length) },
      () => left.splice(Math.floor(stream.next() * left.length), 1)[0],
    );
    const pairs = drawn.flatMap((block = []) => {
      const isSwapped = o.swaps && stream.next() < 0.5;
      return block.map(({ before, now }) => (isSwapped ? { before: now, now: before } : { before, now }));
    });
    const numbered = (side: 'before' | 'now') =>
      pairs.flatMap((pair, k) => pair[side].map(([, ...rest]): TurnRow => [k, ...rest]));
    const turns = { pairs: pairs.length, before: numbered('before'), now: numbered('now') };
    const { operations, turn_ms } = sessions[0] as Session;
    const standings = compareTurns(turns, { row: 'hello', operations, turn_ms }).map((one) => one.standing);
    if (standings.includes('worse')) counts.worse++;
    else if (standings.includes('unclear')) counts.unclear++;
  }
  return counts;
}

const live = await openLiveWorld(PLANTED_SMALL.flatMap(({ correct, defect }) => [cellOf(correct), cellOf(defect)]));
afterAll(() => live?.end());

describe.skipIf(live === undefined)('a live gate of hello, on blocks recorded on this machine', () => {
  const table: Record<string, string | number>[] = [];
  afterAll(() => console.table(table));
  const tell = (what: string, k: number, of: number, more: Record<string, string | number> = {}) => {
    const [low, high] = exactInterval(k, of).map((share) => `${(share * 100).toFixed(2)} %`);
    table.push({
      what,
      found: `${k} of ${of}`,
      rate: `${((k / of) * 100).toFixed(2)} %`,
      'exact 95 %': `${low} to ${high}`,
      ...more,
    });
    return k / of;
  };

  it.each(Object.entries(GATES))(
    'cries wolf in at most one of a hundred gates of unchanged code that take %s',
    async (length, blocks) => {
      const kind = 'unchanged';
      const sessions = await record(kind, { blocks: 100, set: [] });
      const { worse, unclear, of } = outcomes(sessions, { swaps: true, blocks });
      const rate = tell(`unchanged, ${length}: false alarms`, worse, of, {
        'too noisy': unclear,
        sessions: sessions.length,
        late: late(kind),
      });
      expect(rate).toBeLessThanOrEqual(0.01);
    },
  );

  it('cried wolf in none of the gates of unchanged code as they were played', async () => {
    const sessions = await record('unchanged', { blocks: 100, set: [] });
    const alarms = sessions.filter((one) => compareTurns(one, { row: 'x', ...one }).some(({ standing }) => standing === 'worse'));
    expect(tell('unchanged, whole sessions', alarms.length, sessions.length)).toBe(0);
  });

  it.each([
    ['5 %', 0.05, 0],
    ['10 %', 0.1, 0],
    ['20 %', 0.2, 0.95],
  ])('finds a slow-down of %s of the p50 of sign', async (name, share, least) => {
    const p50 = p50Of(await record('unchanged', { blocks: 100, set: [] }));
    const kind = `slower-${share * 100}`;
    const sessions = await record(kind, { blocks: 40, set: slower(share, p50) });
    const rates = Object.entries(GATES).map(([length, blocks]) => {
      const { worse, unclear, of } = outcomes(sessions, { swaps: false, blocks });
      return tell(`${name} slower, ${length}`, worse, of, { 'too noisy': unclear, sessions: sessions.length, late: late(kind) });
    });
    expect(rates.at(-1)).toBeGreaterThanOrEqual(least);
  });

  it('finds that machines cost twice as much', async () => {
    const sessions = await record('dearer', { blocks: 4, set: DEARER });
    const found = sessions.filter(({ cost }) => cost.now > cost.before * 1.15);
    expect(tell('dearer', found.length, sessions.length)).toBe(1);
  });

  it.each(PLANTED_SMALL)('always finds $name, under $fault', async ({ name, correct, defect }) => {
    const runs = Number(process.env.PLACEMENT_GATE_RUNS ?? 3);
    let found = 0;
    for (let run = 0; run < runs; run++) {
      const [before, now] = [await reportOf(cellOf(correct)), await reportOf(cellOf(defect))];
      if (checkLines(now, baselineOf(before)).some((one) => one.standing === 'worse')) found++;
    }
    expect(tell(name, found, runs)).toBe(1);
  });

  async function reportOf(cell: ReturnType<typeof cellOf>) {
    const result = await live!.play(cell);
    const scenario = { name: 'planted', description: '' };
    const common = { scenario, version: '0.0.0', cut_start_s: 0, load: [], world: 'live' as const };
    const plan = { ...cell.plan, checks: result.checks.map((check) => check.name) };
    return summarise({ ...common, seeds: [cell.seed], plans: [plan], results: [result] });
  }
});
