import type { Plan } from '../../../domain/plan.ts';
import { Promises } from '../../../domain/promises.ts';
import { DoorCounts } from '../../../domain/signals.ts';
import type { Story } from '../contract.ts';

/** What the front door has counted. */
export type Counted = Pick<DoorCounts, 'sessions' | 'followers'>;

/** The front door's eye on who comes: requests overtake each other, so a session begins with whichever of its own is seen first. */
export class DoorWatch {
  private readonly counts: DoorCounts;
  private readonly seen = new Set<number>();
  private readonly firstSession: number;

  /** Sessions with a lower number than `firstSession` began before the run. */
  constructor(plan: Plan, firstSession: number) {
    this.counts = new DoorCounts(new Promises(plan));
    this.firstSession = firstSession;
  }

  get counted(): Counted {
    const { sessions, followers } = this.counts;
    return { sessions, followers };
  }

  /** A user comes to the door; who tries again has been counted. */
  came({ session, user, operation, attempt }: Pick<Story, 'session' | 'user' | 'operation' | 'attempt'>): void {
    if (attempt > 1) return;
    const isFirst = session >= this.firstSession && !this.seen.has(session);
    if (isFirst) this.seen.add(session);
    this.counts.acted({ operation, user, isFirst });
  }
}
