import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Names where a server listens instead, as `host:port`: in a container, whose loopback nobody outside reaches. */
const LISTEN = 'PLACEMENT_LISTEN';

/** Lets a server listen on a free port of this machine's loopback, and says which. */
export async function listenOnLoopback(server: Server): Promise<number> {
  const [host, port] = (process.env[LISTEN] ?? '127.0.0.1:0').split(':');
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(Number(port), host, resolve));
  return (server.address() as AddressInfo).port;
}
