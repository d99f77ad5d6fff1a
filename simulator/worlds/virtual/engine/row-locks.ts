import { grown } from './calendar-queue.ts';

/** Until when each row is locked by whoever came last: writers of one row follow each other in the order in which they came. */
export class RowLocks {
  private until = new Float64Array(1024);

  freeAt(row: number): number {
    return row < this.until.length ? (this.until[row] as number) : 0;
  }

  hold(row: number, until: number): void {
    if (row >= this.until.length) {
      this.until = grown(this.until, new Float64Array(2 ** Math.ceil(Math.log2(row + 1))));
    }
    this.until[row] = until;
  }
}
