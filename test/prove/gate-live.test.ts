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
import { record, type Session } from './gate-blocks.ts';

/** What a gate of `hello` plays in its 20 s. */
const PAIRS = 18;
const SPLITS = 400;
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

/** Pairs of all sessions, out of which gates are drawn; an action of one session is none of another. */
function pooled(sessions: readonly Session[]): { before: TurnRow[]; now: TurnRow[] }[] {
  return sessions.flatMap((session, s) =>
    Array.from({ length: session.pairs }, (_, pair) => {
      const of = (rows: readonly TurnRow[]) =>
        rows
          .filter((row) => row[0] === pair)
          .map(([k, action, operation, ms]): TurnRow => [k, s * 1_000_000 + action, operation, ms]);
      return { before: of(session.before), now: of(session.now) };
    }),
  );
}

/** How a gate ends on pairs drawn at random; `swaps` also draws which side is which, as nothing differs. */
function outcomes(sessions: readonly Session[], o: { swaps: boolean }): { worse: number; unclear: number; of: number } {
  const stream = new Stream(7, 'gate/splits');
  const all = pooled(sessions);
  const counts = { worse: 0, unclear: 0, of: SPLITS };
  for (let split = 0; split < SPLITS; split++) {
    const left = [...all];
    const drawn = Array.from(
      { length: Math.min(PAIRS, all.length) },
      () => left.splice(Math.floor(stream.next() * left.length), 1)[0],
    );
    const sides = drawn.map((one, pair) => {
      const isSwapped = o.swaps && stream.next() < 0.5;
      const numbered = (rows: readonly TurnRow[] = []) => rows.map(([, ...rest]): TurnRow => [pair, ...rest]);
      return { before: numbered(isSwapped ? one?.now : one?.before), now: numbered(isSwapped ? one?.before : one?.now) };
    });
    const turns = { pairs: sides.length, before: sides.flatMap((one) => one.before), now: sides.flatMap((one) => one.now) };
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

  it('cries wolf in at most one of a hundred gates of unchanged code', async () => {
    const sessions = await record('unchanged', { pairs: 100, set: [] });
    const { worse, unclear, of } = outcomes(sessions, { swaps: true });
    const rate = tell('unchanged: false alarms', worse, of, { 'too noisy': unclear, sessions: sessions.length });
    const whole = sessions.filter((one) => compareTurns(one, { row: 'x', ...one }).some(({ standing }) => standing === 'worse'));
    tell('unchanged: whole gates as they were played', whole.length, sessions.length);
    expect(rate).toBeLessThanOrEqual(0.01);
  });

  it.each([
    ['5 %', 0.05, 0],
    ['10 %', 0.1, 0],
    ['20 %', 0.2, 0.95],
  ])('finds a slow-down of %s of the p50 of sign', async (name, share, least) => {
    const p50 = p50Of(await record('unchanged', { pairs: 100, set: [] }));
    const sessions = await record(`slower-${share * 100}`, { pairs: 40, set: slower(share, p50) });
    const { worse, unclear, of } = outcomes(sessions, { swaps: false });
    expect(tell(`${name} slower`, worse, of, { 'too noisy': unclear, sessions: sessions.length })).toBeGreaterThanOrEqual(least);
  });

  it('finds that machines cost twice as much', async () => {
    const sessions = await record('dearer', { pairs: 40, set: DEARER });
    const found = sessions.filter(({ cost }) => cost.now > cost.before * 1.05);
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
    const plan = { ...cell.plan, checks: ['lost', 'twice', 'oversold'] };
    return summarise({ ...common, seeds: [cell.seed], plans: [plan], results: [result] });
  }
});
