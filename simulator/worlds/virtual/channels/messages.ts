import { grown } from '../engine/calendar-queue.ts';
import type { Stories } from '../engine/stories.ts';

export const MESSAGE = { free: 0, visible: 1, inFlight: 2, deleted: 3 } as const;

/**
 * Every message of every queue, one row each.
 *
 * `cause` is the publication: a duplicate is another row with the same cause. `generation` changes with each receive and each reuse,
 * so that a late delete or an old visibility deadline is recognised.
 */
export class Messages {
  state = new Uint8Array(1024);
  generation = new Int32Array(1024);
  action = new Int32Array(1024);
  session = new Int32Array(1024);
  user = new Int32Array(1024);
  object = new Int32Array(1024);
  key = new Int32Array(1024);
  cause = new Int32Array(1024);
  receives = new Int32Array(1024);
  publishedAt = new Float64Array(1024);
  visibleAt = new Float64Array(1024);
  used = 0;
  private nextFree = new Int32Array(1024);
  private free = -1;

  take(): number {
    let m = this.free;
    if (m >= 0) this.free = this.nextFree[m] as number;
    else {
      if (this.used === this.state.length) this.grow();
      m = this.used++;
    }
    this.state[m] = MESSAGE.visible;
    this.receives[m] = 0;
    return m;
  }

  /** Fills `story` with what message `m` is about, at its newest receive. */
  tell(m: number, stories: Stories, story: number): void {
    stories.operation[story] = -1;
    stories.action[story] = this.action[m] as number;
    stories.session[story] = this.session[m] as number;
    stories.user[story] = this.user[m] as number;
    stories.object[story] = this.object[m] as number;
    stories.cause[story] = this.cause[m] as number;
    stories.attempt[story] = this.receives[m] as number;
  }

  /** Messages that lie in a queue or are being worked on. */
  *waiting(): Generator<number> {
    for (let m = 0; m < this.used; m++) if (this.state[m] === MESSAGE.visible || this.state[m] === MESSAGE.inFlight) yield m;
  }

  release(m: number): void {
    this.state[m] = MESSAGE.free;
    this.generation[m] = ((this.generation[m] as number) + 1) | 0;
    this.nextFree[m] = this.free;
    this.free = m;
  }

  private grow(): void {
    const size = this.state.length * 2;
    this.state = grown(this.state, new Uint8Array(size));
    const ints = ['generation', 'action', 'session', 'user', 'object', 'key', 'cause', 'receives', 'nextFree'] as const;
    for (const name of ints) this[name] = grown(this[name], new Int32Array(size));
    this.publishedAt = grown(this.publishedAt, new Float64Array(size));
    this.visibleAt = grown(this.visibleAt, new Float64Array(size));
  }
}

/** Messages that one consumer works through in one go: (message, generation at receive, outcome), linked. */
export class Deliveries {
  message = new Int32Array(256);
  generation = new Int32Array(256);
  isDone = new Uint8Array(256);
  next = new Int32Array(256);
  private used = 0;
  private free = -1;

  take(message: number, generation: number): number {
    let d = this.free;
    if (d >= 0) this.free = this.next[d] as number;
    else {
      if (this.used === this.message.length) this.grow();
      d = this.used++;
    }
    this.message[d] = message;
    this.generation[d] = generation;
    this.isDone[d] = 0;
    this.next[d] = -1;
    return d;
  }

  release(d: number): void {
    this.next[d] = this.free;
    this.free = d;
  }

  private grow(): void {
    const size = this.message.length * 2;
    this.message = grown(this.message, new Int32Array(size));
    this.generation = grown(this.generation, new Int32Array(size));
    this.next = grown(this.next, new Int32Array(size));
    this.isDone = grown(this.isDone, new Uint8Array(size));
  }
}
