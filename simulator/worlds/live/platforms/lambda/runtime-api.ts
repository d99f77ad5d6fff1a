import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { listenOnLoopback } from '../../listen.ts';
import { bodyOf } from './body.ts';
import type { Invocation } from './invocation.ts';
import { RESPONSE_MAX } from './parameters.ts';

/** What an environment is told about its process. */
export interface RuntimeListener {
  /** It asks for work: INIT is over when that happens first. */
  asked(): void;
  initFailed(payload: Buffer): void;
  /** `isTooLarge`: the answer is above the limit and its payload is left out. */
  answered(requestId: string, o: { payload: Buffer; isError: boolean; isTooLarge: boolean }): void;
}

/**
 * The Lambda Runtime API (2018-06-01) of one environment, on a port of its own: any program that speaks it can be the function.
 *
 * Simplified: neither extensions nor streamed answers; programs that use them would notice.
 */
export class RuntimeApi {
  private readonly server: Server;
  private readonly listener: RuntimeListener;
  private asking: ServerResponse | undefined = undefined;
  private due: { invocation: Invocation; headers: Record<string, string> } | undefined = undefined;

  constructor(listener: RuntimeListener) {
    this.listener = listener;
    this.server = createServer((request, response) => {
      this.serve(request, response).catch((error: Error) => response.writeHead(500).end(error.message));
    });
    this.server.keepAliveTimeout = 0;
  }

  /** Host and port, as the process gets it. */
  async listen(): Promise<string> {
    return `127.0.0.1:${await listenOnLoopback(this.server)}`;
  }

  /** Hands over an invocation: at once if the process asks for one, else when it does. */
  give(invocation: Invocation, o: { arn: string; deadlineMs: number }): void {
    const headers: Record<string, string> = {
      'Content-Type': 'application/json',
      'Lambda-Runtime-Aws-Request-Id': invocation.requestId,
      'Lambda-Runtime-Deadline-Ms': String(Math.round(o.deadlineMs)),
      'Lambda-Runtime-Invoked-Function-Arn': o.arn,
    };
    if (invocation.traceId !== undefined) headers['Lambda-Runtime-Trace-Id'] = invocation.traceId;
    this.due = { invocation, headers };
    this.hand();
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private hand(): void {
    if (this.due === undefined || this.asking === undefined) return;
    this.asking.writeHead(200, this.due.headers).end(this.due.invocation.payload);
    this.asking = undefined;
    this.due = undefined;
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').replace(/^\/2018-06-01\/runtime\//, '');
    if (path === 'invocation/next') {
      this.asking = response;
      this.listener.asked();
      this.hand();
      return;
    }
    const { body, bytes } = await bodyOf(request, RESPONSE_MAX);
    const [, requestId, kind] = /^invocation\/([^/]+)\/(response|error)$/.exec(path) ?? [];
    const isTooLarge = bytes > RESPONSE_MAX;
    if (path === 'init/error') this.listener.initFailed(body);
    else if (requestId === undefined) return void response.writeHead(404).end();
    else this.listener.answered(requestId, { payload: body, isError: kind === 'error', isTooLarge });
    response.writeHead(isTooLarge ? 413 : 202).end();
  }
}
