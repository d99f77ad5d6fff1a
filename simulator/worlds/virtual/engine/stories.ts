import { grown } from './calendar-queue.ts';

/**
 * What work is about: whose action it belongs to, and which publication and attempt caused it.
 *
 * One row is shared by a client's attempt (or a message) and by everything that it sets off; the last one to leave frees it.
 */
export class Stories {
  action = new Int32Array(1024);
  session = new Int32Array(1024);
  user = new Int32Array(1024);
  object = new Int32Array(1024);
  operation = new Int32Array(1024);
  cause = new Int32Array(1024);
  attempt = new Int32Array(1024);
  private holders = new Int32Array(1024);
  /** Next free row; only meaningful in rows that are free. */
  private next = new Int32Array(1024);
  private free = -1;
  private used = 0;

  /** A row with one holder, for the caller to fill in. */
  take(): number {
    let s = this.free;
    if (s >= 0) this.free = this.next[s] as number;
    else {
      if (this.used === this.holders.length) this.grow();
      s = this.used++;
    }
    this.holders[s] = 1;
    return s;
  }

  /** One more holder. */
  share(s: number): number {
    this.holders[s] = (this.holders[s] as number) + 1;
    return s;
  }

  /** One holder less. */
  drop(s: number): void {
    const left = (this.holders[s] as number) - 1;
    this.holders[s] = left;
    if (left > 0) return;
    this.next[s] = this.free;
    this.free = s;
  }

  /** The same story for the caller alone, who is about to change it: `s` itself when nobody else holds it. */
  own(s: number): number {
    if (this.holders[s] === 1) return s;
    this.drop(s);
    const copy = this.take();
    for (const name of FIELDS) this[name][copy] = this[name][s] as number;
    return copy;
  }

  private grow(): void {
    const size = this.holders.length * 2;
    for (const name of FIELDS) this[name] = grown(this[name], new Int32Array(size));
    this.holders = grown(this.holders, new Int32Array(size));
    this.next = grown(this.next, new Int32Array(size));
  }
}

const FIELDS = ['action', 'session', 'user', 'object', 'operation', 'cause', 'attempt'] as const;
