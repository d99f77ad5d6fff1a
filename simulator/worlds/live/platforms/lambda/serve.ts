import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenForTheRun } from '../../listen.ts';
import { ApiError, tooLarge } from './api-error.ts';
import { bodyOf } from './body.ts';
import type { Invocation } from './invocation.ts';
import { PAYLOAD_MAX } from './parameters.ts';
import { routeOf } from './routes.ts';
import { Runtime, type RuntimeOptions } from './runtime.ts';

/** Largest request that is no invocation: code as base64. */
const REQUEST_MAX = 100 * 1024 * 1024;
const INVOKE = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/;

/** A function runtime that answers; `stop` waits until nothing of it is left. */
export interface ServedRuntime {
  url: string;
  runtime: Runtime;
  stop(): Promise<void>;
}

/** Serves the Lambda API on a free port of the loopback interface, for any SDK client. */
export async function serveLambda(o: RuntimeOptions): Promise<ServedRuntime> {
  const runtime = new Runtime(o);
  const server = createServer((request, response) => {
    answer(runtime, request, response).catch((error: unknown) => refuse(response, error));
  });
  server.keepAliveTimeout = 60_000;
  const port = await listenForTheRun(server);
  const stop = async (): Promise<void> => {
    server.close();
    await runtime.stop();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}`, runtime, stop };
}

async function answer(runtime: Runtime, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = 'GET', url = '/' } = request;
  const at = url.indexOf('?');
  const path = at < 0 ? url : url.slice(0, at);
  const name = method === 'POST' ? INVOKE.exec(path)?.[1] : undefined;
  if (name !== undefined) return invoke(runtime, { name: decodeURIComponent(name), request, response });
  const { body, bytes } = await bodyOf(request, REQUEST_MAX);
  if (bytes > REQUEST_MAX) throw tooLarge(bytes, { limit: REQUEST_MAX, invocationType: 'API' });
  const { act, status, name: of } = routeOf(method, path);
  const query = new URLSearchParams(at < 0 ? '' : url.slice(at + 1));
  const result = await act(runtime, { name: of, query, body: body.length > 0 ? parsed(body) : {} });
  const headers = { 'Content-Type': 'application/json', 'x-amzn-RequestId': runtime.nextId() };
  response.writeHead(status, headers).end(status === 204 ? undefined : JSON.stringify(result));
}

async function invoke(runtime: Runtime, o: { name: string; request: IncomingMessage; response: ServerResponse }): Promise<void> {
  const { headers } = o.request;
  const type = headers['x-amz-invocation-type'] ?? 'RequestResponse';
  const limit = type === 'Event' ? PAYLOAD_MAX.async : PAYLOAD_MAX.sync;
  const { body, bytes } = await bodyOf(o.request, limit);
  const pool = runtime.find(o.name);
  if (bytes > limit) throw tooLarge(bytes, { limit, invocationType: String(type) });
  const invocation: Invocation = {
    requestId: runtime.nextId(),
    payload: body.length > 0 ? checked(body) : Buffer.from('{}'),
    traceId: headers['x-amzn-trace-id'] as string | undefined,
    wantsLog: headers['x-amz-log-type'] === 'Tail',
  };
  const id = { 'x-amzn-RequestId': invocation.requestId };
  if (type === 'DryRun') return void o.response.writeHead(204, id).end();
  if (type === 'Event') {
    runtime.asynchronous.accept(pool, invocation);
    return void o.response.writeHead(202, id).end();
  }
  const done = await pool.invoke(invocation);
  o.response.writeHead(200, {
    ...id,
    'Content-Type': 'application/json',
    'X-Amz-Executed-Version': '$LATEST',
    ...(done.error !== undefined && { 'X-Amz-Function-Error': done.error }),
    ...(invocation.wantsLog && { 'X-Amz-Log-Result': Buffer.from(done.log).toString('base64') }),
  });
  o.response.end(done.payload);
}

function parsed(body: Buffer): Record<string, unknown> {
  try {
    return JSON.parse(body.toString()) as Record<string, unknown>;
  } catch (error) {
    const message = `Could not parse request body into json: ${(error as Error).message}`;
    throw new ApiError(400, 'InvalidRequestContentException', { message });
  }
}

function checked(body: Buffer): Buffer {
  parsed(body);
  return body;
}

function refuse(response: ServerResponse, error: unknown): void {
  const known =
    error instanceof ApiError
      ? error
      : new ApiError(500, 'ServiceException', { message: String((error as Error)?.stack ?? error) });
  const body = JSON.stringify({ Type: known.status < 500 ? 'User' : 'Service', message: known.message, ...known.fields });
  const headers = { 'Content-Type': 'application/json', 'x-amzn-ErrorType': known.type };
  if (!response.headersSent) response.writeHead(known.status, headers);
  response.end(body);
}
