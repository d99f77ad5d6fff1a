import { Agent, type ClientRequest, type IncomingHttpHeaders, request } from 'node:http';
import type { Story } from './contract.ts';
import { joined, parted, TRACEPARENT } from './trace-context.ts';

/** How an operation or a call ends. Sold out is an answer and no error; overtaken is what an effect stands in the way of. */
export type Result = 'ok' | 'refused' | 'timed-out' | 'failed' | 'sold-out' | 'overtaken';

/** Header in which the story travels; its trace context has the one of the standard. */
export const STORY_HEADER = 'x-story';

/** The story of a request. */
export function storyIn(headers: IncomingHttpHeaders): Story {
  return joined(JSON.parse(String(headers[STORY_HEADER] ?? '{}')) as Story, headers[TRACEPARENT]);
}

const STATUS: Readonly<Record<Result, number>> = {
  ok: 200,
  refused: 503,
  'timed-out': 504,
  failed: 500,
  'sold-out': 409,
  overtaken: 412,
};
const RESULT = new Map(Object.entries(STATUS).map(([result, status]) => [status, result as Result]));

export function statusOf(result: Result): number {
  return STATUS[result];
}

/** What an answer's status means; whatever no part of ours sends has failed. */
export function resultOf(status: number): Result {
  return RESULT.get(status) ?? 'failed';
}

const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY, scheduling: 'lifo' });

/** Where a process listens; without a host, on this machine's loopback. */
export interface Place {
  host?: string;
  port: number;
}

export interface Posted extends Place {
  path: string;
  story: Story;
  body?: Buffer;
}

/** Errors that say that this machine had no socket or port left: nothing was sent. */
const UNSENT = new Set(['EMFILE', 'ENFILE', 'EADDRNOTAVAIL', 'ENOBUFS', 'ENOMEM']);

/** How a sending ends: with the answer's status, a connection that broke, or nothing sent at all. */
export type Sent = number | 'broken' | 'unsent';

/** Posts to a process of the run; `ended` hears once how it went. */
export function send({ host = '127.0.0.1', port, path, story, body }: Posted, ended: (how: Sent) => void): ClientRequest {
  const { story: told, traceparent } = parted(story);
  const context = traceparent === undefined ? {} : { [TRACEPARENT]: traceparent };
  const headers = { [STORY_HEADER]: JSON.stringify(told), ...context, 'content-length': body?.length ?? 0 };
  const sent = request({ host, port, path, method: 'POST', agent, headers }, (answer) => {
    answer.on('end', () => ended(answer.statusCode ?? 0)).on('error', () => ended('broken'));
    answer.resume();
  });
  sent.on('error', ({ code }: NodeJS.ErrnoException) => ended(UNSENT.has(code ?? '') ? 'unsent' : 'broken')).end(body);
  return sent;
}

/** The same, waited for: a connection that breaks has failed. */
export function post(posted: Posted): Promise<Result> {
  return new Promise((resolve) => {
    send(posted, (how) => resolve(typeof how === 'number' ? resultOf(how) : 'failed'));
  });
}

const TELL_MS = 10_000;

/** What a connection says that the other side had closed while nobody looked: this process stood still, or had too much to do. */
const CLOSED = new Set(['ECONNRESET', 'EPIPE']);

/** Asks a process of this machine for JSON, or tells it some. Throws: Error when it does not answer with 200, or not in time. */
export async function tell<T>(port: number, path: string, body?: unknown): Promise<T> {
  const ask = () =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      method: body === undefined ? 'GET' : 'PUT',
      signal: AbortSignal.timeout(TELL_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
  // Only a question may be asked twice.
  const again = (error: Error) => (body === undefined && CLOSED.has(codeOf(error)) ? ask() : Promise.reject(error));
  const answer = await ask()
    .catch(again)
    .catch((error: Error) => Promise.reject(unanswered(error, { port, path })));
  if (!answer.ok) throw new Error(`port ${port} answered ${path} with ${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

function codeOf({ cause }: Error): string {
  const { code = '' } = (cause ?? {}) as NodeJS.ErrnoException;
  return code === 'UND_ERR_SOCKET' ? 'ECONNRESET' : code;
}

/** In words, and so that it is recognised as the silence of a part. */
function unanswered(error: Error, { port, path }: { port: number; path: string }): Error {
  const isLate = error.name === 'TimeoutError';
  const why = isLate
    ? `has not answered ${path} within ${TELL_MS / 1000} s`
    : `did not answer ${path}: ${codeOf(error) || error.message}`;
  return Object.assign(new Error(`port ${port} ${why}`), isLate ? { name: 'TimeoutError' } : { code: codeOf(error) });
}
