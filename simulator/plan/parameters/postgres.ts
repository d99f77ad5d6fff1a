import type { Parameter } from '../../domain/sourced.ts';
import { assumed, cite, lognormal } from './cite.ts';

const RDS = cite('AWS RDS instance types', '2026-07-20');

const BENCH =
  'pgbench TPC-B gives 1,500-1,800 transactions/s a Graviton4 vCPU (ClickHouse/PostgresBench@fd12147, 2026-03): ' +
  'about .9 ms of Graviton3 CPU for five statements and a commit';

const DOCS = cite('https://www.postgresql.org/docs/17/runtime-config-client.html', '2024-09');

/** Row locks and isolation: only where something writes. */
export const POSTGRES_LOCKS: Record<string, Parameter> = {
  lock_timeout_ms: DOCS.documented(0, 'ms', 'lock_timeout; 0, the default, waits for ever'),
  serializable: DOCS.documented(
    0,
    'yes or no',
    'default_transaction_isolation is read committed; 1 is repeatable read or stricter',
  ),
  transaction_ms: assumed(lognormal(1, 6), 'ms', {
    range: [0, 20],
    because: 'a transaction that takes from a stock holds its row while its client sends one more statement and the commit',
  }),
  retries: assumed(3, 'retry', { range: [0, 20], because: 'of a serialisation failure (40001), by the caller' }),
  retry_base_ms: assumed(10, 'ms', { range: [1, 100], because: 'back-off before such a retry, with full jitter' }),
};

/** One PostgreSQL server: connections, CPU and disk are separate limits, and rows are locked while they are written. */
export const POSTGRES: Record<string, Parameter> = {
  ...POSTGRES_LOCKS,
  vcpus: RDS.documented(2, 'vCPU', 'db.m7g.large; taken from the instance type'),
  cpu_ms_read: assumed(0.1, 'ms', { range: [0.03, 1], because: `a read by key; ${BENCH}` }),
  cpu_ms_write: assumed(0.3, 'ms', { range: [0.1, 2], because: `a write with its commit; ${BENCH}` }),
  iops: assumed(3_000, 'I/O per s', {
    range: [3_000, 16_000],
    because: 'baseline of a small gp3 volume; the benchmark above bought 16,000',
  }),
  io_per_read: assumed(0.2, 'I/O', { range: [0, 2], because: 'most pages are in memory' }),
  io_per_write: assumed(1, 'I/O', {
    range: [0.5, 3.5],
    because: '2-3.5 a TPC-B transaction of four writes, without group commit',
  }),
  connections: assumed(400, 'connection', {
    range: [50, 5_000],
    because: 'about 10 MB a connection (AWS, 2026-08), half of 8 GB; taken from the instance type',
  }),
  wait_timeout_ms: assumed(5_000, 'ms', {
    range: [1_000, 30_000],
    because: 'how long a caller waits for a connection; a common pool default',
  }),
  network_ms: assumed(lognormal(0.5, 3), 'ms', {
    range: [0.2, 3],
    because: 'driver and protocol, there and back, within a zone',
  }),
  disk_ms: assumed(lognormal(0.8, 4), 'ms', {
    range: [0.3, 10],
    because: 'one I/O on a gp3 volume; single-digit milliseconds are advertised',
  }),
};

/** Database instance types: what each has, smallest first. Source: AWS RDS instance types (documented), 2026-07. */
export const POSTGRES_INSTANCES: Readonly<Record<string, { vcpus: number; memory_gb: number }>> = {
  'db.t4g.medium': { vcpus: 2, memory_gb: 4 },
  'db.t4g.large': { vcpus: 2, memory_gb: 8 },
  'db.m7g.large': { vcpus: 2, memory_gb: 8 },
  'db.t4g.xlarge': { vcpus: 4, memory_gb: 16 },
  'db.m7g.xlarge': { vcpus: 4, memory_gb: 16 },
  'db.m7g.2xlarge': { vcpus: 8, memory_gb: 32 },
};

/** Connections that an instance's memory allows: about 10 MB each, in half of it. */
export function connectionsOf(memory_gb: number): Parameter {
  const documented = POSTGRES.connections as Parameter;
  return { ...documented, value: Math.floor((memory_gb * 1000) / 2 / 10) };
}
