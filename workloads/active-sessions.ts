const GROW = 2;

/**
 * Sessions that are under way, by the time of their next action: a 4-ary heap over typed arrays.
 *
 * The heap holds each time beside its row, so that four children are compared within one cache line. Equal times are ordered by session
 * number.
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
  /** Time of the row at the same place of the heap. */
  private times = new Float64Array(256);
  private free: number[] = [];
  private used = 0;

  /** Row of the session whose next action comes first. */
  get first(): number {
    return this.heap[0] as number;
  }

  get firstAt(): number {
    return this.size === 0 ? Number.POSITIVE_INFINITY : (this.times[0] as number);
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
    const { heap, times } = this;
    const time = this.at[row] as number;
    let i = this.size++;
    while (i > 0) {
      const up = (i - 1) >> 2;
      const above = times[up] as number;
      if (above < time || (above === time && this.isEarlier(heap[up] as number, row))) break;
      heap[i] = heap[up] as number;
      times[i] = above;
      i = up;
    }
    heap[i] = row;
    times[i] = time;
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
    const { heap, times, size } = this;
    const time = this.at[row] as number;
    let i = 0;
    for (let child = 1; child < size; child = 4 * i + 1) {
      let least = child;
      let earliest = times[child] as number;
      const end = Math.min(child + 4, size);
      for (let c = child + 1; c < end; c++) {
        const other = times[c] as number;
        if (other > earliest || (other === earliest && !this.isEarlier(heap[c] as number, heap[least] as number))) continue;
        least = c;
        earliest = other;
      }
      if (time < earliest || (time === earliest && this.isEarlier(row, heap[least] as number))) break;
      heap[i] = heap[least] as number;
      times[i] = earliest;
      i = least;
    }
    heap[i] = row;
    times[i] = time;
  }

  /** Order of two rows of equal time. */
  private isEarlier(a: number, b: number): boolean {
    return (this.session[a] as number) < (this.session[b] as number);
  }

  private grow(): void {
    const size = this.at.length * GROW;
    const copy = <T extends Float64Array | Int32Array | Uint8Array>(from: T, into: T): T => {
      into.set(from);
      return into;
    };
    for (const name of ['at', 'times'] as const) this[name] = copy(this[name], new Float64Array(size));
    for (const name of ['session', 'key', 'user', 'operation', 'action'] as const)
      this[name] = copy(this[name], new Int32Array(size));
    this.heap = copy(this.heap, new Int32Array(size));
    this.isOld = copy(this.isOld, new Uint8Array(size));
  }
}
