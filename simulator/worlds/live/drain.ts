import { wait, wallMs } from './clock.ts';

/** What was seen of a run whose load is over. */
export interface UnderWay {
  /** What is still to be done, in words, and how much of it; nothing of it is 0. */
  open: ReadonlyMap<string, number>;
  /** Messages that were published and that nobody has worked off, though no queue shows them. */
  unseen: number;
  /** Lines of the ledger that were written since the last look. */
  written: number;
}

/** The tools of `untilQuiet`, for who has a time of their own. */
interface Clock {
  now(): number;
  wait(ms: number): Promise<void>;
}

const LOOK_EVERY_MS = 100;
const QUIET_LOOKS = 2;
/** How long it must be quiet where messages are missing: a broker hands out and puts back unseen, after that they are lost. */
export const UNSEEN_MS = 5_000;

/**
 * Looks until nothing is left to do and nothing was written between two looks, since a message may be between two parts; or until `until_ms`.
 *
 * Returns what it saw last: nothing is open in it, unless the time was over.
 */
export async function untilQuiet(
  look: () => Promise<UnderWay>,
  { until_ms, clock = { now: wallMs, wait } }: { until_ms: number; clock?: Clock },
): Promise<UnderWay> {
  for (let looks = 0, since = 0; ; ) {
    const seen = await look();
    const isQuiet = seen.open.size === 0 && seen.written === 0;
    looks = isQuiet ? looks + 1 : 0;
    if (looks === 1) since = clock.now();
    const isSure = seen.unseen === 0 || clock.now() - since >= UNSEEN_MS;
    if ((looks >= QUIET_LOOKS && isSure) || clock.now() >= until_ms) return seen;
    await clock.wait(LOOK_EVERY_MS);
  }
}

/** `messages in sqs/made: 3, calls: 1`: what is open, in words. */
export function wordsOf({ open }: UnderWay): string {
  return [...open].map(([what, count]) => `${what}: ${count}`).join(', ');
}
