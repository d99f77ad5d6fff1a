/** Places in an event's row; the code is at 0. */
const TARGET = 1;
const ARG = 2;
const NEXT = 3;
/** Fewest days of the calendar. */
const DAYS_MIN = 4096;

/**
 * Pending events in order of time: a calendar of short sorted lists, with a heap for what lies far ahead.
 *
 * Holds plain numbers in typed arrays (time, code, target, argument): no object and no closure per event. A day is a quarter of the mean
 * gap between events, so that most days hold one event or none, and a bitmap finds the next day that holds any: neither putting in nor
 * taking out has a loop whose length the processor cannot foresee.
 *
 * Equal times are ordered by `tie`, which compares what the events are about, never when they were put in.
 *
 * Source: R. Brown, "Calendar queues", CACM 31(10), 1988; the far heap replaces his year-by-year search.
 */
export class CalendarQueue {
  /** The event that `pop` took out. */
  time = 0;
  code = 0;
  target = 0;
  arg = 0;
  size = 0;

  private times = new Float64Array(1024);
  /** Four integers an event: code, target, argument, next in its list. */
  private rows = new Int32Array(4 * 1024);
  private free = -1;
  private used = 0;

  private heads = new Int32Array(DAYS_MIN).fill(-1);
  /** One bit a day: whether its list holds anything. */
  private held = new Int32Array(DAYS_MIN >> 5);
  private mask = DAYS_MIN - 1;
  private inverseWidth = 1;
  private day = 0;
  private near = 0;
  private far = new Int32Array(256);
  private farSize = 0;
  /** First day on which the earliest far event comes within the calendar. */
  private farDay = Number.POSITIVE_INFINITY;
  private pops = 0;
  private popsAt = 0;
  private lookedAt = 0;
  private readonly tie: TieBreaker;

  constructor(tie: TieBreaker) {
    this.tie = tie;
  }

  push(time: number, code: number, target: number, arg: number): void {
    let i = this.free;
    if (i >= 0) this.free = this.rows[4 * i + NEXT] as number;
    else i = this.take();
    const rows = this.rows;
    rows[4 * i] = code;
    rows[4 * i + TARGET] = target;
    rows[4 * i + ARG] = arg;
    this.times[i] = time;
    this.size++;
    this.place(i, time);
  }

  /** Time of the earliest event; infinite when there is none. */
  peek(): number {
    if (this.size === 0) return Number.POSITIVE_INFINITY;
    if (this.near === 0) this.jumpToFar();
    const from = this.day & this.mask;
    const rest = (this.held[from >>> 5] as number) >>> (from & 31);
    if (rest !== 0) this.day += 31 - Math.clz32(rest & -rest);
    else this.nextWord(from);
    if (this.day >= this.farDay) this.pullFar();
    return this.times[this.heads[this.day & this.mask] as number] as number;
  }

  /** Goes on to the first day that holds something after the 32 days that `from` is among. */
  private nextWord(from: number): void {
    const words = this.mask >>> 5;
    let word = from >>> 5;
    this.day -= from & 31;
    do {
      word = (word + 1) & words;
      this.day += 32;
      this.lookedAt++;
    } while (this.held[word] === 0);
    const bits = this.held[word] as number;
    this.day += 31 - Math.clz32(bits & -bits);
  }

  /** Takes out the earliest event into `time`, `code`, `target`, `arg`; `peek` must have been called since the last change. */
  pop(): void {
    const bucket = this.day & this.mask;
    const rows = this.rows;
    const head = this.heads[bucket] as number;
    const after = rows[4 * head + NEXT] as number;
    this.heads[bucket] = after;
    if (after < 0) this.held[bucket >>> 5] = (this.held[bucket >>> 5] as number) & ~(1 << (bucket & 31));
    this.time = this.times[head] as number;
    this.code = rows[4 * head] as number;
    this.target = rows[4 * head + TARGET] as number;
    this.arg = rows[4 * head + ARG] as number;
    rows[4 * head + NEXT] = this.free;
    this.free = head;
    this.near--;
    this.size--;
    if (++this.pops >= 16_384) this.adapt();
  }

  private place(i: number, time: number): void {
    let day = Math.floor(time * this.inverseWidth);
    if (day < this.day) day = this.day;
    if (day > this.day + this.mask) this.pushFar(i);
    else this.insert(i, day & this.mask);
  }

  /** Puts event `i` into its day's list, which is kept sorted. */
  private insert(i: number, bucket: number): void {
    const { times, rows } = this;
    const time = times[i] as number;
    let at = this.heads[bucket] as number;
    this.near++;
    if (at < 0) {
      rows[4 * i + NEXT] = -1;
      this.heads[bucket] = i;
      this.held[bucket >>> 5] = (this.held[bucket >>> 5] as number) | (1 << (bucket & 31));
      return;
    }
    let before = -1;
    let looked = 0;
    while (at >= 0) {
      looked++;
      const other = times[at] as number;
      if (other > time || (other === time && this.isBefore(i, at))) break;
      before = at;
      at = rows[4 * at + NEXT] as number;
    }
    rows[4 * i + NEXT] = at;
    if (before < 0) this.heads[bucket] = i;
    else rows[4 * before + NEXT] = i;
    this.lookedAt += looked;
  }

