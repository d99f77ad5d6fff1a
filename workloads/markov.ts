import type { Sessions } from '../simulator/domain/workload.ts';

export const LEAVE = -1;

/** What follows what in a session, as tables of cumulative weights. */
export class Markov {
  private readonly rows: Float64Array[];
  private readonly start: Float64Array;
  private readonly count: number;

  constructor(sessions: Sessions, operations: readonly string[]) {
    this.count = operations.length;
    const row = (weights: Readonly<Record<string, number>>) =>
      cumulative([...operations.map((o) => weights[o] ?? 0), weights.leave ?? 0]);
    this.start = row(sessions.start);
    this.rows = operations.map((o) => row(sessions.next[o] ?? { leave: 1 }));
  }

  /** First operation at uniform `u`. */
  first(u: number): number {
    return this.pick(this.start, u);
  }

  /** Operation after `operation` at uniform `u`, or LEAVE. */
  after(operation: number, u: number): number {
    return this.pick(this.rows[operation] as Float64Array, u);
  }

  private pick(row: Float64Array, u: number): number {
    for (let i = 0; i < this.count; i++) if (u < (row[i] as number)) return i;
    return LEAVE;
  }
}

/** Weights as running sums from 0 to 1; all zeros stay zeros (always LEAVE). */
export function cumulative(weights: readonly number[]): Float64Array {
  const sum = weights.reduce((s, w) => s + w, 0);
  let running = 0;
  return Float64Array.from(weights, (w) => {
    running += sum > 0 ? w / sum : 0;
    return running;
  });
}
