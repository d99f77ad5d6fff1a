import { keyOf, mix, uniform } from '../../../domain/draws.ts';
import { numberOf } from '../../../domain/part-values.ts';
import type { Part } from '../../../domain/plan.ts';
import { grown } from '../engine/calendar-queue.ts';

const MONTH_MS = 730 * 3_600_000;
const BOUGHT = { onDemand: 0, spot: 1, spotWithNotice: 2 } as const;

/**
 * Which machines of a pool are spot ones, and when EC2 takes each of them back.
 *
 * A launch is on demand while fewer than the base stand, else on spot, as an EC2 Auto Scaling group with an on-demand base capacity does.
 * The time of a machine is exponential, drawn from seed, path and its number in the pool: nothing that happens elsewhere moves it.
 *
 * Simplified: machines are taken back one by one, and there is always another to be had; real ones go in waves of one type and zone, during
 * which nothing may be left, which the faults `spot-wave` and `kill ... for` play. No rebalance recommendation comes before the notice, and a
 * machine that goes within its first hour is billed all the same: whoever assumes many interruptions a day would see both. After T no more
 * notices are given.
 *
 * Source: Amazon EC2 User Guide, Spot Instance interruption notices.
 */
export class Spot {
  readonly noticeMs: number;
  interruptions = 0;
  private bought = new Uint8Array(64);
  /** On-demand machines that start or take work. */
  private standing = 0;
  private readonly base: number;
  private readonly key: number;
  private readonly meanMs: number;

  constructor(part: Part, o: { seed: number; base: number }) {
    this.base = o.base;
    this.noticeMs = numberOf(part, 'spot_notice_s') * 1000;
    this.meanMs = MONTH_MS / numberOf(part, 'spot_interruptions_per_month');
    this.key = mix(mix(o.seed | 0, keyOf(part.path)), keyOf('spot interruption'));
  }

  /** Machine `i` is launched: how long until it gets its notice; infinite on demand. */
  launched(i: number): number {
    if (i >= this.bought.length) this.bought = grown(this.bought, new Uint8Array(this.bought.length * 2));
    if (this.standing < this.base) {
      this.standing++;
      return Number.POSITIVE_INFINITY;
    }
    this.bought[i] = BOUGHT.spot;
    return -Math.log(1 - uniform(mix(this.key, i + 1))) * this.meanMs;
  }

  /** Machine `i` takes no more work. */
  withdrawn(i: number): void {
    if (!this.has(i)) this.standing--;
  }

  has(i: number): boolean {
    return this.bought[i] !== BOUGHT.onDemand;
  }

  /** Whether machine `i` may still be told that it has to go. */
  canBeTold(i: number): boolean {
    return this.bought[i] === BOUGHT.spot;
  }

  tell(i: number): void {
    this.bought[i] = BOUGHT.spotWithNotice;
    this.interruptions++;
  }
}
