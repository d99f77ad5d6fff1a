import type { Usage } from '../../../domain/cell.ts';
import { numberOf, samplerOf } from '../../../domain/part-values.ts';
import type { Part } from '../../../domain/plan.ts';
import type { Sampler } from '../../../domain/sampler.ts';
import { IntRing } from '../engine/int-ring.ts';

/**
 * A cache at the edge: every row is kept with the time it was fetched, so that the hit ratio comes from popularity and time to live.
 *
 * A hit on a row that has changed since it was fetched is stale. When it is full, the row that came first goes.
 *
 * Simplified: one cache for all users, and every miss asks the origin even while another miss of that row is under way; a crowd on one row
 * that has just expired would reach the origin a little less.
 */
export class Edge {
  isHit = false;
  isStale = false;
  lookups = 0;
  hits = 0;
  private readonly filledAt: Float64Array;
  private readonly changedAt: Float64Array;
  private readonly order = new IntRing();
  private readonly capacity: number;
  private hit: Sampler;
  private miss: Sampler;
  private readonly part: Part;
  private kb = 0;

  constructor(part: Part, o: { seed: number; objects: number }) {
    this.part = part;
    this.capacity = numberOf(part, 'capacity_rows');
    this.hit = samplerOf(part, 'hit_ms');
    this.miss = samplerOf(part, 'miss_ms');
    this.filledAt = new Float64Array(o.objects).fill(Number.NEGATIVE_INFINITY);
    this.changedAt = new Float64Array(o.objects).fill(Number.NEGATIVE_INFINITY);
  }

  /** When the answer, or the decision to ask the origin, is ready. Sets `isHit` and `isStale`. */
  lookup(now: number, row: number, ttlMs: number, u: number): number {
    this.lookups++;
    const filled = this.filledAt[row] as number;
    this.isHit = now >= filled && now - filled < ttlMs;
    this.isStale = this.isHit && (this.changedAt[row] as number) > filled;
    if (this.isHit) this.hits++;
    return now + (this.isHit ? this.hit : this.miss).at(u);
  }

  /** The origin's answer for `row` is kept from now on. */
  filled(now: number, row: number): void {
    if ((this.filledAt[row] as number) === Number.NEGATIVE_INFINITY) {
      this.order.push(row);
      if (this.order.length > this.capacity) this.filledAt[this.order.shift()] = Number.NEGATIVE_INFINITY;
    }
    this.filledAt[row] = now;
  }

  /** The origin's row has changed. */
  changed(now: number, row: number): void {
    if (row >= 0 && row < this.changedAt.length) this.changedAt[row] = now;
  }

  /** Lookups take `factor` times longer from now on. */
  slow(factor: number): void {
    this.hit = samplerOf(this.part, 'hit_ms', factor);
    this.miss = samplerOf(this.part, 'miss_ms', factor);
  }

  /** An answer of `kb` went out to a user. */
  respond(kb: number): void {
    this.kb += kb;
  }

  usage(_endedAt: number): Usage[] {
    const component = this.part.owner;
    return [
      { component, item: 'edge-requests', quantity: this.lookups },
      { component, item: 'edge-gb', quantity: this.kb / 1e6 },
    ];
  }
}
