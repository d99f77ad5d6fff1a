import { MOST_SPANS } from '../../../domain/trace-keys.ts';

/** Numbers a row: mark, subject, row of its parent, start, end (run time in ms, NaN while open), detail, how it failed (0: not). */
export const WIDTH = 7;
export const COLUMN = { mark: 0, subject: 1, parent: 2, start: 3, end: 4, detail: 5, failure: 6 } as const;

/** The rows of one user action, in the order in which they began, as plain numbers in one list that is used again and again. */
export class Recording {
  /** -1 while it is nobody's. */
  action = -1;
  session = 0;
  operation = 0;
  intendedAt = 0;
  /** Place in the sample: the lowest are kept. */
  rank = 0;
  outcome = 0;
  us = 0;
  isSlowest = false;
  isSampled = false;
  dropped = 0;
  used = 0;
  readonly numbers: number[] = [];

  /** A row that ends at `end`, or is still open where that is NaN; its place, or -1 when there are enough, or no row to stand below. */
  add(mark: number, subject: number, o: { parent: number; start: number; end: number; detail?: number }): number {
    if (this.used >= MOST_SPANS * WIDTH || (o.parent < 0 && this.used > 0)) {
      this.dropped++;
      return -1;
    }
    const row = this.used;
    const { numbers } = this;
    numbers[row] = mark;
    numbers[row + 1] = subject;
    numbers[row + 2] = o.parent;
    numbers[row + 3] = o.start;
    numbers[row + 4] = o.end;
    numbers[row + 5] = o.detail ?? 0;
    numbers[row + 6] = 0;
    this.used = row + WIDTH;
    return row;
  }

  at(row: number, column: number): number {
    return this.numbers[row + column] as number;
  }

  /** Ends a row that is still open. */
  close(row: number, end: number, failure = 0): void {
    if (row < 0 || !Number.isNaN(this.numbers[row + COLUMN.end] as number)) return;
    this.numbers[row + COLUMN.end] = Math.max(end, this.numbers[row + COLUMN.start] as number);
    this.numbers[row + COLUMN.failure] = failure;
  }

  reset(): void {
    this.isSlowest = false;
    this.isSampled = false;
    this.dropped = 0;
    this.used = 0;
  }
}
