import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Names where a program listens instead, as `host:port`: in a container, whose loopback nobody outside reaches. */
const LISTEN = 'PLACEMENT_LISTEN';

/** Lets a server listen on a free port of this machine's loopback, and says which. */
export function listenOnLoopback(server: Server): Promise<number> {
  return listen(server, '127.0.0.1', 0);
}

/** The same for the one server by which the other programs of a run reach this one, wherever it was told to listen. */
export function listenForTheRun(server: Server): Promise<number> {
  const [host = '', port] = (process.env[LISTEN] ?? '127.0.0.1:0').split(':');
  return listen(server, host, Number(port));
}

async function listen(server: Server, host: string, port: number): Promise<number> {
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, host, resolve));
  return (server.address() as AddressInfo).port;
}
