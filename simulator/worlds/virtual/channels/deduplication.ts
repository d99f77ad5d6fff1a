/** What a queue remembers of those who sent to it: when each one's messages were taken, and where their causes begin. */
export class Deduplication {
  private readonly windowMs: number;
  private readonly known = new Map<number, { at: number; cause: number }>();

  constructor(windowMs: number) {
    this.windowMs = windowMs;
  }

  remember(sender: number, cause: number, now: number): void {
    this.known.set(sender, { at: now, cause });
  }

  /**
   * -1 while what `sender` sends is recognised, else the cause that it began with: then it is new again, and remembered from now on.
   *
   * The window counts from the message that was taken; repeats that were dropped do not lengthen it.
   */
  recognise(sender: number, now: number): number {
    const first = this.known.get(sender);
    if (first === undefined || now - first.at < this.windowMs) return -1;
    first.at = now;
    return first.cause;
  }
}
