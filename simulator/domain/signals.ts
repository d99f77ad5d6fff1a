import type { Promises } from './promises.ts';

/**
 * What may announce load before it is there, a second, over the last interval:
 * `queue_growth`, messages by which the queues that the pool consumes grew (negative where they shrank);
 * `sessions_starting`, sessions whose first action came to the front door;
 * `followers_reached`, followers of the accounts whose actions at the front door are published to followers.
 */
export const SIGNALS = ['queue_growth', 'sessions_starting', 'followers_reached'] as const;
export type Signal = (typeof SIGNALS)[number];

/** The signals that a controller has declared; null where the world cannot know one. */
export type Signals = Readonly<Partial<Record<Signal, number | null>>>;

/** Turns what is counted since the start into signals, of those that a controller wants only. */
export class SignalMeter {
  private readonly wanted: readonly Signal[];
  private readonly before = new Map<Signal, number>();
  private at_s = 0;

  constructor(wanted: readonly Signal[]) {
    this.wanted = wanted;
  }

  /** Of the time since the last reading; `count` says what there is of a signal by now, or null where nobody can know. */
  read(at_s: number, count: (signal: Signal) => number | null): Signals {
    const span_s = Math.max(1e-9, at_s - this.at_s);
    this.at_s = at_s;
    return Object.fromEntries(this.wanted.map((signal) => [signal, this.since(signal, count(signal), span_s)]));
  }

  private since(signal: Signal, count: number | null, span_s: number): number | null {
    if (count === null) return null;
    const before = this.before.get(signal) ?? 0;
    this.before.set(signal, count);
    return (count - before) / span_s;
  }
}

/** What the front door counts where a controller wants to know: sessions that began in the run, followers of who published to them. */
export class DoorCounts {
  sessions = 0;
  /** Null where nothing that can be done goes to followers: nobody has any then. */
  followers: number | null;
  private readonly promises: Promises;

  constructor(promises: Promises) {
    this.promises = promises;
    this.followers = promises.reachesFollowers ? 0 : null;
  }

  /** A user's action comes to the door for the first time. */
  acted({ operation, user, isFirst }: { operation: number; user: number; isFirst: boolean }): void {
    if (isFirst) this.sessions++;
    if (this.followers !== null) this.followers += this.promises.followersOf(operation, user);
  }
}
