/** What a row of a recording says happened; `subject` and `detail` mean what stands behind it. */
export const MARK = {
  /** The operation: its index. */
  root: 0,
  /** An attempt: its number. */
  attempt: 1,
  /** Through the front door and back. */
  gateway: 2,
  /** A lookup: the edge's part; 1 on a hit. */
  edge: 3,
  /** A call, seen by its caller: the component. */
  call: 4,
  /** A call, seen by who answers: the part; the component. */
  serve: 5,
  /** A message at work: the part; the component. */
  process: 6,
  /** A message on its way: the queue's part; which receive it is. */
  transit: 7,
  /** Waiting for a slot, for a core, in a batch: the part. */
  queue: 8,
  /** A new environment: the part. */
  cold: 9,
  /** Work on a CPU, on a GPU, waiting for others: the part. */
  cpu: 10,
  gpu: 11,
  io: 12,
  /** An access: the dataset; items * 4 + strict * 2 + write. */
  access: 13,
  /** Waiting for a connection, for a row: the dataset. */
  connection: 14,
  lock: 15,
  /** Sending an event: the event. */
  publish: 16,
  /** A channel that makes the publisher wait: the event. */
  blocked: 17,
} as const;

/** Numbers a row: mark, subject, row of its parent, start, end (run time in ms, NaN while open), detail, how it failed (0: not). */
export const WIDTH = 7;
export const COLUMN = { mark: 0, subject: 1, parent: 2, start: 3, end: 4, detail: 5, failure: 6 } as const;

/** Rows that a trace keeps: a post to 80,000 followers sets off more than anybody reads. */
const MOST = 400;

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
    if (this.used >= MOST * WIDTH || (o.parent < 0 && this.used > 0)) {
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
