/** Numbers by dense integer keys, growing as keys come; `empty` where nothing was set. */
export class Dense {
  private values: Float64Array;
  private readonly empty: number;

  constructor(empty: number) {
    this.empty = empty;
    this.values = new Float64Array(1024).fill(empty);
  }

  get(key: number): number {
    return key < this.values.length ? (this.values[key] as number) : this.empty;
  }

  set(key: number, value: number): void {
    if (key >= this.values.length) {
      const larger = new Float64Array(Math.max(key + 1, this.values.length * 2)).fill(this.empty);
      larger.set(this.values);
      this.values = larger;
    }
    this.values[key] = value;
  }

  add(key: number, value: number): void {
    this.set(key, this.get(key) + value);
  }

  /** Calls `visit` for every key that was set, in rising order. */
  forEach(visit: (key: number, value: number) => void): void {
    this.values.forEach((value, key) => {
      if (value !== this.empty) visit(key, value);
    });
  }
}
