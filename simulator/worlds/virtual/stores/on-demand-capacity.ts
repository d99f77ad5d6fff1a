/**
 * How many units a second a table on demand takes, and each of its partitions.
 *
 * The table takes at once up to twice the highest minute that it had seen `memoryMin` ago (at least its initial units, at most the quota);
 * what it does not use is kept for `burst_s`. A partition takes its own limit and no more, wherever the rest of the table stands.
 *
 * Simplified: stricter than the real table, which may take more than double within the time; rows do not move between partitions.
 */
export class OnDemandCapacity {
  private readonly initial: number;
  private readonly quota: number;
  private readonly memoryMin: number;
  private readonly burst: number;
  private readonly perPartition: number;
  private readonly partitions: number;
  private readonly tokens: Float64Array;
  private readonly tokensAt: Float64Array;
  private table: number;
  private tableAt = 0;
  private capacity: number;
  private minute = 0;
  private used = 0;
  private readonly peaks: number[] = [];

  constructor(o: {
    initial: number;
    quota: number;
    memoryMin: number;
    burst_s: number;
    perPartition: number;
    partitions: number;
  }) {
    this.initial = o.initial;
    this.quota = o.quota;
    this.memoryMin = o.memoryMin;
    this.burst = o.burst_s;
    this.perPartition = o.perPartition;
    this.partitions = o.partitions;
    this.capacity = o.initial;
    this.table = o.initial;
    this.tokens = new Float64Array(o.partitions).fill(o.perPartition);
    this.tokensAt = new Float64Array(o.partitions);
  }

  /** Takes `units` for a row with hash `hash`; false when the table or the partition has none left. */
  take(now: number, units: number, hash: number): boolean {
    const minute = Math.floor(now / 60_000);
    if (minute > this.minute) this.turn(minute);
    const p = (hash >>> 0) % this.partitions;
    const partition = Math.min(
      this.perPartition,
      (this.tokens[p] as number) + ((now - (this.tokensAt[p] as number)) * this.perPartition) / 1000,
    );
    const table = Math.min(this.capacity * this.burst, this.table + ((now - this.tableAt) * this.capacity) / 1000);
    const isTaken = partition >= Math.min(units, this.perPartition) && table >= units;
    this.tokens[p] = isTaken ? partition - units : partition;
    this.tokensAt[p] = now;
    this.table = isTaken ? table - units : table;
    this.tableAt = now;
    if (isTaken) this.used += units;
    return isTaken;
  }

  /** A new minute: what the peak was `memoryMin` ago sets what is taken now. */
  private turn(minute: number): void {
    const before = this.peaks[this.peaks.length - 1] ?? 0;
    this.peaks.push(Math.max(before, this.used / 60));
    for (let m = this.minute + 1; m < minute; m++) this.peaks.push(this.peaks[this.peaks.length - 1] as number);
    this.used = 0;
    this.minute = minute;
    const remembered = this.peaks[Math.floor(minute - this.memoryMin)] ?? 0;
    this.capacity = Math.min(this.quota, Math.max(this.initial, 2 * remembered));
  }
}
