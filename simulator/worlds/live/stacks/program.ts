import type { RunningPart } from '../contract.ts';
import { type Keeper, programOf } from './keeper.ts';
import type { Listening } from './stack.ts';

const READY_MS = 20_000;
const GRACE_MS = 10_000;

/** A program of ours: what its part is called, the words that Node gets, and what it knows of the run. */
export interface ProgramOrder {
  name: string;
  args: string[];
  env?: Readonly<Record<string, string>>;
  /** How long it may take until it listens. */
  ready_ms?: number;
  isFirst?: boolean;
}

/**
 * Starts a program of ours in the run's folder; it is ready when it has said where it listens.
 *
 * Throws: UnavailableError with its last words when it does not get that far.
 */
export function startProgram<Said extends Listening = Listening>(keeper: Keeper, o: ProgramOrder): Promise<RunningPart<Said>> {
  return keeper.start<Said>({
    name: o.name,
    command: process.execPath,
    args: o.args,
    env: { PATH: process.env.PATH ?? '', TMPDIR: keeper.folder, HOME: keeper.folder, ...o.env },
    cwd: keeper.folder,
    ready: { on: 'json-line' },
    ready_ms: o.ready_ms ?? READY_MS,
    stop: 'SIGTERM',
    grace_ms: GRACE_MS,
    isFirst: o.isFirst === true,
    orphaned: 'KILL',
  });
}

/** Starts one of `programs/` by its name. */
export function startNamed<Said extends Listening = Listening>(
  keeper: Keeper,
  name: string,
  args: readonly string[] = [],
): Promise<RunningPart<Said>> {
  return startProgram<Said>(keeper, { name, args: [...programOf(name), ...args] });
}
