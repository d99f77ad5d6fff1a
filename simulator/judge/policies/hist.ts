import { demandAt, type FluidDefinition } from '../../domain/fluid.ts';

const HOURS = 24;
const QUANTILE = 0.9;
const ERRORS = 5;

/**
 * Hist: the 90 % quantile of what this hour of the day has needed so far, corrected by the mean of the last five errors; at once to 1.05 x load when short.
 *
 * Source: Urgaonkar et al., TAAS 2008, from its description. The hour of the day is counted from the start of the trace, since only its length is known.
 */
export const hist: FluidDefinition = {
  description: 'Hist (Urgaonkar): 90 % of what this hour of the day has needed',
  create({ capacity, history, step_s, lag, initial }) {
    const hours = Array.from({ length: HOURS }, () => new Sorted());
    const hourOf = (step: number) => hours[Math.floor((step * step_s) / 3600) % HOURS] as Sorted;
    history.forEach((load, step) => {
      hourOf(step).add(demandAt(load, capacity));
    });
    const ahead: number[] = [];
    let errors: number[] = [];
    let n = initial;
    return {
      order(t, load) {
        const step = history.length + t;
        const needed = demandAt(load, capacity);
        const said = ahead.length >= lag ? ahead.shift() : undefined;
        if (said !== undefined) errors = [...errors, said - needed].slice(-ERRORS);
        hourOf(step).add(needed);
        const expected = hourOf(step + lag).quantile(QUANTILE) ?? needed;
        ahead.push(expected);
        const error = errors.reduce((a, b) => a + b, 0) / Math.max(1, errors.length);
        const short = needed > n ? Math.ceil((1.05 * load) / (0.8 * capacity) - 1e-9) : 0;
        n = Math.max(1, Math.ceil(expected - error - 1e-9), short);
        return n;
      },
    };
  },
};

/** Numbers in order, as they come. */
class Sorted {
  private readonly values: number[] = [];

  add(value: number): void {
    let low = 0;
    let high = this.values.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.values[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    this.values.splice(low, 0, value);
  }

  quantile(q: number): number | undefined {
    return this.values[Math.min(this.values.length - 1, Math.floor(q * this.values.length))];
  }
}
