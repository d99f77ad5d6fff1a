import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { playTurns, type Version } from '../../simulator/cli/gate-live.ts';
import type { GateWords } from '../../simulator/cli/gate-options.ts';
import { LATE_MS } from '../../simulator/domain/workload.ts';
import type { TurnRow } from '../../simulator/measure/gate/turn-statistics.ts';

/** Pairs of turns that make one block: a good second of traffic on each side. */
export const BLOCK_PAIRS = 4;
/** As long as `hello` is. */
const SESSION_S = 118;
/** So many sessions may be thrown away before it is said that this machine cannot do it. */
const LATE_MAX = 5;

/** What one live gate recorded: its pairs of turns, and what each side cost. */
export interface Session {
  pairs: number;
  turn_ms: number;
  operations: string[];
  before: TurnRow[];
  now: TurnRow[];
  cost: { before: number; now: number };
  lateness_p99_ms: number;
}

/** Kept between runs, so that one that was broken off goes on where it was. */
const FOLDER = process.env.PLACEMENT_GATE_BLOCKS ?? join(tmpdir(), 'placement-lab-gate-blocks');
const ROOT = new URL('../..', import.meta.url).pathname;
const OWN: Version = {
  program: [process.execPath, '--import', import.meta.resolve('tsx'), join(ROOT, 'simulator', 'cli.ts')],
  folder: ROOT,
  name: 'this version',
};

/** Sessions whose driver kept its times: the gate says of others that they tell nothing. */
export const recorded = (kind: string): Session[] => allOf(kind).filter((one) => one.lateness_p99_ms <= LATE_MS);

/** How many were thrown away because their driver was late. */
export const late = (kind: string): number => allOf(kind).length - recorded(kind).length;

function allOf(kind: string): Session[] {
  const file = join(FOLDER, `${kind}.ndjson`);
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Session);
}

export const blocksOf = (sessions: readonly Session[]) =>
  sessions.reduce((sum, one) => sum + Math.floor(one.pairs / BLOCK_PAIRS), 0);

/** Plays unchanged code against itself, or with what is planted in one side, until there are so many blocks. */
export async function record(kind: string, o: { blocks: number; set: string[] }): Promise<Session[]> {
  mkdirSync(FOLDER, { recursive: true });
  while (blocksOf(recorded(kind)) < o.blocks) {
    if (late(kind) > LATE_MAX)
      throw new Error(`${kind}: the driver was late in ${late(kind)} sessions: this machine is too busy`);
    const missing_s = Math.ceil((o.blocks - blocksOf(recorded(kind))) * BLOCK_PAIRS * 0.72);
    const duration = `${Math.min(SESSION_S, Math.max(20, missing_s + 1))}s`;
    const words: GateWords = {
      world: 'live',
      set: o.set,
      fault: [],
      threshold: [],
      quiet: true,
      strategy: 'all-servers',
      duration,
    };
    const signal = new AbortController().signal;
    const { before, now, turns } = await playTurns('hello', words, { versions: { before: OWN, now: OWN }, signal });
    const costOf = (side: typeof now) => side.report.strategies[0]?.bill.per_million_served_usd ?? Number.NaN;
    const session: Session = {
      pairs: turns.pairs,
      turn_ms: turns.turn_ms,
      operations: now.report.strategies[0]?.operations.map((operation) => operation.name) ?? [],
      before: before.turns,
      now: now.turns,
      cost: { before: costOf(before), now: costOf(now) },
      lateness_p99_ms: Math.max(before.lateness_p99_ms, now.lateness_p99_ms),
    };
    appendFileSync(join(FOLDER, `${kind}.ndjson`), `${JSON.stringify(session)}\n`);
  }
  return recorded(kind);
}
