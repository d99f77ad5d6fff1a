const GROW = 2;

/**
 * Sessions that are under way, by the time of their next action: a 4-ary heap over typed arrays.
 *
 * Equal times are ordered by session number.
 */
export class ActiveSessions {
  size = 0;
  at = new Float64Array(256);
  session = new Int32Array(256);
  key = new Int32Array(256);
  user = new Int32Array(256);
  operation = new Int32Array(256);
  action = new Int32Array(256);
  /** 1 for a session that was under way before the run began. */
  isOld = new Uint8Array(256);
  private heap = new Int32Array(256);
  private free: number[] = [];
  private used = 0;

  /** Row of the session whose next action comes first. */
  get first(): number {
    return this.heap[0] as number;
  }

  get firstAt(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : (this.at[this.first] as number);
  }

  /** A row for a new session; fill it in, then call `enter`. */
  take(): number {
    const row = this.free.pop();
    if (row !== undefined) return row;
    if (this.used === this.at.length) this.grow();
    return this.used++;
  }

  /** Puts row `row` in its place. */
  enter(row: number): void {
    let i = this.size++;
    while (i > 0) {
      const up = (i - 1) >> 2;
      const parent = this.heap[up] as number;
      if (!this.isBefore(row, parent)) break;
      this.heap[i] = parent;
      i = up;
    }
    this.heap[i] = row;
  }

  /** The first session has a later next action now. */
  settle(): void {
    this.sink(this.first);
  }

  /** The first session leaves. */
  leave(): void {
    this.free.push(this.first);
    const last = this.heap[--this.size] as number;
    if (this.size > 0) this.sink(last);
  }

  private sink(row: number): void {
    let i = 0;
    for (;;) {
      const child = 4 * i + 1;
      if (child >= this.size) break;
      let least = child;
      const end = Math.min(child + 4, this.size);
      for (let c = child + 1; c < end; c++) {
        if (this.isBefore(this.heap[c] as number, this.heap[least] as number)) least = c;
      }
      if (!this.isBefore(this.heap[least] as number, row)) break;
      this.heap[i] = this.heap[least] as number;
      i = least;
    }
    this.heap[i] = row;
  }

  private isBefore(a: number, b: number): boolean {
    const [x, y] = [this.at[a] as number, this.at[b] as number];
    return x < y || (x === y && (this.session[a] as number) < (this.session[b] as number));
  }

  private grow(): void {
    const size = this.at.length * GROW;
    const copy = <T extends Float64Array | Int32Array | Uint8Array>(from: T, into: T): T => {
      into.set(from);
      return into;
    };
    this.at = copy(this.at, new Float64Array(size));
    for (const name of ['session', 'key', 'user', 'operation', 'action'] as const)
      this[name] = copy(this[name], new Int32Array(size));
    this.heap = copy(this.heap, new Int32Array(size));
    this.isOld = copy(this.isOld, new Uint8Array(size));
  }
}
