import type { Usage } from '../../../domain/cell.ts';
import { mix, uniform } from '../../../domain/draws.ts';
import { numberOf, samplerOf } from '../../../domain/part-values.ts';
import type { Part, PlannedDataset } from '../../../domain/plan.ts';
import { Sampler } from '../../../domain/sampler.ts';
import { BusyUntil } from '../engine/busy-until.ts';
import { RowLocks } from '../engine/row-locks.ts';
import { ANSWER, MONTH_MS } from './outcome.ts';

/**
 * One PostgreSQL instance for all its datasets: a pool of connections, CPU cores and an I/O budget, each first come, first served.
 *
 * A connection is held for the whole access. The answer's time is known when the request comes, so no events are needed.
 * A write holds its row from its statement to its commit, one that takes from a stock for its transaction's further statements too; others
 * wait in the order in which they came, each with its connection. Under `serializable` who had to wait fails when the wait is over, and
 * its caller tries again. Reads take no locks and are never stale (one node).
 *
 * Simplified: a step that writes several items locks the first only, so there are no deadlocks; CPU and disk are reserved before the wait
 * for a lock, which who measures both on a busy disk would notice; under `serializable` only writers of one row conflict,
 * since each step is a transaction of its own.
 * What is under way when it fails over is still answered: who writes at that very moment would see an error.
 */
export class PostgresStore {
  outcome: number = ANSWER.ok;
  isStale = false;
  /** Of the last access, ms: its wait for a connection, and for a row from `lockFrom` on. */
  readonly waits = { connectionMs: 0, lockMs: 0, lockFrom: 0 };
  private readonly connections: BusyUntil;
  private readonly cores: BusyUntil;
  private readonly waitMs: number;
  private msPerIo: number;
  private cpu: { read: Sampler; write: Sampler };
  private readonly io: { read: number; write: number };
  private network: Sampler;
  private disk: Sampler;
  /** By dataset, from its first write on. */
  private readonly locks: RowLocks[] = [];
  private readonly lockTimeoutMs: number;
  private readonly isSerializable: boolean;
  private readonly transaction: Sampler;
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
    const hasWrites = part.values.lock_timeout_ms !== undefined;
    this.lockTimeoutMs = (hasWrites && numberOf(part, 'lock_timeout_ms')) || Number.POSITIVE_INFINITY;
    this.isSerializable = hasWrites && numberOf(part, 'serializable') >= 0.5;
    this.transaction = hasWrites ? samplerOf(part, 'transaction_ms') : new Sampler(0);
    this.storedGb = o.datasets.reduce((sum, d) => sum + d.stored_gb, 0);
  }

  /** When the answer is back; REFUSED after the wait for a connection timed out. `u` is the request's own uniform. */
  access(now: number, dataset: number, isWrite: boolean, row: number, items: number, isTaking: boolean, u: number): number {
    this.outcome = ANSWER.ok;
    const { waits } = this;
    const start = Math.max(this.connections.freeAt(now), this.backAt);
    waits.connectionMs = Math.min(start - now, this.waitMs);
    waits.lockMs = 0;
    if (start - now > this.waitMs) {
      this.outcome = ANSWER.refused;
      return now + this.waitMs;
    }
    const key = (u * 4_294_967_296) | 0;
    const cpuStart = this.cores.freeAt(start);
    const cpuEnd = cpuStart + items * (isWrite ? this.cpu.write : this.cpu.read).at(u);
    this.cores.take(cpuEnd);
    let end = this.throughDisk(cpuEnd, items * (isWrite ? this.io.write : this.io.read), key);
    if (isWrite) {
      if (isTaking) end += this.transaction.at(uniform(mix(key, 5)));
      end = this.locked(dataset, row, { from: cpuStart, end });
    }
    const back = end + this.network.at(uniform(mix(key, 2)));
    this.connections.take(back);
    return back;
  }

  /** When a write that would hold its row from `from` to `end` is over, given who holds it now. */
  private locked(dataset: number, row: number, { from, end }: { from: number; end: number }): number {
    const locks = this.locks[dataset] ?? new RowLocks();
    this.locks[dataset] = locks;
    const wait = Math.max(0, locks.freeAt(row) - from);
    this.waits.lockMs = Math.min(wait, this.lockTimeoutMs);
    this.waits.lockFrom = from;
    if (wait > this.lockTimeoutMs) {
      this.outcome = ANSWER.refused;
      return from + this.lockTimeoutMs;
    }
    if (wait > 0 && this.isSerializable) {
      this.outcome = ANSWER.throttled;
      return from + wait;
    }
    const until = end + wait;
    locks.hold(row, until);
    return until;
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
