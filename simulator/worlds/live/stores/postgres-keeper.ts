import pg from 'pg';
import type { PlannedDataset } from '../../../domain/plan.ts';
import type { LiveEffect, StoreKeeper } from '../contract.ts';
import { unavailable } from './postgres-outcome.ts';
import { migrate, quoted } from './postgres-schema.ts';

/** Lines that are fetched at once when the ledger is read back. */
const PAGE = 5_000;

interface LedgerRow {
  id: string;
  at_ms: number;
  effect: string;
  entity: string;
  cause: string;
  part: string;
  attempt: number;
  count: number;
  row_nr: string | null;
  group_nr: string | null;
}

/** The run's schema in PostgreSQL before, during and after the run. */
export class PostgresKeeper implements StoreKeeper {
  private readonly url: string;
  private readonly schema: string;
  private readonly s: string;

  constructor(url: string, schema: string) {
    this.url = url;
    this.schema = schema;
    this.s = quoted(schema);
  }

  async prepare(datasets: readonly PlannedDataset[], { objects }: { objects: number }): Promise<void> {
    await this.connected(async (client) => {
      await migrate(client, this.schema);
      for (const { name, stock } of datasets) {
        if (!stock) continue;
        await client.query(
          `INSERT INTO ${this.s}.rows (dataset, nr, stock, body)
             SELECT $1, g, CASE WHEN g < $2 THEN $3::int ELSE $4::int END, '' FROM generate_series(0, $5::bigint - 1) g`,
          [name, stock.hot_rows, stock.hot, stock.each, objects],
        );
      }
      await client.query(`ANALYZE ${this.s}.rows`);
    });
  }

  async *readBack(): AsyncIterable<LiveEffect> {
    const client = await this.connect();
    try {
      for (let after = '0'; ; ) {
        const { rows } = await client.query<LedgerRow>(`SELECT * FROM ${this.s}.ledger WHERE id > $1 ORDER BY id LIMIT ${PAGE}`, [
          after,
        ]);
        for (const row of rows) yield effectOf(row);
        if (rows.length < PAGE) return;
        after = (rows.at(-1) as LedgerRow).id;
      }
    } finally {
      await client.end();
    }
  }

  async stockLeft(): Promise<Record<string, Record<number, number>>> {
    const left: Record<string, Record<number, number>> = {};
    await this.connected(async (client) => {
      const { rows } = await client.query<{ dataset: string; nr: string; stock: number }>(
        `SELECT dataset, nr, stock FROM ${this.s}.rows WHERE stock IS NOT NULL`,
      );
      for (const { dataset, nr, stock } of rows) {
        left[dataset] ??= {};
        left[dataset][Number(nr)] = stock;
      }
    });
    return left;
  }

  /**
   * Everything takes `factor` times longer from now on; 1 ends it.
   *
   * Simplified: the access waits before its commit, with its connection and its locks, in place of computing and reading more; the
   * commit itself is as fast as ever. Who looks at the CPU of the database would notice.
   */
  async slow(factor: number): Promise<void> {
    await this.connected((client) => client.query(`UPDATE ${this.s}.pace SET factor = $1`, [factor]));
  }

  async dispose(): Promise<void> {
    await this.connected((client) => client.query(`DROP SCHEMA IF EXISTS ${this.s} CASCADE`));
  }

  private async connected(act: (client: pg.Client) => Promise<unknown>): Promise<void> {
    const client = await this.connect();
    try {
      await act(client);
    } finally {
      await client.end();
    }
  }

  private async connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.url, connectionTimeoutMillis: 10_000 });
    // A connection that breaks while nothing is asked says so to whoever asks next.
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end();
      throw unavailable(error, this.url);
    }
  }
}

function effectOf(row: LedgerRow): LiveEffect {
  return {
    at_ms: row.at_ms,
    effect: row.effect,
    entity: Number(row.entity),
    cause: row.cause === '' ? null : row.cause,
    part: row.part,
    attempt: row.attempt,
    count: row.count,
    ...(row.row_nr === null ? {} : { row: Number(row.row_nr) }),
    ...(row.group_nr === null ? {} : { group: Number(row.group_nr) }),
  };
}
