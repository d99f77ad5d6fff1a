import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './find-program.ts';

/**
 * Where packages put the server's own script.
 *
 * Debian's on PATH is a wrapper that refuses everybody but root and `rabbitmq`; Homebrew's lies where PATH often does not look.
 */
const FOLDERS = ['/usr/lib/rabbitmq/bin', '/opt/homebrew/sbin', '/usr/local/sbin'];

const HOW_TO_GET: Readonly<Record<string, string>> = {
  linux:
    'Debian, Ubuntu: sudo apt-get install --no-install-recommends rabbitmq-server, then sudo systemctl disable --now rabbitmq-server ' +
    '(a run starts a broker of its own). Fedora: sudo dnf install rabbitmq-server. Alpine: sudo apk add rabbitmq-server.',
  darwin: 'brew install rabbitmq (it need not be started: a run starts a broker of its own).',
};

/** How to get RabbitMQ on this kind of machine. */
export const HOW_TO_GET_RABBITMQ = HOW_TO_GET[process.platform] ?? 'See https://www.rabbitmq.com/docs/download.';

/** What to say where there is no broker; `without` are the strategies of the scenario that need none. */
export function noRabbitmq(without: readonly string[]): string {
  const others = without.length > 0 ? ` Strategies that need no broker: ${without.join(', ')} (--strategy ${without[0]}).` : '';
  return `RabbitMQ is not installed on this machine. ${HOW_TO_GET_RABBITMQ}${others}`;
}

/**
 * The script that starts a broker, or what the environment names in its place. It is never asked for its version: this program starts a
 * broker whatever its words are.
 */
export function findRabbitmq(): string | undefined {
  return process.env.RABBITMQ_SERVER ?? findProgram('rabbitmq-server', FOLDERS);
}

/** Erlang's list of nodes, beside its runtime where a package does not put it on PATH. */
export function findEpmd(): string | undefined {
  const roots = ['/usr/lib/erlang', '/usr/lib64/erlang', '/opt/homebrew/lib/erlang', '/usr/local/lib/erlang'].filter((root) =>
    existsSync(root),
  );
  const runtimes = roots.flatMap((root) => readdirSync(root).map((name) => join(root, name, 'bin')));
  return findProgram('epmd', runtimes);
}
