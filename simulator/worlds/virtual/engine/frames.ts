import { grown } from './calendar-queue.ts';
import { Stories } from './stories.ts';

/** What a frame is: an operation seen by its client, a call of a component, a consumer of messages, a branch, what follows a failure. */
export const FRAME = { operation: 0, call: 1, consumer: 2, branch: 3, followUp: 4 } as const;

/**
 * The state of everything that is under way: one row per operation, call or branch, in typed arrays.
 *
 * A freed row raises its generation, so that events and parents that still point at it see that it is gone.
 */
export class Frames {
  generation = new Int32Array(1024);
  kind = new Uint8Array(1024);
  parent = new Int32Array(1024);
  parentGeneration = new Int32Array(1024);
  /** Index into the program's code. */
  pc = new Int32Array(1024);
  /** Row of `stories`: what the frame's work is about. */
  story = new Int32Array(1024);
  /** The frame's own clock, ms: it may run ahead of the queue while nothing shared is touched. */
  clock = new Float64Array(1024);
  key = new Int32Array(1024);
  component = new Int32Array(1024);
  /** Part that works on it, and the instance there while it holds one. */
  part = new Int32Array(1024);
  instance = new Int32Array(1024);
  /** When it was taken on by its instance. */
  startedAt = new Float64Array(1024);
  /** Consumer: first of its messages; linked through the message table. */
  message = new Int32Array(1024);
  /** Tries of the current store access; branches that are still out. */
  tries = new Int32Array(1024);
  open = new Int32Array(1024);
  /** Bits of FLAG. */
  flags = new Uint8Array(1024);
  /** Units of stock that it saw in its last read of one, or -1. */
  seen = new Int32Array(1024);
  /** Next frame of the same GPU batch. */
  next = new Int32Array(1024);
  /** Operation: intended time, ms. */
  intendedAt = new Float64Array(1024);
  readonly stories = new Stories();
  alive = 0;
  private free = -1;
  used = 0;

  /** A row whose work is about `story`, which it holds from now on. */
  take(story: number): number {
    let f = this.free;
    if (f >= 0) this.free = this.next[f] as number;
    else {
      if (this.used === this.kind.length) this.grow();
      f = this.used++;
    }
    this.alive++;
    this.flags[f] = FLAG.alive;
    this.tries[f] = 0;
    this.seen[f] = -1;
    this.story[f] = story;
    return f;
  }

  release(f: number): void {
    this.generation[f] = ((this.generation[f] as number) + 1) | 0;
    this.flags[f] = 0;
    this.stories.drop(this.story[f] as number);
    this.next[f] = this.free;
    this.free = f;
    this.alive--;
  }

  /** Actions that something is still to be done for. */
  *actions(): Generator<number> {
    for (let f = 0; f < this.used; f++)
      if ((this.flags[f] as number) & FLAG.alive) yield this.stories.action[this.story[f] as number] as number;
  }

  /** True while `f` is still the frame that had this generation. */
  isCurrent(f: number, generation: number): boolean {
    return f >= 0 && this.generation[f] === generation;
  }

  private grow(): void {
    const size = this.kind.length * 2;
    const ints = ['generation', 'parent', 'parentGeneration', 'pc', 'key', 'story', 'component', 'part', 'instance'] as const;
    const more = ['message', 'tries', 'open', 'seen', 'next'] as const;
    for (const name of [...ints, ...more]) this[name] = grown(this[name], new Int32Array(size));
    for (const name of ['clock', 'startedAt', 'intendedAt'] as const) this[name] = grown(this[name], new Float64Array(size));
    for (const name of ['kind', 'flags'] as const) this[name] = grown(this[name], new Uint8Array(size));
  }
}

export const FLAG = {
  alive: 1,
  /** Operation: the front door has let it in. */
  admitted: 2,
  /** Call: failing it does not fail the caller. */
  optional: 4,
  /** A branch below it has failed. */
  failed: 8,
  /** Took a slot that counts towards its pool. */
  holds: 16,
} as const;
