/** First in, first out, of integers, without an object per entry. */
export class IntRing {
  private items = new Int32Array(64);
  private first = 0;
  length = 0;

  push(item: number): void {
    if (this.length === this.items.length) this.grow();
    this.items[(this.first + this.length++) & (this.items.length - 1)] = item;
  }

  /** The oldest, which stays; -1 when there is none. */
  peek(): number {
    return this.length === 0 ? -1 : (this.items[this.first] as number);
  }

  /** Takes the oldest; -1 when there is none. */
  shift(): number {
    if (this.length === 0) return -1;
    const item = this.items[this.first] as number;
    this.first = (this.first + 1) & (this.items.length - 1);
    this.length--;
    return item;
  }

  private grow(): void {
    const larger = new Int32Array(this.items.length * 2);
    for (let i = 0; i < this.length; i++) larger[i] = this.items[(this.first + i) & (this.items.length - 1)] as number;
    this.items = larger;
    this.first = 0;
  }
}
