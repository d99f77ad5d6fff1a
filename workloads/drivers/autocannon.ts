import type { Client } from 'autocannon';

/** One request, and who hears how it ended. */
export interface LoopShot {
  path: string;
  headers: Readonly<Record<string, string>>;
  body: Buffer;
  ended(how: number | 'timed-out' | 'broken'): void;
}

export interface ClosedLoopOptions {
  port: number;
  connections: number;
  for_ms: number;
  /** How long a connection waits for an answer before it is given up and made anew. */
  patience_ms: number;
  /** The next request of a connection, whose last one has ended. */
  next(connection: number): LoopShot;
}

/** Most requests that a connection makes; no field of the types, but what autocannon's own option sets on each client. */
type Limited = Client & { responseMax?: number };

/** How often autocannon looks whether all connections are done, ms. */
const LOOK_MS = 50;

/**
 * Lets autocannon keep every connection busy: the next request leaves when the last one is answered, and none after `for_ms`.
 *
 * A closed loop: a slow system slows its own load down, so it tells what a system can do at most, and nothing of what users wait who come
 * whenever they like. Autocannon's mode with a rate is not used: its correction of latencies is wrong in version 9.0.0.
 *
 * Resolves when the last answer is back or was given up.
 */
export async function closedLoop(o: ClosedLoopOptions): Promise<void> {
  const { default: autocannon } = await import('autocannon');
  const clients: Limited[] = [];
  const open = new Map<number, LoopShot & { since_ms: number }>();
  const ended = (connection: number, how: number | 'timed-out' | 'broken') => {
    const shot = open.get(connection);
    open.delete(connection);
    shot?.ended(how);
  };
  const lost = (connection: number) => {
    const since = open.get(connection)?.since_ms ?? 0;
    ended(connection, performance.now() - since >= o.patience_ms ? 'timed-out' : 'broken');
  };
  const setupClient = (client: Client) => {
    const connection = clients.push(client) - 1;
    const setupRequest = (request: object) => {
      // A connection that was made anew asks for its next request without having answered the last one.
      if (open.has(connection)) lost(connection);
      const shot = o.next(connection);
      open.set(connection, { ...shot, since_ms: performance.now() });
      return { ...request, method: 'POST' as const, path: shot.path, headers: { ...shot.headers }, body: shot.body };
    };
    client.setRequests([{ setupRequest, onResponse: (status) => ended(connection, status) }]);
  };
  const over = setTimeout(() => {
    for (const client of clients) client.responseMax = 1;
  }, o.for_ms);
  const timeout = Math.max(1, o.patience_ms / 1000);
  const duration = 2 * (o.for_ms / 1000 + timeout);
  const { connections, port } = o;
  await autocannon({ url: `http://127.0.0.1:${port}`, connections, duration, timeout, sampleInt: LOOK_MS, setupClient });
  clearTimeout(over);
  for (const connection of [...open.keys()]) lost(connection);
}
