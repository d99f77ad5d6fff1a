import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningPart } from '../contract.ts';
import { freePorts } from './free-port.ts';
import type { Keeper } from './keeper.ts';
import type { PartOrder } from './keeper-lines.ts';
import { postgresPrograms } from './postgres-binaries.ts';
import { secret } from './secret.ts';
import { ownFolder, unprivileged } from './unprivileged.ts';

const USER = 'placement_lab';
const READY = 'database system is ready to accept connections';

/**
 * Settings of the server, all others as PostgreSQL ships them.
 *
 * A commit is answered when it is on disk (`fsync`, `synchronous_commit`), so that what was acknowledged survives a crash. Shared memory
 * lies in files of the data folder, so that a killed server leaves none behind.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '200',
  shared_buffers: '128MB',
  fsync: 'on',
  synchronous_commit: 'on',
  full_page_writes: 'on',
  wal_level: 'minimal',
  max_wal_senders: '0',
  io_method: 'sync',
  dynamic_shared_memory_type: 'mmap',
  jit: 'off',
};

/** A PostgreSQL that was started, and how it fails over: with one node that is a crash and a recovery from its log. */
export interface PostgresPart extends RunningPart<{ url: string }> {
  /** At once, without a checkpoint: every connection breaks, and what was committed is in the write-ahead log only. */
  crash(): Promise<void>;
  /** Starts it again on the same data and port, and waits for the recovery. */
  recover(): Promise<void>;
}

/**
 * Starts PostgreSQL 18 with its data in the run's folder, on loopback and a free port.
 *
 * Throws: UnavailableError where this machine has no binaries for it, or with its log when it does not start.
 */
export async function startPostgres(keeper: Keeper): Promise<PostgresPart> {
  const bin = postgresPrograms(keeper.folder);
  const home = ownFolder(join(keeper.folder, 'postgres'));
  const [port] = (await freePorts(1)) as [number];
  const password = secret();
  const order = (name: string, command: string, args: string[]): PartOrder => ({
    name,
    command: join(bin, command),
    args,
    env: { LC_ALL: 'C', PATH: process.env.PATH ?? '', HOME: home },
    cwd: home,
    ...asUser(),
    ready: { on: 'end' },
    ready_ms: 60_000,
    stop: 'SIGINT',
    grace_ms: 10_000,
    // At once, and taking its shared memory along, which KILL would leave.
    orphaned: 'QUIT',
  });
  const data = join(home, 'data');
  await keeper.start(order('initdb', 'initdb', initWords({ data, home, password })));
  const settings = Object.entries({ ...SETTINGS, port: String(port) }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server: PartOrder = { ...order('postgres', 'postgres', ['-D', data, ...settings]), ready: { on: 'words', words: READY } };
  const part = await keeper.start<undefined>(server);
  return {
    ...part,
    address: { url: `postgres://${USER}:${password}@127.0.0.1:${port}/postgres` },
    crash: () => keeper.stop('postgres', 'SIGQUIT'),
    recover: async () => {
      part.pids.splice(0, part.pids.length, ...(await keeper.start(server)).pids);
    },
  };
}

/** Words for `initdb`: what it writes need not be on disk, since a run that dies that early starts anew. */
function initWords({ data, home, password }: { data: string; home: string; password: string }): string[] {
  const file = join(home, 'password');
  const user = unprivileged();
  writeFileSync(file, password, { mode: user ? 0o644 : 0o600 });
  return ['-D', data, '-U', USER, '--auth=scram-sha-256', `--pwfile=${file}`, '--no-sync', '--encoding=UTF8', '--no-locale'];
}

function asUser(): { user?: { uid: number; gid: number } } {
  const user = unprivileged();
  return user ? { user } : {};
}
