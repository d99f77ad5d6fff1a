import type { Usage } from '../../../domain/cell.ts';
import { mix, Stream } from '../../../domain/draws.ts';
import { numberOf, samplerOf } from '../../../domain/part-values.ts';
import type { Part, PlannedDataset } from '../../../domain/plan.ts';
import type { Sampler } from '../../../domain/sampler.ts';
import { RowVersions } from '../engine/row-versions.ts';
import { OnDemandCapacity } from './on-demand-capacity.ts';
import { ANSWER, MONTH_MS } from './outcome.ts';

/**
 * One table on demand: units by item size, limits of the table and of the partition that a row lives in, eventual reads that may be old.
 *
 * Throttled requests come back as late as others; the caller backs off and tries again.
 *
 * Simplified: the items of one step live in one partition and are taken or throttled together; who writes large batches to many keys
 * would see a part of them throttled. A conditional write that finds its condition false costs its units, as it does there.
 */
export class DynamodbStore {
  outcome: number = ANSWER.ok;
  isStale = false;
  private read: Sampler;
  private write: Sampler;
  private readonly staleLag: Sampler;
  private readonly versions = new RowVersions();
  private readonly writes: OnDemandCapacity;
  private readonly reads: OnDemandCapacity;
  private readonly noise: Stream;
  private readonly part: Part;
  private readonly itemKb: number;
  private readonly storedGb: number;
  private readUnits = 0;
  private writeUnits = 0;

  constructor(part: Part, o: { seed: number; datasets: readonly PlannedDataset[] }) {
    this.part = part;
    this.read = samplerOf(part, 'read_ms');
    this.write = samplerOf(part, 'write_ms');
    this.staleLag = samplerOf(part, 'stale_lag_ms');
    this.noise = new Stream(o.seed, part.path);
    this.itemKb = o.datasets[0]?.item_kb ?? 1;
    this.storedGb = o.datasets.reduce((sum, d) => sum + d.stored_gb, 0);
    const common = {
      quota: numberOf(part, 'table_quota'),
      memoryMin: numberOf(part, 'doubling_min'),
      burst_s: numberOf(part, 'burst_s'),
    };
    const limits = { write: numberOf(part, 'partition_write_units'), read: numberOf(part, 'partition_read_units') };
    const initial = { write: numberOf(part, 'initial_write_units'), read: numberOf(part, 'initial_read_units') };
    const partitions = Math.max(Math.ceil(initial.write / limits.write), Math.ceil(initial.read / limits.read), 1);
    this.writes = new OnDemandCapacity({ ...common, initial: initial.write, perPartition: limits.write, partitions });
    this.reads = new OnDemandCapacity({ ...common, initial: initial.read, perPartition: limits.read, partitions });
  }

  access(now: number, _dataset: number, isWrite: boolean, row: number, items: number, consistent: boolean, u: number): number {
    this.isStale = false;
    const units = this.unitsOf(isWrite, items, consistent);
    const capacity = isWrite ? this.writes : this.reads;
    const back = now + (isWrite ? this.write : this.read).at(u);
    if (!capacity.take(now, units, mix(row, 0xd1))) {
      this.outcome = ANSWER.throttled;
      return back;
    }
    this.outcome = ANSWER.ok;
    if (isWrite) {
      this.writeUnits += units;
      const lag = this.staleLag.isConstant ? this.staleLag.mean : this.staleLag.at(this.noise.next());
      if (lag > 0) this.versions.written(row, back + lag);
    } else {
      this.readUnits += units;
      this.isStale = !consistent && this.versions.isStale(row, now);
    }
    return back;
  }

  /** Answers take `factor` times longer from now on. */
  slow(factor: number): void {
    this.read = samplerOf(this.part, 'read_ms', factor);
    this.write = samplerOf(this.part, 'write_ms', factor);
  }

  /** Write units of 1 KB; read units of 4 KB, half of them for an eventual read. */
  private unitsOf(isWrite: boolean, items: number, consistent: boolean): number {
    if (isWrite) return items * Math.ceil(this.itemKb);
    return items * Math.ceil(this.itemKb / 4) * (consistent ? 1 : 0.5);
  }

  usage(endedAt: number): Usage[] {
    const component = this.part.owner;
    return [
      { component, item: 'dynamodb-read-units', quantity: this.readUnits },
      { component, item: 'dynamodb-write-units', quantity: this.writeUnits },
      { component, item: 'dynamodb-gb-months', quantity: (this.storedGb * endedAt) / MONTH_MS },
    ];
  }
}
