import { grown } from './calendar-queue.ts';

/**
 * What has already happened for each publication, and for each action that has none: done, published, applied.
 *
 * One word of bits each: bit 0 done, bits 1-7 published events, bits 8-30 applied effects.
 */
export class CauseTable {
  count = 0;
  private byCause = new Int32Array(4096);
  private byAction = new Int32Array(4096);

  add(): number {
    if (this.count === this.byCause.length) this.byCause = grown(this.byCause, new Int32Array(this.byCause.length * 2));
    return this.count++;
  }

  isDone(cause: number): boolean {
    return ((this.byCause[cause] as number) & 1) !== 0;
  }

  /** True the first time. */
  markDone(cause: number): boolean {
    return this.mark(cause, -1, 0);
  }

  /** True the first time. */
  markPublished(cause: number, action: number, event: number): boolean {
    return this.mark(cause, action, 1 + (event % 7));
  }

  /** True the first time. */
  markApplied(cause: number, action: number, effect: number): boolean {
    return this.mark(cause, action, 8 + (effect % 23));
  }

  private mark(cause: number, action: number, bit: number): boolean {
    if (cause < 0 && action >= this.byAction.length) {
      this.byAction = grown(this.byAction, new Int32Array(Math.max(action + 1, this.byAction.length * 2)));
    }
    const table = cause < 0 ? this.byAction : this.byCause;
    const row = cause < 0 ? action : cause;
    const word = table[row] as number;
    table[row] = word | (1 << bit);
    return ((word >>> bit) & 1) === 0;
  }
}
