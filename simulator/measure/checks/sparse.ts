const FREE = -1;

/**
 * Numbers by integer keys that lie far apart, such as the few actions that create something; `empty` where nothing was set.
 *
 * Open addressing in two typed arrays: a `Map` takes four times the memory, an array by key ten times.
 */
export class Sparse {
  private keys = new Int32Array(1024).fill(FREE);
  private values = new Float64Array(1024);
  private size = 0;
  private readonly empty: number;

  constructor(empty: number) {
    this.empty = empty;
  }

  get(key: number): number {
    const at = this.placeOf(key);
    return this.keys[at] === FREE ? this.empty : (this.values[at] as number);
  }

  set(key: number, value: number): void {
    let at = this.placeOf(key);
    if (this.keys[at] === FREE) {
      if (4 * ++this.size > 3 * this.keys.length) {
        this.grow();
        at = this.placeOf(key);
      }
      this.keys[at] = key;
    }
    this.values[at] = value;
  }

  add(key: number, value: number): void {
    this.set(key, this.get(key) + value);
  }

  /** Calls `visit` for every key that was set, in rising order. */
  forEach(visit: (key: number, value: number) => void): void {
    for (const key of this.keys.filter((k) => k !== FREE).sort()) visit(key, this.get(key));
  }

  /** Where `key` is, or the free place where it belongs. */
  private placeOf(key: number): number {
    const mask = this.keys.length - 1;
    const hash = Math.imul(key, 0x9e3779b1);
    let at = (hash ^ (hash >>> 16)) & mask;
    while (this.keys[at] !== key && this.keys[at] !== FREE) at = (at + 1) & mask;
    return at;
  }

  private grow(): void {
    const { keys, values } = this;
    this.keys = new Int32Array(2 * keys.length).fill(FREE);
    this.values = new Float64Array(2 * keys.length);
    for (let i = 0; i < keys.length; i++) {
      if (keys[i] === FREE) continue;
      const at = this.placeOf(keys[i] as number);
      this.keys[at] = keys[i] as number;
      this.values[at] = values[i] as number;
    }
  }
}
