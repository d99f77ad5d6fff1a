import { grown } from './calendar-queue.ts';

/** Rows are counted from 0; beyond this many no version is kept and reads are never stale. */
const ROWS_MAX = 1 << 24;

/** Until when an eventual read of a row may still see the version before the last write. */
export class RowVersions {
  private staleUntil = new Float64Array(0);

  /** Row `row` was written; old copies may be read until `until`. */
  written(row: number, until: number): void {
    if (row < 0 || row >= ROWS_MAX) return;
    if (row >= this.staleUntil.length) {
      this.staleUntil = grown(this.staleUntil, new Float64Array(Math.max(1024, 2 ** Math.ceil(Math.log2(row + 1)))));
    }
    this.staleUntil[row] = until;
  }

  isStale(row: number, now: number): boolean {
    return row >= 0 && row < this.staleUntil.length && now < (this.staleUntil[row] as number);
  }
}