  private isBefore(i: number, j: number): boolean {
    const rows = this.rows;
    const [codeA, targetA, argA] = [rows[4 * i] as number, rows[4 * i + TARGET] as number, rows[4 * i + ARG] as number];
    const [codeB, targetB, argB] = [rows[4 * j] as number, rows[4 * j + TARGET] as number, rows[4 * j + ARG] as number];
    const order = this.tie(codeA, targetA, codeB, targetB);
    return (order || codeA - codeB || targetA - targetB || argA - argB) < 0;
  }

  private take(): number {
    if (this.used === this.times.length) this.grow();
    return this.used++;
  }

  private grow(): void {
    const size = this.times.length * 2;
    this.times = grown(this.times, new Float64Array(size));
    this.rows = grown(this.rows, new Int32Array(4 * size));
  }

  /** Nothing near: go on at the day of the earliest far event. */
  private jumpToFar(): void {
    const first = this.far[0] as number;
    this.day = Math.max(this.day, Math.floor((this.times[first] as number) * this.inverseWidth));
    this.pullFar();
  }

  private pullFar(): void {
    const end = this.day + this.mask;
    while (this.farSize > 0) {
      const first = this.far[0] as number;
      const day = Math.floor((this.times[first] as number) * this.inverseWidth);
      if (day > end) {
        this.farDay = day - this.mask;
        return;
      }
      this.popFar();
      this.insert(first, Math.max(day, this.day) & this.mask);
    }
    this.farDay = Number.POSITIVE_INFINITY;
  }

  private pushFar(i: number): void {
    if (this.farSize === this.far.length) this.far = grown(this.far, new Int32Array(this.far.length * 2));
    let at = this.farSize++;
    const time = this.times[i] as number;
    while (at > 0) {
      const up = (at - 1) >> 2;
      const parent = this.far[up] as number;
      if ((this.times[parent] as number) <= time) break;
      this.far[at] = parent;
      at = up;
    }
    this.far[at] = i;
    if (at === 0) this.farDay = Math.floor(time * this.inverseWidth) - this.mask;
  }

  private popFar(): void {
    const last = this.far[--this.farSize] as number;
    const time = this.times[last] as number;
    let at = 0;
    for (;;) {
      const first = 4 * at + 1;
      if (first >= this.farSize) break;
      let least = first;
      const end = Math.min(first + 4, this.farSize);
      for (let c = first + 1; c < end; c++) {
        if ((this.times[this.far[c] as number] as number) < (this.times[this.far[least] as number] as number)) least = c;
      }
      if ((this.times[this.far[least] as number] as number) >= time) break;
      this.far[at] = this.far[least] as number;
      at = least;
    }
    this.far[at] = last;
  }

  /** Every 16,384 pops: a day gets a quarter of the mean gap if it was far from that and it cost, or memory is out of proportion. */
  private adapt(): void {
    const gap = (this.time - this.popsAt) / this.pops;
    const looks = this.lookedAt / this.pops;
    const wanted = gap > 0 ? 4 / gap : this.inverseWidth;
    const days = Math.max(DAYS_MIN, 1 << Math.min(22, 35 - Math.clz32(this.size)));
    const isOff = wanted > 1.5 * this.inverseWidth || 1.5 * wanted < this.inverseWidth;
    if ((looks > 0.5 && isOff) || days > 4 * (this.mask + 1) || days * 16 < this.mask + 1) this.rebuild(wanted, days);
    this.pops = 0;
    this.popsAt = this.time;
    this.lookedAt = 0;
  }

  private rebuild(inverseWidth: number, days: number): void {
    const pending: number[] = [];
    for (let b = 0; b <= this.mask; b++) {
      for (let i = this.heads[b] as number; i >= 0; i = this.rows[4 * i + NEXT] as number) pending.push(i);
    }
    for (let k = 0; k < this.farSize; k++) pending.push(this.far[k] as number);
    this.heads = new Int32Array(days).fill(-1);
    this.held = new Int32Array(days >> 5);
    this.mask = days - 1;
    this.inverseWidth = inverseWidth;
    this.day = Math.floor(this.time * inverseWidth);
    this.near = 0;
    this.farSize = 0;
    this.farDay = Number.POSITIVE_INFINITY;
    for (const i of pending) this.place(i, this.times[i] as number);
  }
}

/** Order of two events of equal time, by what they are about: negative, zero or positive. */
export type TieBreaker = (codeA: number, targetA: number, codeB: number, targetB: number) => number;

/** Copies `from` into the larger array `into`. */
export function grown<T extends Float64Array | Int32Array | Uint32Array | Uint8Array>(from: T, into: T): T {
  into.set(from);
  return into;
}
