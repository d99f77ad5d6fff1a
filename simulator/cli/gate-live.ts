import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { InputError, UnavailableError } from '../domain/problem.ts';
import type { Report } from '../domain/report.ts';
import type { Addresses } from '../worlds/live/contract.ts';
import { linesOf } from '../worlds/live/stacks/keeper-lines.ts';
import type { Stack } from '../worlds/live/stacks/stack.ts';
import { lengthOf, type TurnRow, type Turns } from '../worlds/live/turns.ts';
import type { GateWords } from './gate-options.ts';
import { optionsOf } from './gate-play.ts';
import type { SideAnswer, SideOrder, SideWord } from './gate-side.ts';
import { prepare, progressOf } from './scenario.ts';

/** Turns that give every measure of `hello` its samples within 20 s: short, so that both sides meet the same machine. */
const TURN = { turn_ms: 300, gap_ms: 60 } as const;
const DEFAULT_S = 13;
/** Fewer pairs cannot make anything unlikely enough. */
const PAIRS_MIN = 8;
/** Both are told the wall time to begin at this long before it. */
const BEGIN_MS = 300;

/** What both sides brought back. */
export interface PlayedTurns {
  now: Side;
  before: Side;
  turns: Omit<Turns, 'side'>;
}

export type Side = { report: Report; turns: TurnRow[]; lateness_p99_ms: number; event_loop_p99_ms: number };

/** How to start a version: its program, and where. */
export interface Version {
  program: readonly string[];
  folder: string;
  name: string;
}

/** This version, as it runs now. */
export function ownVersion(): Version {
  return {
    program: [process.execPath, ...process.execArgv, process.argv[1] as string],
    folder: process.cwd(),
    name: 'this version',
  };
}

/**
 * Plays two versions in turns on one stack, each with its own programs, database and queues.
 *
 * Throws: InputError where the words fit no live gate, UnavailableError when a part or a side breaks; nothing is left then.
 */
export async function playTurns(
  name: string,
  words: GateWords,
  o: { versions: { before: Version; now: Version }; before?: Partial<GateWords>; signal: AbortSignal },
): Promise<PlayedTurns> {
  const seconds = await secondsOf(words);
  const pairs = Math.floor((seconds * 1000) / (2 * (TURN.turn_ms + TURN.gap_ms)));
  if (pairs < PAIRS_MIN) throw tooShort(seconds);
  const turns = { ...TURN, pairs };
  const duration = `${Math.ceil(lengthOf({ ...turns, side: 'a' }) / 1000)}s`;
  const { minutes: _, ...said } = optionsOf(words);
  const played = { strategy: words.strategy ?? 'all-servers', ...said, duration, seeds: '1' };
  const prepared = await prepare(name, { set: [], fault: [], ...played, world: 'live' });
  if (prepared.rows.rows.length > 1)
    throw new InputError([
      { path: '--strategy', message: 'a live gate compares one placement', expected: 'one name, and one --rate' },
    ]);
  const progress = progressOf(words.quiet === true);
  const { openStack } = await import('../worlds/live/stacks/index.ts');
  const { roundsPerMs } = await import('../worlds/live/burn.ts');
  const plans = prepared.rows.rows.map((row) => row.plan);
  const stack = await openStack({ choice: prepared.stack, plans, say: (text) => progress.say(text) });
  const common = {
    schema: 'gate-side@1',
    burn_per_ms: roundsPerMs(),
    rate: prepared.axes.rates[0] ?? 1,
    disturbs: Object.keys(stack.disturb) as (keyof Stack['disturb'])[],
  } as const;
  const shared = sharing(stack.disturb);
  const sides: RunningSide[] = [];
  try {
    const { set: __, ...others } = played as typeof played & { set?: string[] };
    for (const side of ['before', 'now'] as const) {
      const version = o.versions[side];
      const own = side === 'before' ? { ...others, ...o.before } : played;
      const order: SideOrder = {
        ...common,
        scenario: existsSync(name) ? relative(process.cwd(), resolve(name)) : name,
        words: own as SideOrder['words'],
        addresses: await ownAddresses(stack.addresses, `gate_${side}`),
        namespace: `${side}${Date.now().toString(36)}`,
        turns: { ...turns, side: side === 'before' ? 'a' : 'b' },
      };
      sides.push(new RunningSide(version, order, { disturb: shared, signal: o.signal }));
    }
    progress.say(`${name}: two versions in ${pairs} pairs of turns`);
    const [before, now] = await Promise.race([together(sides), stack.broken]);
    return { before: before as Side, now: now as Side, turns };
  } finally {
    await Promise.all(sides.map((side) => side.end()));
    await stack.end();
  }
}

