import { grown } from './calendar-queue.ts';

/**
 * A set of small integers that gives its largest member in a few instructions.
 *
 * Three levels of 32-bit words; used for idle function instances in order of creation, newest first.
 */
export class IdleSet {
  private leaves = new Int32Array(32);
  private middle = new Int32Array(32);
  private top = new Int32Array(32);
  private topEnd = 0;
  size = 0;

  add(id: number): void {
    const word = id >> 5;
    if (word >= this.leaves.length) this.grow(word);
    this.leaves[word] = (this.leaves[word] as number) | (1 << (id & 31));
    this.middle[word >> 5] = (this.middle[word >> 5] as number) | (1 << (word & 31));
    const up = word >> 10;
    this.top[up] = (this.top[up] as number) | (1 << ((word >> 5) & 31));
    if (up >= this.topEnd) this.topEnd = up + 1;
    this.size++;
  }

  remove(id: number): void {
    const word = id >> 5;
    const leaf = (this.leaves[word] as number) & ~(1 << (id & 31));
    this.leaves[word] = leaf;
    this.size--;
    if (leaf !== 0) return;
    const mid = (this.middle[word >> 5] as number) & ~(1 << (word & 31));
    this.middle[word >> 5] = mid;
    if (mid === 0) this.top[word >> 10] = (this.top[word >> 10] as number) & ~(1 << ((word >> 5) & 31));
  }

  /** The largest member, or -1. */
  newest(): number {
    for (let t = this.topEnd - 1; t >= 0; t--) {
      const top = this.top[t] as number;
      if (top === 0) continue;
      this.topEnd = t + 1;
      const m = t * 32 + 31 - Math.clz32(top);
      const w = m * 32 + 31 - Math.clz32(this.middle[m] as number);
      return w * 32 + 31 - Math.clz32(this.leaves[w] as number);
    }
    this.topEnd = 0;
    return -1;
  }

  /** Calls `visit` for every member, smallest first. */
  forEach(visit: (id: number) => void): void {
    for (let w = 0; w < this.leaves.length; w++) {
      for (let word = this.leaves[w] as number; word !== 0; word &= word - 1) visit(w * 32 + 31 - Math.clz32(word & -word));
    }
  }

  private grow(word: number): void {
    let size = this.leaves.length;
    while (size <= word) size *= 2;
    this.leaves = grown(this.leaves, new Int32Array(size));
    this.middle = grown(this.middle, new Int32Array(Math.max(32, size >> 5)));
    this.top = grown(this.top, new Int32Array(Math.max(32, size >> 10)));
  }
}
