import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { mean } from '../../../domain/distribution.ts';
import type { Part, PlannedDataset } from '../../../domain/plan.ts';
import type { Tally } from '../../../domain/undoing.ts';
import type {
  Followed,
  LiveEffect,
  Outcome,
  ReadAnswer,
  RunSheet,
  SettleOrder,
  Store,
  StoreKind,
  TallyQuestion,
  WriteOrder,
} from '../contract.ts';
import { nameOf } from '../names.ts';
import { PostgresKeeper } from './postgres-keeper.ts';
import { outcomeOf, TOO_MANY_CONNECTIONS, unavailable } from './postgres-outcome.ts';
import { quoted } from './postgres-schema.ts';

/** How long to wait when the server has no connection left, until the wait for one is over. */
const NEXT_TRY_MS = 20;
/** Connections that are left to the run itself. */
const SPARE = 5;

/** Functions of the schema. */
type Call = 'read' | 'write' | 'write_held' | 'settle' | 'tally';

interface PostgresOptions {
  pool: pg.Pool;
  schema: string;
  waitMs: number;
}

/**
 * PostgreSQL as a process of the run uses it: a pool of connections, one round trip and one transaction for each access.
 *
 * The transaction is a function in the database (`postgres-schema.ts`), so that a row is locked for the server's own time and the commit.
 *
 * Simplified: the plan's `connections` bound each process, and the server all of them; who measures a small limit under several
 * processes would notice. A row that nobody wrote is read as empty.
 */
class PostgresStore implements Store {
  private readonly o: PostgresOptions;
  private readonly bodies = new Map<string, Buffer>();
  private readonly texts: Readonly<Record<Call, string>>;

  constructor(o: PostgresOptions) {
    this.o = o;
    const s = quoted(o.schema);
    this.texts = {
      read: `SELECT * FROM ${s}.read(${places(3)})`,
      write: `SELECT ${s}.write(${places(17)}) AS outcome`,
      write_held: `SELECT ${s}.write_held(${places(17)}) AS outcome`,
      settle: `SELECT ${s}.settle(${places(23)}) AS outcome`,
      tally: `SELECT * FROM ${s}.tally(${places(3)})`,
    };
  }

  async read(dataset: PlannedDataset, row: number, { items }: { items: number }): Promise<ReadAnswer> {
    const answer = await this.ask<{ nr: string; stock: number | null }>('read', [dataset.name, row, items]);
    if (typeof answer === 'string') return { outcome: answer };
    const stock = answer.find(({ nr }) => Number(nr) === row)?.stock ?? undefined;
    return { outcome: 'ok', ...(stock === undefined ? {} : { left: stock }) };
  }

  async write(order: WriteOrder): Promise<Outcome> {
    const { dataset, row, items, line, take, isConditional, isFollowed, isGuarded, seen } = order;
    const place = [dataset.name, row, items, this.bodyOf(dataset), take, isConditional, seen ?? null, isGuarded];
    const answer = await this.ask<{ outcome: Outcome }>(isFollowed ? 'write_held' : 'write', [...place, ...wordsOf(line)]);
    return typeof answer === 'string' ? answer : (answer[0] as { outcome: Outcome }).outcome;
  }

  async settle({ dataset, row, items, entity, line, isGuarded, unless, undoes }: SettleOrder): Promise<Outcome> {
    const [effect, at_ms, , ...rest] = wordsOf(line);
    const answer = await this.ask<{ outcome: Outcome }>('settle', [
      ...followedWords(unless),
      ...followedWords(undoes),
      undoes?.units ?? 0,
      entity,
      dataset.name,
      row,
      items,
      this.bodyOf(dataset),
      isGuarded,
      effect,
      at_ms,
      ...rest,
    ]);
    return typeof answer === 'string' ? answer : (answer[0] as { outcome: Outcome }).outcome;
  }

  async tally({ effect, undoneBy, entity }: TallyQuestion): Promise<Tally | Outcome> {
    const answer = await this.ask<Tally & pg.QueryResultRow>('tally', [effect, undoneBy, entity]);
    return typeof answer === 'string' ? answer : (answer[0] as Tally);
  }

