import type { Usage } from '../../domain/cell.ts';
import { numberOf } from '../../domain/part-values.ts';
import type { PlannedDataset } from '../../domain/plan.ts';
import { Admission } from './engine/admission.ts';
import { DynamodbStore } from './stores/dynamodb.ts';
import { ANSWER } from './stores/outcome.ts';
import { PostgresStore } from './stores/postgres.ts';
import { S3Store } from './stores/s3.ts';
import type { World } from './world.ts';

/** Sends each access to the store that holds the dataset, and keeps the answer's outcome. */
export class StoreDesk {
  outcome = 0;
  isStale = false;
  /** By part index. */
  private readonly dynamodb: (DynamodbStore | undefined)[] = [];
  private readonly postgres: (PostgresStore | undefined)[] = [];
  private readonly s3: (S3Store | undefined)[] = [];
  /** By part index, while a fault turns accesses away: who gets through, and what the others are told. */
  private readonly gates: ({ admission: Admission; answer: number } | undefined)[];
  private readonly world: World;
  private readonly datasets: PlannedDataset[];
  private readonly retriesOf: Int32Array;
  private readonly backoffOf: Float64Array;

  constructor(world: World) {
    const { plan, seed } = world.cell;
    this.world = world;
    this.datasets = plan.datasets;
    this.gates = plan.parts.map(() => undefined);
    plan.parts.forEach((part, i) => {
      const o = { seed, datasets: plan.datasets.filter((d) => d.part === i) };
      if (part.kind === 'dynamodb') this.dynamodb[i] = new DynamodbStore(part, o);
      else if (part.kind === 'postgres') this.postgres[i] = new PostgresStore(part, o);
      else if (part.kind === 's3') this.s3[i] = new S3Store(part, o);
    });
    const value = (d: PlannedDataset, name: string) => {
      const part = plan.parts[d.part];
      return part && part.values[name] !== undefined ? numberOf(part, name) : 0;
    };
    this.retriesOf = Int32Array.from(plan.datasets, (d) => value(d, 'retries'));
    this.backoffOf = Float64Array.from(plan.datasets, (d) => value(d, 'retry_base_ms'));
  }

  /**
   * Time at which the answer is back; sets `outcome` and `isStale`. `access` packs items * 4 + strict * 2 + write: a strict read is
   * consistent, a strict write takes from a stock.
   */
  access(now: number, dataset: number, access: number, row: number, u: number): number {
    const planned = this.datasets[dataset] as PlannedDataset;
    const isWrite = (access & 1) !== 0;
    const isStrict = (access & 2) !== 0 || (!isWrite && planned.consistent_reads);
    const items = access >> 2;
    const store = this.dynamodb[planned.part] ?? this.postgres[planned.part] ?? this.s3[planned.part];
    if (store === undefined) throw new RangeError(`dataset ${planned.name} has no store`);
    const gate = this.gates[planned.part];
    if (gate !== undefined && !gate.admission.lets()) return this.turnAway(now, gate.answer);
    const answered = store.access(now, dataset, isWrite, row, items, isStrict, u);
    const waits = this.waitsOf(dataset);
    const at = this.world.stretched(now, answered, waits === undefined ? 0 : waits.connectionMs + waits.lockMs);
    this.outcome = store.outcome;
    this.isStale = store.isStale;
    return at;
  }

  /** What is turned away is answered at once, and costs nothing. */
  private turnAway(now: number, answer: number): number {
    this.outcome = answer;
    this.isStale = false;
    return now;
  }

  /** The store of part `i` answers so many times slower, and lets through only this share of what is asked; none when it is stopped. */
  disturb(i: number, o: { factor: number; share: number; isStopped: boolean }): void {
    (this.dynamodb[i] ?? this.postgres[i] ?? this.s3[i])?.slow(o.factor);
    this.gates[i] = undefined;
    if (o.share < 1) this.gates[i] = { admission: new Admission(o.share), answer: ANSWER.throttled };
    if (o.isStopped) this.gates[i] = { admission: new Admission(0), answer: ANSWER.refused };
  }

  /** The database of part `i` is away until `backAt`. */
  failOver(i: number, backAt: number): void {
    this.postgres[i]?.failOver(backAt);
  }

  /** What the last access to a dataset waited for, where its store has connections and locks. */
  waitsOf(dataset: number): PostgresStore['waits'] | undefined {
    return this.postgres[(this.datasets[dataset] as PlannedDataset).part]?.waits;
  }

  retries(dataset: number): number {
    return this.retriesOf[dataset] as number;
  }

  backoffMs(dataset: number): number {
    return this.backoffOf[dataset] as number;
  }

  usage(now: number): Usage[] {
    return [...this.dynamodb, ...this.postgres, ...this.s3].flatMap((store) => store?.usage(now) ?? []);
  }
}
