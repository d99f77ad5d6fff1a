import type { PartOrder } from '../../simulator/worlds/live/stacks/keeper-lines.ts';

/** Listens on a port, has a child of its own, and says both. It hears no SIGTERM if it is told so. */
const SERVER = `
const child = require('node:child_process').spawn('sleep', ['600'], { stdio: 'ignore' });
if (process.argv[2] === 'deaf') process.on('SIGTERM', () => console.error('not now'));
const server = require('node:net').createServer();
server.listen(Number(process.argv[1]), '127.0.0.1', () => console.log(JSON.stringify({ port: server.address().port, child: child.pid })));
`;

/** A Node program as a part; `code` is what it runs. */
export function nodeOrder(name: string, code: string, o: Partial<PartOrder> & { words?: string[] } = {}): PartOrder {
  const { words = [], ...more } = o;
  return {
    name,
    command: process.execPath,
    args: ['-e', code, '--', ...words],
    env: {},
    cwd: '/',
    ready: { on: 'json-line' },
    ready_ms: 20_000,
    stop: 'SIGTERM',
    grace_ms: 5_000,
    orphaned: 'KILL',
    ...more,
  };
}

/** A server on `port` (0: any) that is a part. */
export function serverOrder(
  name: string,
  cwd: string,
  o: { port?: number; isDeaf?: boolean; grace_ms?: number } = {},
): PartOrder {
  const words = [String(o.port ?? 0), o.isDeaf ? 'deaf' : 'hears'];
  return nodeOrder(name, SERVER, { cwd, words, grace_ms: o.grace_ms ?? 5_000 });
}
