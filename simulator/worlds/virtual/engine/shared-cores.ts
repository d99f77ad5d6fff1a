/**
 * Cores that everything which computes shares evenly: of n at a time each gets all of a core, or `cores / n` of one.
 *
 * Processor sharing: how far each has come since it began is the same for all that are there, so one sum of progress serves them all.
 */
export class SharedCores<T> {
  private readonly cores: number;
  /** What is not done yet, the next to be done last. `end` is a value of `progress`. */
  private readonly active: { end: number; what: T }[] = [];
  /** Ms of work that anyone who was there all the time would have done by `at`. */
  private progress = 0;
  private at = 0;

  constructor(cores: number) {
    this.cores = cores;
  }

  /** `what` begins at `now` and is done when it has had `work_ms` of a core. */
  add(what: T, work_ms: number, now: number): void {
    this.progress += (now - this.at) * this.rate;
    this.at = now;
    const end = this.progress + work_ms;
    let i = this.active.length;
    while (i > 0 && (this.active[i - 1] as { end: number }).end <= end) i--;
    this.active.splice(i, 0, { end, what });
  }

  /** When the next is done, if nobody comes; infinite when nobody is there. */
  get nextAt(): number {
    const next = this.active.at(-1);
    return next === undefined ? Number.POSITIVE_INFINITY : this.at + Math.max(0, next.end - this.progress) / this.rate;
  }

  /** Takes out the one that is done next, at `nextAt`. */
  take(): T {
    const at = this.nextAt;
    const next = this.active.pop();
    if (next === undefined) throw new RangeError('nothing shares the cores');
    this.progress = next.end;
    this.at = at;
    return next.what;
  }

  /** Of a core, that one more would have now. */
  get rateOfNext(): number {
    return this.rateAmong(this.active.length + 1);
  }

  /** Of a core, that each has now. */
  private get rate(): number {
    return this.rateAmong(this.active.length);
  }

  private rateAmong(count: number): number {
    return Math.min(1, this.cores / Math.max(1, count));
  }
}