async function together(sides: readonly RunningSide[]): Promise<Side[]> {
  await Promise.all(sides.map((side) => side.ready));
  const start_ms = Date.now() + BEGIN_MS;
  for (const side of sides) side.tell({ start_ms });
  return Promise.all(sides.map((side) => side.done));
}

/** A program that plays one side; everything that it made goes with its input. */
class RunningSide {
  readonly ready: Promise<void>;
  readonly done: Promise<Side>;
  private readonly child: ChildProcess;
  private readonly gone: Promise<void>;

  constructor(version: Version, order: SideOrder, o: { disturb: Shared; signal: AbortSignal }) {
    const [command, ...words] = [...version.program, 'gate-side'];
    this.child = spawn(command as string, words, { cwd: version.folder, stdio: ['pipe', 'pipe', 'pipe'], signal: o.signal });
    const errors: string[] = [];
    this.child.stdin?.on('error', () => undefined);
    this.child.stderr?.on('data', (chunk: Buffer) => void errors.push(chunk.toString()));
    this.gone = new Promise((resolve) => this.child.once('close', () => resolve()));
    let isReady: () => void = () => undefined;
    let isDone: (side: Side) => void = () => undefined;
    const failed = new Promise<never>((_, reject) => {
      this.child.once('error', reject);
      this.child.once('close', (code) => {
        const said = errors.join('').trim().split('\n').slice(-8).join('\n  ');
        const hint = said.includes("unknown command 'gate-side'")
          ? 'it is older than live gates; choose a later --against\n  '
          : '';
        const message = `${version.name}: its side of the gate ended with ${code}: ${hint}${said}`;
        reject(
          code === 2 && hint === ''
            ? new InputError([{ path: version.name, message: `refuses what is to be played:\n  ${said}` }])
            : new UnavailableError(message),
        );
      });
    });
    failed.catch(() => undefined);
    this.ready = Promise.race([new Promise<void>((resolve) => (isReady = resolve)), failed]);
    this.done = Promise.race([new Promise<Side>((resolve) => (isDone = resolve)), failed]);
    for (const promise of [this.ready, this.done]) promise.catch(() => undefined);
    linesOf(this.child.stdout as Readable, (line) => {
      const word = JSON.parse(line) as SideWord;
      if (word.say === 'ready') isReady();
      else if (word.say === 'done') isDone(word);
      else void o.disturb(word.what, word.isOver).then(() => this.tell({ disturbed: word.what, isOver: word.isOver }));
    });
    this.tell(order);
  }

  tell(what: SideAnswer | SideOrder): void {
    this.child.stdin?.write(`${JSON.stringify(what)}\n`);
  }

  async end(): Promise<void> {
    this.child.stdin?.end();
    await this.gone;
  }
}

type Shared = (what: keyof Stack['disturb'], isOver: boolean) => Promise<void>;

/** A fault of a whole part happens once, however many sides ask for it; it is over when the last of them says so. */
function sharing(disturb: Stack['disturb']): Shared {
  const open = new Map<string, { holders: number; undo: Promise<(() => Promise<void>) | undefined> }>();
  return async (what, isOver) => {
    const one = open.get(what) ?? { holders: 0, undo: Promise.resolve(undefined) };
    open.set(what, one);
    if (!isOver) {
      if (one.holders++ === 0) one.undo = disturb[what]?.() ?? Promise.resolve(undefined);
      await one.undo;
      return;
    }
    if (--one.holders === 0) await (await one.undo)?.();
  };
}

/** The same stack with a database of this side's own; queues, buckets and functions have the side's name before theirs. */
async function ownAddresses(addresses: Addresses, database: string): Promise<Addresses> {
  if (addresses.postgres === undefined) return addresses;
  const { makeDatabase } = await import('../worlds/live/stores/postgres-database.ts');
  return { ...addresses, postgres: { ...addresses.postgres, url: await makeDatabase(addresses.postgres.url, database) } };
}

async function secondsOf(words: GateWords): Promise<number> {
  const { secondsOf: read } = await import('../domain/seconds.ts');
  if (words.duration !== undefined) return read(words.duration);
  return words.minutes === undefined ? DEFAULT_S : Number(words.minutes) * 60;
}

function tooShort(seconds: number): InputError {
  const least = Math.ceil((PAIRS_MIN * 2 * (TURN.turn_ms + TURN.gap_ms)) / 1000);
  const message = `${Number.isFinite(seconds) ? seconds : 'that'} s are too short to tell two versions apart`;
  return new InputError([{ path: '--duration', message, expected: `at least ${least}s, or nothing for ${DEFAULT_S} s` }]);
}
