import { seconds } from './checks/check.ts';

/** Attempts of one run that are remembered: examples are the earliest cases. */
const LINES_MAX = 16_384;
/** Attempts that one story tells of. */
const TOLD_MAX = 20;

/** How an attempt ended without an effect, in words; worlds count by these places. */
const FATES = ['', 'was refused', 'timed out', 'failed', '', 'came too late', 'came back to the queue'] as const;

/** The place of a message that was handed out, not worked off, and is visible again. */
export const CAME_BACK = 6;

/** One attempt: of an operation where `part` is -1, else of a call or a message there; `after_ms` is how long it worked, -1 if it never began. */
export interface Attempt {
  at_ms: number;
  entity: number;
  part: number;
  attempt: number;
  fate: number;
  after_ms: number;
}

/**
 * Attempts that left no effect behind: what a story lacks between two lines of the ledger.
 *
 * The first few thousand of a run are kept, as the examples of a check are its earliest cases. Nothing is kept where nothing goes wrong.
 */
export class Attempts {
  private readonly lines: Attempt[] = [];

  get isFull(): boolean {
    return this.lines.length >= LINES_MAX;
  }

  note(attempt: Attempt): void {
    if (!this.isFull) this.lines.push(attempt);
  }

  /** `attempt 1 at function/charge timed out at 12.310 s, after 3.000 s`, each with its time; the first of them. */
  of(entity: number, part: (part: number) => string): { at_ms: number; text: string }[] {
    const own = this.lines.filter((line) => line.entity === entity);
    return own.slice(0, TOLD_MAX).map(({ at_ms, attempt, fate, after_ms, ...line }) => {
      const after = after_ms > 0 ? `, after ${seconds(after_ms)}` : '';
      const where = line.part < 0 ? 'of the operation' : `at ${part(line.part)}`;
      return { at_ms, text: `attempt ${attempt} ${where} ${FATES[fate]} at ${seconds(at_ms)}${after}` };
    });
  }
}
