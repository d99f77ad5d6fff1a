import { grown } from './calendar-queue.ts';

/** Bits of a word. */
const WORD = 32;

/**
 * What has already happened for each publication, and for each action that has none: done, published, applied.
 *
 * A row of bits each: first whether it is done, then one for each event, then one for each effect.
 */
export class CauseTable {
  count = 0;
  private readonly events: number;
  /** Words of a row. */
  private readonly width: number;
  private byCause: Int32Array;
  private byAction: Int32Array;

  constructor(o: { events: number; effects: number }) {
    this.events = o.events;
    this.width = Math.ceil((1 + o.events + o.effects) / WORD);
    this.byCause = new Int32Array(4096 * this.width);
    this.byAction = new Int32Array(4096 * this.width);
  }

  add(): number {
    const size = this.byCause.length;
    if (this.count * this.width === size) this.byCause = grown(this.byCause, new Int32Array(size * 2));
    return this.count++;
  }

  isDone(cause: number): boolean {
    return ((this.byCause[cause * this.width] as number) & 1) !== 0;
  }

  /** True the first time. */
  markDone(cause: number): boolean {
    return this.mark(cause, -1, 0);
  }

  /** True the first time. */
  markPublished(cause: number, action: number, event: number): boolean {
    return this.mark(cause, action, 1 + event);
  }

  /** True the first time. */
  markApplied(cause: number, action: number, effect: number): boolean {
    return this.mark(cause, action, 1 + this.events + effect);
  }

  isApplied(cause: number, action: number, effect: number): boolean {
    const table = cause < 0 ? this.byAction : this.byCause;
    const bit = 1 + this.events + effect;
    const at = (cause < 0 ? action : cause) * this.width + Math.floor(bit / WORD);
    return at < table.length && (((table[at] as number) >>> (bit % WORD)) & 1) !== 0;
  }

  private mark(cause: number, action: number, bit: number): boolean {
    const at = (cause < 0 ? action : cause) * this.width + Math.floor(bit / WORD);
    if (cause < 0 && at >= this.byAction.length) {
      this.byAction = grown(this.byAction, new Int32Array(Math.max(at + 1, this.byAction.length * 2)));
    }
    const table = cause < 0 ? this.byAction : this.byCause;
    const word = table[at] as number;
    table[at] = word | (1 << (bit % WORD));
    return ((word >>> (bit % WORD)) & 1) === 0;
  }
}
