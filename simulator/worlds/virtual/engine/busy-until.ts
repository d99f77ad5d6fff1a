import { grown } from './calendar-queue.ts';

/** A limited number of places, each taken until a known time: a binary heap of those times, no events. */
export class BusyUntil {
  private ends = new Float64Array(16);
  private used = 0;
  private readonly places: number;

  constructor(places: number) {
    this.places = places;
  }

  /** When a place is free for someone who comes at `now`. */
  freeAt(now: number): number {
    while (this.used > 0 && (this.ends[0] as number) <= now) this.dropFirst();
    return this.used < this.places ? now : (this.ends[0] as number);
  }

  /** Takes the place that `freeAt` named, until `end`. */
  take(end: number): void {
    if (this.used >= this.places) this.dropFirst();
    if (this.used === this.ends.length) this.ends = grown(this.ends, new Float64Array(this.used * 2));
    let i = this.used++;
    while (i > 0 && (this.ends[(i - 1) >> 1] as number) > end) {
      this.ends[i] = this.ends[(i - 1) >> 1] as number;
      i = (i - 1) >> 1;
    }
    this.ends[i] = end;
  }

  private dropFirst(): void {
    const last = this.ends[--this.used] as number;
    let i = 0;
    for (;;) {
      let child = 2 * i + 1;
      if (child >= this.used) break;
      if (child + 1 < this.used && (this.ends[child + 1] as number) < (this.ends[child] as number)) child++;
      if ((this.ends[child] as number) >= last) break;
      this.ends[i] = this.ends[child] as number;
      i = child;
    }
    this.ends[i] = last;
  }
}
