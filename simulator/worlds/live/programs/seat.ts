import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { listenForTheRun } from '../listen.ts';
import { bodyOf } from '../platforms/lambda/body.ts';
import { announce } from './process.ts';

/** What a container can become. */
const PROGRAMS = { gateway: () => import('./gateway.ts'), worker: () => import('./worker.ts') };
const OrderSchema = z.strictObject({ program: z.enum(['gateway', 'worker']), env: z.record(z.string(), z.string()) });
const ORDER_MAX = 1_000_000;

/**
 * A container that is up and waits to be taken: becomes one program of one run, on the same port, and ends with it.
 *
 * So instances are there by `up --scale`, which knows of services and numbers, and not of pools and runs.
 */
const seat = { isTaken: false };
const server = createServer((request, response) => {
  take(request, response).catch((error: Error) => response.writeHead(400).end(error.message));
});

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (seat.isTaken) return void response.writeHead(409).end('this seat is taken');
  if (request.method !== 'PUT') return void response.end('{"seat":"free"}');
  const { body } = await bodyOf(request, ORDER_MAX);
  const { program, env } = OrderSchema.parse(JSON.parse(body.toString()));
  seat.isTaken = true;
  Object.assign(process.env, env);
  await new Promise<void>((resolve) => response.setHeader('connection', 'close').end('{}', resolve));
  server.closeAllConnections();
  server.close(() => {
    PROGRAMS[program]().catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
  });
}

process.once('SIGTERM', () => {
  if (!seat.isTaken) process.exit(0);
});
announce({ port: await listenForTheRun(server) });
