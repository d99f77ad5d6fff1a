import { mix, PURPOSE, uniform } from '../simulator/domain/draws.ts';
import { Sampler } from '../simulator/domain/sampler.ts';
import type { Workload } from '../simulator/domain/workload.ts';
import { Cumulative } from './cumulative.ts';

/**
 * When sessions begin: a process of unit rate in the time of the cumulative rate, so that every process follows every shape.
 *
 * Bursty gaps are a two-phase hyperexponential with balanced means and the given squared coefficient of variation.
 */
export class ArrivalStream {
  /** The session that `next` went to: its number and when it begins, ms. */
  number = -1;
  at_ms = 0;
  private sum = 0;
  private readonly key: number;
  private readonly cumulative: Cumulative;
  private readonly process: Workload['process'];
  private readonly exponential = new Sampler({ kind: 'exponential', mean: 1 });

  constructor(o: { key: number; process: Workload['process']; rate: (t_s: number) => number; from_s: number; to_s: number }) {
    this.key = o.key;
    this.process = o.process;
    this.cumulative = new Cumulative(o.rate, o.from_s, o.to_s);
  }

  /** Key of the current session. */
  get sessionKey(): number {
    return mix(this.key, this.number);
  }

  /** Goes to the next session; `at_ms` is infinite after the last. */
  next(): void {
    this.number++;
    this.sum += this.gap(mix(this.sessionKey, PURPOSE.gap));
    this.at_ms = this.cumulative.inverse(this.sum) * 1000;
  }

  private gap(key: number): number {
    if (this.process.kind === 'regular') return 1;
    const unit = this.exponential.at(uniform(key));
    if (this.process.kind === 'poisson' || this.process.cv2 === 1) return unit;
    const { cv2 } = this.process;
    const share = (1 + Math.sqrt((cv2 - 1) / (cv2 + 1))) / 2;
    const isShort = uniform(mix(key, 1)) < share;
    return unit / (2 * (isShort ? share : 1 - share));
  }
}
