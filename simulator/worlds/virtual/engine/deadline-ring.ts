import { grown } from './calendar-queue.ts';

/**
 * Deadlines that are all the same span away, so that they fall due in the order in which they were set.
 *
 * A deadline costs two stores; whoever finishes in time leaves a stale entry behind that is skipped when it comes up. The owner keeps
 * one event pending, for the head.
 */
export class DeadlineRing {
  private at = new Float64Array(64);
  private id = new Int32Array(64);
  private generation = new Int32Array(64);
  private first = 0;
  private count = 0;
  /** True while the owner has an event pending for the head. */
  isArmed = false;

  get isEmpty(): boolean {
    return this.count === 0;
  }
  get isFull(): boolean {
    return this.count === this.at.length;
  }
  get headAt(): number {
    return this.at[this.first] as number;
  }
  get headId(): number {
    return this.id[this.first] as number;
  }
  get headGeneration(): number {
    return this.generation[this.first] as number;
  }

  push(at: number, id: number, generation: number): void {
    if (this.isFull) this.grow();
    const i = (this.first + this.count) & (this.at.length - 1);
    this.at[i] = at;
    this.id[i] = id;
    this.generation[i] = generation;
    this.count++;
  }

  shift(): void {
    this.first = (this.first + 1) & (this.at.length - 1);
    this.count--;
  }

  private grow(): void {
    const size = this.at.length;
    this.at = grown(rotated(this.at, this.first), new Float64Array(size * 2));
    this.id = grown(rotated(this.id, this.first), new Int32Array(size * 2));
    this.generation = grown(rotated(this.generation, this.first), new Int32Array(size * 2));
    this.first = 0;
  }
}

function rotated<T extends Float64Array | Int32Array>(from: T, first: number): T {
  const copy = from.slice() as T;
  copy.set(from.subarray(first) as T & Float64Array & Int32Array);
  copy.set(from.subarray(0, first) as T & Float64Array & Int32Array, from.length - first);
  return copy;
}
