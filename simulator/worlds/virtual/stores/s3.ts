import type { Usage } from '../../../domain/cell.ts';
import { numberOf, samplerOf } from '../../../domain/part-values.ts';
import type { Part, PlannedDataset } from '../../../domain/plan.ts';
import type { Sampler } from '../../../domain/sampler.ts';
import { TokenBucket } from '../../../domain/token-bucket.ts';
import { ANSWER, MONTH_MS } from './outcome.ts';

/**
 * One bucket with one prefix: latency laws, a request rate that the prefix takes, and 503 Slow Down above it.
 *
 * Reads after writes are never stale (strong consistency since 2020-12).
 * Simplified: prefixes are not split under sustained load, which takes AWS half an hour or more; the latency law is one for all sizes
 * (1 MB takes 111 ms at the median, STeLLAR 2021), which who moves large objects would notice; the items of a step come in parallel.
 */
export class S3Store {
  outcome: number = ANSWER.ok;
  isStale = false;
  private get: Sampler;
  private put: Sampler;
  private readonly gets: TokenBucket;
  private readonly puts: TokenBucket;
  private readonly part: Part;
  private readonly storedGb: number;
  private getCount = 0;
  private putCount = 0;

  constructor(part: Part, o: { seed: number; datasets: readonly PlannedDataset[] }) {
    this.part = part;
    this.get = samplerOf(part, 'get_ms');
    this.put = samplerOf(part, 'put_ms');
    const [getsPerS, putsPerS] = [numberOf(part, 'gets_per_s'), numberOf(part, 'puts_per_s')];
    this.gets = new TokenBucket(getsPerS, getsPerS);
    this.puts = new TokenBucket(putsPerS, putsPerS);
    this.storedGb = o.datasets.reduce((sum, d) => sum + d.stored_gb, 0);
  }

  access(now: number, _dataset: number, isWrite: boolean, _row: number, items: number, _consistent: boolean, u: number): number {
    const bucket = isWrite ? this.puts : this.gets;
    this.outcome = bucket.take(now, items) ? ANSWER.ok : ANSWER.throttled;
    if (this.outcome === ANSWER.ok) {
      if (isWrite) this.putCount += items;
      else this.getCount += items;
    }
    return now + (isWrite ? this.put : this.get).at(u);
  }

  /** Answers take `factor` times longer from now on. */
  slow(factor: number): void {
    this.get = samplerOf(this.part, 'get_ms', factor);
    this.put = samplerOf(this.part, 'put_ms', factor);
  }

  usage(endedAt: number): Usage[] {
    const component = this.part.owner;
    return [
      { component, item: 's3-gets', quantity: this.getCount },
      { component, item: 's3-puts', quantity: this.putCount },
      { component, item: 's3-gb-months', quantity: (this.storedGb * endedAt) / MONTH_MS },
    ];
  }
}
