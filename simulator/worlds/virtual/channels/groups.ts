import { grown } from '../engine/calendar-queue.ts';
import { IntRing } from '../engine/int-ring.ts';
import type { Messages } from './messages.ts';

/**
 * Messages by group, each group in order of publication: one that has messages out is locked until all of them are gone or back.
 *
 * Groups take turns in the order in which they could first be handed out; within a batch a group goes on as long as it lasts.
 */
export class Groups {
  /** Messages that nobody works on. */
  waiting = 0;
  private readonly messages: Messages;
  private readonly slots = new Map<number, number>();
  private readonly keys: number[] = [];
  private readonly free: number[] = [];
  private readonly out: number[] = [];
  private readonly first: number[] = [];
  private readonly last: number[] = [];
  private readonly ready = new IntRing();
  private current = -1;
  /** By message: the next of its group, and the group's slot. */
  private next = new Int32Array(1024);
  private slotOf = new Int32Array(1024);

  constructor(messages: Messages) {
    this.messages = messages;
  }

  /** Groups that could be handed out. */
  get open(): number {
    return this.ready.length;
  }

  /** Adds message `m` to group `key`, behind what was published before it. */
  put(m: number, key: number): void {
    const slot = this.slotFor(key);
    const isOpen = this.out[slot] === 0 && this.first[slot] === -1;
    this.insert(slot, m);
    if (isOpen) this.ready.push(slot);
  }

  /** The next message, which is out from now on: of the group that the batch is at, or of the next that is open; -1 if there is none. */
  take(isNewBatch: boolean): number {
    if (isNewBatch || this.current < 0 || this.first[this.current] === -1) this.current = this.ready.shift();
    const slot = this.current;
    if (slot < 0) return -1;
    const m = this.first[slot] as number;
    this.first[slot] = this.next[m] as number;
    this.out[slot] = (this.out[slot] as number) + 1;
    this.waiting--;
    return m;
  }

  /** The oldest message of the group that is next, or -1. */
  peek(): number {
    const slot = this.ready.peek();
    return slot < 0 ? -1 : (this.first[slot] as number);
  }

  /** Message `m`, which was out, is in its group again. */
  back(m: number): void {
    this.insert(this.slotOf[m] as number, m);
    this.unlock(this.slotOf[m] as number);
  }

  /** Message `m`, which was out, is gone. */
  left(m: number): void {
    this.unlock(this.slotOf[m] as number);
  }

  private unlock(slot: number): void {
    const out = (this.out[slot] as number) - 1;
    this.out[slot] = out;
    if (out > 0) return;
    if (slot === this.current) this.current = -1;
    if (this.first[slot] !== -1) this.ready.push(slot);
    else {
      this.slots.delete(this.keys[slot] as number);
      this.free.push(slot);
    }
  }

  private insert(slot: number, m: number): void {
    if (m >= this.next.length) this.grow(m);
    const { cause } = this.messages;
    this.slotOf[m] = slot;
    this.waiting++;
    const isNewest = this.first[slot] === -1 || (cause[this.last[slot] as number] as number) <= (cause[m] as number);
    let before = isNewest && this.first[slot] !== -1 ? (this.last[slot] as number) : -1;
    for (let at = isNewest ? -1 : (this.first[slot] as number); at >= 0; at = this.next[at] as number) {
      if ((cause[at] as number) > (cause[m] as number)) break;
      before = at;
    }
    const after = before < 0 ? (this.first[slot] as number) : (this.next[before] as number);
    this.next[m] = after;
    if (before < 0) this.first[slot] = m;
    else this.next[before] = m;
    if (after === -1) this.last[slot] = m;
  }

  private slotFor(key: number): number {
    const known = this.slots.get(key);
    if (known !== undefined) return known;
    const slot = this.free.pop() ?? this.keys.length;
    this.slots.set(key, slot);
    this.keys[slot] = key;
    this.out[slot] = 0;
    this.first[slot] = -1;
    this.last[slot] = -1;
    return slot;
  }

  private grow(m: number): void {
    const size = 2 ** Math.ceil(Math.log2(m + 2));
    this.next = grown(this.next, new Int32Array(size));
    this.slotOf = grown(this.slotOf, new Int32Array(size));
  }
}
