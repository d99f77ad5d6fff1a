import type { Usage } from '../../../domain/cell.ts';
import { mix, uniform } from '../../../domain/draws.ts';
import type { Part, PlannedDataset } from '../../../domain/plan.ts';
import type { Sampler } from '../../../domain/sampler.ts';
import { BusyUntil } from '../engine/busy-until.ts';
import { numberOf, samplerOf } from '../part-values.ts';
import { ANSWER, MONTH_MS } from './outcome.ts';

/**
 * One PostgreSQL instance for all its datasets: a pool of connections, CPU cores and an I/O budget, each first come, first served.
 *
 * A connection is held for the whole access. The answer's time is known when the request comes, so no events are needed.
 * Reads are never stale (one node). Row locks come with the shop.
 *
 * Simplified: what is under way when it fails over is still answered; who writes at that very moment would see an error.
 */
export class PostgresStore {
  outcome: number = ANSWER.ok;
  isStale = false;
  private readonly connections: BusyUntil;
  private readonly cores: BusyUntil;
  private readonly waitMs: number;
  private msPerIo: number;
  private cpu: { read: Sampler; write: Sampler };
  private readonly io: { read: number; write: number };
  private network: Sampler;
  private disk: Sampler;
  /** Nobody gets a connection before. */
  private backAt = Number.NEGATIVE_INFINITY;
  private ioFree = 0;
  private readonly part: Part;
  private readonly storedGb: number;

  constructor(part: Part, o: { seed: number; datasets: readonly PlannedDataset[] }) {
    this.part = part;
    this.connections = new BusyUntil(Math.max(1, Math.round(numberOf(part, 'connections'))));
    this.cores = new BusyUntil(Math.max(1, Math.round(numberOf(part, 'vcpus'))));
    this.waitMs = numberOf(part, 'wait_timeout_ms');
    this.msPerIo = 1000 / numberOf(part, 'iops');
    this.cpu = { read: samplerOf(part, 'cpu_ms_read'), write: samplerOf(part, 'cpu_ms_write') };
    this.io = { read: numberOf(part, 'io_per_read'), write: numberOf(part, 'io_per_write') };
    this.network = samplerOf(part, 'network_ms');
    this.disk = samplerOf(part, 'disk_ms');
    this.storedGb = o.datasets.reduce((sum, d) => sum + d.stored_gb, 0);
  }

  /** When the answer is back; REFUSED after the wait for a connection timed out. `u` is the request's own uniform. */
  access(now: number, _dataset: number, isWrite: boolean, _row: number, items: number, _consistent: boolean, u: number): number {
    this.outcome = ANSWER.ok;
    const start = Math.max(this.connections.freeAt(now), this.backAt);
    if (start - now > this.waitMs) {
      this.outcome = ANSWER.refused;
      return now + this.waitMs;
    }
    const key = (u * 4_294_967_296) | 0;
    const cpuStart = this.cores.freeAt(start);
    const cpuEnd = cpuStart + items * (isWrite ? this.cpu.write : this.cpu.read).at(u);
    this.cores.take(cpuEnd);
    const end = this.throughDisk(cpuEnd, items * (isWrite ? this.io.write : this.io.read), key);
    const back = end + this.network.at(uniform(mix(key, 2)));
    this.connections.take(back);
    return back;
  }

  /** Everything takes `factor` times longer from now on: CPU, disk and the way there. */
  slow(factor: number): void {
    const law = (name: string) => samplerOf(this.part, name, factor);
    this.cpu = { read: law('cpu_ms_read'), write: law('cpu_ms_write') };
    this.msPerIo = (1000 * factor) / numberOf(this.part, 'iops');
    this.network = law('network_ms');
    this.disk = law('disk_ms');
  }

  /** It fails over, and takes connections again at `backAt`. */
  failOver(backAt: number): void {
    this.backAt = Math.max(this.backAt, backAt);
  }

  /** I/O wait for `amount` operations: a fraction is the chance of one more. */
  private throughDisk(now: number, amount: number, key: number): number {
    const whole = Math.floor(amount);
    const operations = whole + (uniform(mix(key, 3)) < amount - whole ? 1 : 0);
    if (operations === 0) return now;
    const start = Math.max(now, this.ioFree);
    this.ioFree = start + operations * this.msPerIo;
    return start + this.disk.at(uniform(mix(key, 4)));
  }

  usage(endedAt: number): Usage[] {
    const component = this.part.owner;
    return [
      { component, item: `postgres-hours:${this.part.words.instance ?? 'db.m7g.large'}`, quantity: endedAt / 3_600_000 },
      { component, item: 'postgres-gb-months', quantity: (this.storedGb * endedAt) / MONTH_MS },
    ];
  }
}
