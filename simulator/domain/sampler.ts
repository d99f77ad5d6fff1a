import { type Distribution, mean, quantile } from './distribution.ts';

const BINS = 1024;
/** Bins at either end that are divided into `FINE` bins each. */
const TAIL = 16;
const FINE = 64;
/** Fine bins at either end that use the exact quantile. */
const EXACT = 16;
/** Places of the fine bins in the table, after the coarse ones. */
const LOW = BINS + 1;
const HIGH = LOW + TAIL * FINE + 1;

/**
 * A law compiled to a table of its quantiles: 2 ns a draw whatever the law.
 *
 * Linear between 1,024 quantiles (8 KB, which stays in the nearest cache); the 16 bins at either end are divided by 64, and the outermost
 * 16 of these use the exact quantile, so that tails are not cut off. The mean of an exponential law is off by less than 1e-5 of itself.
 */
export class Sampler {
  readonly mean: number;
  private readonly law: Distribution;
  private readonly constant: number;
  private readonly table: Float64Array | null;

  constructor(law: Distribution) {
    this.law = law;
    this.mean = mean(law);
    this.constant = typeof law === 'number' ? law : Number.NaN;
    this.table = typeof law === 'number' ? null : tableOf(law);
  }

  /** True when every draw is the same number. */
  get isConstant(): boolean {
    return this.table === null;
  }

  /** The value at uniform `u` in [0, 1). */
  at(u: number): number {
    const table = this.table;
    if (table === null) return this.constant;
    const x = u * BINS;
    const i = x | 0;
    if (i < TAIL || i >= BINS - TAIL) return this.inTail(u);
    const low = table[i] as number;
    return low + (x - i) * ((table[i + 1] as number) - low);
  }

  private inTail(u: number): number {
    const table = this.table as Float64Array;
    const x = (u < 0.5 ? u : u - 1 + TAIL / BINS) * BINS * FINE;
    const i = x | 0;
    if (u < 0.5 ? i < EXACT : i >= TAIL * FINE - EXACT) return quantile(this.law, u);
    const at = (u < 0.5 ? LOW : HIGH) + i;
    const low = table[at] as number;
    return low + (x - i) * ((table[at + 1] as number) - low);
  }
}

/** The highest uniform that the table is made for; what lies above is exact. */
const LAST = 1 - 1e-9;
const tables = new Map<string, Float64Array>();

function tableOf(law: Distribution): Float64Array {
  const key = JSON.stringify(law);
  let table = tables.get(key);
  if (table === undefined) {
    table = new Float64Array(HIGH + TAIL * FINE + 1);
    for (let i = 0; i <= BINS; i++) table[i] = quantile(law, Math.min(i / BINS, LAST));
    for (let i = 0; i <= TAIL * FINE; i++) {
      table[LOW + i] = quantile(law, i / (BINS * FINE));
      table[HIGH + i] = quantile(law, Math.min(1 - TAIL / BINS + i / (BINS * FINE), LAST));
    }
    tables.set(key, table);
  }
  return table;
}