  async close(): Promise<void> {
    await this.o.pool.end();
  }

  /** The answer's rows, or how it failed. */
  private async ask<Row extends pg.QueryResultRow>(name: Call, values: unknown[]): Promise<Row[] | Outcome> {
    const until = Date.now() + this.o.waitMs;
    for (;;) {
      try {
        return (await this.o.pool.query<Row>({ name, text: this.texts[name], values })).rows;
      } catch (error) {
        const outcome = outcomeOf(error);
        if (outcome === undefined) throw error;
        if ((error as { code?: string }).code !== TOO_MANY_CONNECTIONS || Date.now() > until) return outcome;
        await delay(NEXT_TRY_MS);
      }
    }
  }

  /** What an item of the dataset weighs; its bytes mean nothing. */
  private bodyOf({ name, item_kb }: PlannedDataset): Buffer {
    const made = this.bodies.get(name) ?? Buffer.alloc(Math.round(item_kb * 1_000), 1);
    this.bodies.set(name, made);
    return made;
  }
}

/** `$1, $2, ...` */
function places(n: number): string {
  return Array.from({ length: n }, (_, i) => `$${i + 1}`).join(', ');
}

/** A ledger line as nine arguments. */
function wordsOf(line: LiveEffect | undefined): unknown[] {
  if (line === undefined) return Array(9).fill(null);
  const { effect, at_ms, entity, cause, part, attempt, count, row, group } = line;
  return [effect, at_ms, entity, cause ?? '', part, attempt, count, row ?? null, group ?? null];
}

function followedWords(followed: Followed | undefined): unknown[] {
  if (followed === undefined) return [null, [], 0, 0];
  return [followed.effect, followed.undoneBy, followed.elsewhere.applied, followed.elsewhere.undone];
}

function urlOf(sheet: RunSheet): string {
  if (sheet.addresses.postgres === undefined) throw new Error('a store on PostgreSQL in a run whose stack has none');
  return sheet.addresses.postgres.url;
}

/** What every connection is told: how long to wait for a lock, how strict to be, and never to read a whole table for a key. */
function settingsOf(part: Part): string {
  const lockMs = Math.round(mean(part.values.lock_timeout_ms ?? 0));
  const isSerializable = mean(part.values.serializable ?? 0) >= 0.5;
  const isolation = isSerializable ? 'serializable' : 'read\\ committed';
  return `-c lock_timeout=${lockMs} -c default_transaction_isolation=${isolation} -c enable_seqscan=off`;
}

async function store(part: Part, sheet: RunSheet): Promise<Store> {
  const url = urlOf(sheet);
  const waitMs = mean(part.values.wait_timeout_ms as number);
  const probe = new pg.Client({ connectionString: url, connectionTimeoutMillis: waitMs });
  try {
    await probe.connect();
    const { rows } = await probe.query<{ most: number }>(
      `SELECT current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int AS most`,
    );
    const most = Math.max(1, (rows[0] as { most: number }).most - SPARE);
    const pool = new pg.Pool({
      connectionString: url,
      options: settingsOf(part),
      max: Math.max(1, Math.min(most, Math.round(mean(part.values.connections as number)))),
      connectionTimeoutMillis: waitMs,
      keepAlive: true,
    });
    // An idle connection that breaks is dropped; whoever asks next gets a new one.
    pool.on('error', () => undefined);
    return new PostgresStore({ pool, schema: nameOf(sheet.namespace, part.path), waitMs });
  } catch (error) {
    throw unavailable(error, url);
  } finally {
    await probe.end();
  }
}

async function keeper(part: Part, sheet: RunSheet): Promise<PostgresKeeper> {
  return new PostgresKeeper(urlOf(sheet), nameOf(sheet.namespace, part.path));
}

/** PostgreSQL as a store of the live world. */
export const postgres = { store, keeper } satisfies StoreKind;
