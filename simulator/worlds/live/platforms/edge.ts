import type { Part } from '../../../domain/plan.ts';
import { wallMs } from '../clock.ts';
import type { Cache } from '../components/surroundings.ts';

/** A cache at the front door: keeps rows with the time they were fetched; when it is full, the row that came first goes. */
export class Edge implements Cache {
  lookups = 0;
  hits = 0;
  private readonly filledAt = new Map<number, number>();
  private readonly capacity: number;

  constructor(part: Part) {
    this.capacity = typeof part.values.capacity_rows === 'number' ? part.values.capacity_rows : Number.POSITIVE_INFINITY;
  }

  has(row: number, ttlMs: number): boolean {
    this.lookups++;
    const filled = this.filledAt.get(row);
    const isHit = filled !== undefined && wallMs() - filled < ttlMs;
    if (isHit) this.hits++;
    return isHit;
  }

  fill(row: number): void {
    if (!this.filledAt.has(row) && this.filledAt.size >= this.capacity) {
      const oldest = this.filledAt.keys().next().value;
      if (oldest !== undefined) this.filledAt.delete(oldest);
    }
    this.filledAt.set(row, wallMs());
  }
}
