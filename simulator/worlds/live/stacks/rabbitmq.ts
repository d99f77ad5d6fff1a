import { chownSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UnavailableError } from '../../../domain/problem.ts';
import type { RunningPart } from '../contract.ts';
import { freePorts } from './free-port.ts';
import type { Keeper } from './keeper.ts';
import type { PartOrder } from './keeper-lines.ts';
import { findEpmd, findRabbitmq, noRabbitmq } from './rabbitmq-program.ts';
import { secret } from './secret.ts';
import { ownFolder, unprivileged } from './unprivileged.ts';

/** What the server says when it takes connections: its log since 3.7, or its banner. */
const READY = 'Server startup complete|completed with \\d+ plugins';

interface RabbitmqOptions {
  /** Strategies of the scenario that need no broker, for the message that there is none. */
  without: readonly string[];
  /** From so much memory on it blocks its publishers; without it, the share of the machine's that RabbitMQ takes by default. */
  memoryMb?: number;
}

/** A broker that was started, with the fault 'stop' done for real. */
export interface RabbitmqPart extends RunningPart<{ url: string }> {
  /** Starts it again on the same data and port after `stop`. */
  restart(): Promise<void>;
}

/**
 * Starts the machine's RabbitMQ as a private node: its data, log, configuration and cookie in the run's folder, on loopback and free ports.
 *
 * Erlang starts a daemon (`epmd`) by which nodes find each other, and leaves it running. Here it is a part of the run on a port of its
 * own, so that it goes with the run and is not the machine's.
 *
 * Throws: UnavailableError where it is not installed, or with its log when it does not start.
 */
export async function startRabbitmq(keeper: Keeper, o: RabbitmqOptions): Promise<RabbitmqPart> {
  const command = findRabbitmq();
  const epmd = findEpmd();
  if (command === undefined || epmd === undefined) throw new UnavailableError(noRabbitmq(o.without));
  const home = ownFolder(join(keeper.folder, 'rabbitmq'));
  const [port, distribution, names] = (await freePorts(3)) as [number, number, number];
  const password = secret();
  const base = baseOrder(home, { PATH: process.env.PATH ?? '', ERL_EPMD_PORT: String(names), ERL_EPMD_ADDRESS: '127.0.0.1' });
  writeFiles(home, { port, password, memoryMb: o.memoryMb });
  const finder = await keeper.start({
    ...base,
    name: 'epmd',
    command: epmd,
    args: ['-debug', '-debug', '-port', String(names), '-address', '127.0.0.1'],
    ready: { on: 'words', words: 'entering the main select' },
  });
  const server: PartOrder = {
    ...base,
    name: 'rabbitmq',
    command,
    args: [],
    env: { ...base.env, ...serverEnv(home, distribution) },
  };
  const start = () => keeper.start<undefined>(server);
  const part = await start().catch(async (error: unknown) => {
    await finder.stop();
    throw error;
  });
  const pids = [...part.pids, ...finder.pids];
  return {
    ...part,
    pids,
    address: { url: `amqp://placement:${password}@127.0.0.1:${port}` },
    restart: async () => {
      pids.splice(0, pids.length, ...(await start()).pids, ...finder.pids);
    },
  };
}

function baseOrder(home: string, env: Record<string, string>): PartOrder {
  const user = unprivileged();
  return {
    name: '',
    command: '',
    args: [],
    env: { ...env, HOME: home, LANG: 'C.UTF-8' },
    cwd: home,
    ...(user ? { user } : {}),
    ready: { on: 'words', words: READY },
    ready_ms: 60_000,
    stop: 'SIGTERM',
    grace_ms: 15_000,
    orphaned: 'KILL',
  };
}

/** `ALLOW_INPUT` makes the script become the server instead of watching over it, so that a signal reaches the server itself. */
function serverEnv(home: string, distribution: number): Record<string, string> {
  return {
    RABBITMQ_NODENAME: `placement-lab-${distribution}@localhost`,
    RABBITMQ_DIST_PORT: String(distribution),
    RABBITMQ_BASE: home,
    RABBITMQ_MNESIA_BASE: join(home, 'data'),
    RABBITMQ_LOG_BASE: join(home, 'log'),
    RABBITMQ_LOGS: '-',
    RABBITMQ_PID_FILE: join(home, 'pid'),
    RABBITMQ_CONF_ENV_FILE: join(home, 'none'),
    RABBITMQ_CONFIG_FILE: join(home, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(home, 'none.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(home, 'enabled_plugins'),
    RABBITMQ_GENERATED_CONFIG_DIR: join(home, 'generated'),
    RABBITMQ_ALLOW_INPUT: 'yes',
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-noinput -kernel inet_dist_use_interface {127,0,0,1}',
  };
}

function writeFiles(
  home: string,
  { port, password, memoryMb }: { port: number; password: string; memoryMb: number | undefined },
): void {
  const files: Record<string, string> = {
    enabled_plugins: '[].\n',
    '.erlang.cookie': secret(),
    'rabbitmq.conf': [
      `listeners.tcp.1 = 127.0.0.1:${port}`,
      'default_user = placement',
      `default_pass = ${password}`,
      ...(memoryMb === undefined ? [] : [`vm_memory_high_watermark.absolute = ${memoryMb}MB`]),
      'log.console = true',
      'log.file = false',
      '',
    ].join('\n'),
  };
  const user = unprivileged();
  for (const [name, text] of Object.entries(files)) {
    const path = join(home, name);
    writeFileSync(path, text, { mode: 0o400 });
    if (user) chownSync(path, user.uid, user.gid);
  }
}
