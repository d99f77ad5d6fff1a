import type { Server } from 'node:http';
import { listenOnLoopback } from '../listen.ts';
import { announce } from '../programs/process.ts';

/**
 * Listens on a free port of loopback, says which in one line of JSON on standard output, and resolves when standard input has ended.
 *
 * Standard input is a pipe from who started this process: it ends when that is gone, however it went. Idle connections stay open, since a
 * server that closes one in the moment in which a client uses it makes an error that no real service would.
 */
export async function serve(server: Server): Promise<void> {
  server.keepAliveTimeout = 0;
  announce({ port: await listenOnLoopback(server) });
  process.stdin.resume();
  await new Promise((resolve) => process.stdin.once('close', resolve));
}
