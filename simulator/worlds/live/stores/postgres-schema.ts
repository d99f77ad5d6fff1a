import type { ClientBase } from 'pg';
import { settleFunctions } from './postgres-settle.ts';

interface Migration {
  name: string;
  /** `s` is the quoted schema of the run. */
  sql(s: string): string;
}

/** What makes a run's schema, in order; each is applied once and recorded. A change is a new line at the end. */
const MIGRATIONS: readonly Migration[] = [
  {
    name: 'rows of every dataset; stock only where the dataset keeps one',
    sql: (s) => `CREATE TABLE ${s}.rows (
      dataset text NOT NULL, nr bigint NOT NULL, version int NOT NULL DEFAULT 1, stock int, body bytea NOT NULL,
      PRIMARY KEY (dataset, nr)
    ) WITH (fillfactor = 70);
    ALTER TABLE ${s}.rows ALTER COLUMN body SET STORAGE EXTERNAL`,
  },
  {
    name: 'ledger, in which a guarded line of one effect, entity and cause stands once',
    sql: (s) => `CREATE TABLE ${s}.ledger (
      id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, at_ms double precision NOT NULL, effect text NOT NULL,
      entity bigint NOT NULL, cause text NOT NULL, part text NOT NULL, attempt int NOT NULL, count int NOT NULL,
      row_nr bigint, group_nr bigint, guarded boolean NOT NULL
    );
    CREATE UNIQUE INDEX ledger_guard ON ${s}.ledger (effect, entity, cause) WHERE guarded`,
  },
  {
    name: 'turn and drag, which stretch every access while the fault slow lasts, but not its wait for who has the rows',
    sql: (s) => `CREATE TABLE ${s}.pace (factor double precision NOT NULL);
    INSERT INTO ${s}.pace VALUES (1);
    CREATE FUNCTION ${s}.turn(of_dataset text, first_nr bigint, items int) RETURNS timestamptz LANGUAGE plpgsql AS $$
    BEGIN
      IF (SELECT p.factor FROM ${s}.pace p) <= 1 THEN RETURN NULL; END IF;
      PERFORM pg_advisory_xact_lock(hashtextextended('${s.replaceAll("'", "''")} ' || of_dataset, g))
        FROM generate_series(first_nr, first_nr + items - 1) g;
      RETURN clock_timestamp();
    END $$;
    CREATE FUNCTION ${s}.drag(began timestamptz) RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      IF began IS NULL THEN RETURN; END IF;
      PERFORM pg_sleep((p.factor - 1) * extract(epoch FROM clock_timestamp() - began)) FROM ${s}.pace p WHERE p.factor > 1;
    END $$`,
  },
  {
    name: 'read of neighbouring rows',
    sql: (s) => `CREATE FUNCTION ${s}.read(of_dataset text, first_nr bigint, items int)
    RETURNS TABLE (nr bigint, stock int, body bytea) LANGUAGE plpgsql AS $$
    DECLARE began timestamptz := ${s}.turn(of_dataset, first_nr, 0);
    BEGIN
      RETURN QUERY SELECT r.nr, r.stock, r.body FROM ${s}.rows r
        WHERE r.dataset = of_dataset AND r.nr >= first_nr AND r.nr < first_nr + items ORDER BY r.nr;
      PERFORM ${s}.drag(began);
    END $$`,
  },
  { name: 'write with its ledger line and its stock, all or nothing', sql: writeFunction },
  { name: 'writes that undo an effect or wait for the absence of one', sql: settleFunctions },
];

/** One transaction in one call: the line first, which decides whether this is a repeat; then the rows, the lowest first. */
function writeFunction(s: string): string {
  return `CREATE FUNCTION ${s}.write(
      to_dataset text, first_nr bigint, items int, new_body bytea, take int, is_conditional boolean, seen int, is_guarded boolean,
      l_effect text, l_at_ms double precision, l_entity bigint, l_cause text, l_part text, l_attempt int, l_count int,
      l_row bigint, l_group bigint
    ) RETURNS text LANGUAGE plpgsql AS $$
    DECLARE line bigint; began timestamptz := ${s}.turn(to_dataset, first_nr, items);
    BEGIN
      IF l_effect IS NOT NULL THEN
        INSERT INTO ${s}.ledger (at_ms, effect, entity, cause, part, attempt, count, row_nr, group_nr, guarded)
          VALUES (l_at_ms, l_effect, l_entity, l_cause, l_part, l_attempt, l_count, l_row, l_group, is_guarded)
          ON CONFLICT DO NOTHING RETURNING id INTO line;
        IF line IS NULL THEN RETURN 'repeat'; END IF;
      END IF;
      IF take > 0 THEN
        UPDATE ${s}.rows r
          SET stock = CASE WHEN is_conditional OR seen IS NULL THEN r.stock ELSE seen END - take, version = version + 1, body = new_body
          WHERE r.dataset = to_dataset AND r.nr = first_nr
            AND CASE WHEN is_conditional THEN r.stock >= take ELSE coalesce(seen >= take, true) END;
        IF NOT FOUND THEN
          DELETE FROM ${s}.ledger WHERE id = line;
          RETURN 'sold-out';
        END IF;
      END IF;
      INSERT INTO ${s}.rows AS r (dataset, nr, body)
        SELECT to_dataset, g, new_body
          FROM generate_series(first_nr + CASE WHEN take > 0 THEN 1 ELSE 0 END, first_nr + items - 1) g
        ON CONFLICT (dataset, nr) DO UPDATE SET version = r.version + 1, body = excluded.body;
      PERFORM ${s}.drag(began);
      RETURN 'ok';
    END $$`;
}

/** A name as PostgreSQL takes it whatever is in it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** Makes the schema and applies what is not applied yet, in one transaction that only one process has at a time. */
export async function migrate(client: ClientBase, schema: string): Promise<void> {
  const s = quoted(schema);
  await client.query('BEGIN');
  await client.query('SELECT pg_advisory_xact_lock(hashtext($1))', [schema]);
  await client.query(`CREATE SCHEMA IF NOT EXISTS ${s}`);
  await client.query(
    `CREATE TABLE IF NOT EXISTS ${s}.migrations (nr int PRIMARY KEY, name text NOT NULL, applied_at timestamptz DEFAULT now())`,
  );
  const { rows } = await client.query<{ nr: number }>(`SELECT nr FROM ${s}.migrations`);
  const applied = new Set(rows.map((row) => row.nr));
  for (const [nr, { name, sql }] of MIGRATIONS.entries()) {
    if (applied.has(nr)) continue;
    await client.query(sql(s));
    await client.query(`INSERT INTO ${s}.migrations (nr, name) VALUES ($1, $2)`, [nr, name]);
  }
  await client.query('COMMIT');
}
