import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import { listenOnLoopback } from '../../simulator/worlds/live/listen.ts';
import { closedLoop } from '../../workloads/drivers/autocannon.ts';
import { type K6Shot, k6Arguments, k6Lateness, k6Rows, k6Script } from '../../workloads/drivers/k6.ts';
import { bottleneck, latenessOf } from '../../workloads/drivers/lateness.ts';
import { OpenLoop } from '../../workloads/drivers/open-loop.ts';

describe('a driver that was the bottleneck', () => {
  const late = (late_ms: number[], unsent = 0) => latenessOf(late_ms, { unsent, event_loop_p99_ms: 1 });

  it('is one that was more than 10 ms late at its 99th percentile', () => {
    const mostly = (ms: number) => late([...Array.from({ length: 980 }, () => 0.1), ...Array.from({ length: 20 }, () => ms)]);
    expect(bottleneck(mostly(9.9))).toBeUndefined();
    expect(bottleneck(mostly(10.1))).toContain('20 of 1000 requests left more than 10 ms late (p99 10.1 ms');
  });

  it('is one that left out more than one request in a thousand', () => {
    const times = Array.from({ length: 10_000 }, () => 0.1);
    expect(bottleneck(late(times, 10))).toBeUndefined();
    expect(bottleneck(late(times, 12))).toBe('the driver could not send 12 of its 10012 requests');
  });

  it('is none when nothing was to be sent', () => {
    expect(bottleneck(late([]))).toBeUndefined();
  });
});

describe('the open loop', () => {
  it('fires everything in order, never before its time, and counts lateness from the warm-up on', async () => {
    const start_ms = performance.timeOrigin + performance.now();
    const shots = Array.from({ length: 40 }, (_, i) => ({ at_ms: i }));
    const fired: { at_ms: number; now: number }[] = [];
    const waiting = shots.values();
    const fire = (shot: { at_ms: number }) => {
      fired.push({ ...shot, now: performance.timeOrigin + performance.now() - start_ms });
    };
    const o = { start_ms, next: () => waiting.next().value, fire, counted_from_ms: 10 };
    const lateness = await new OpenLoop<{ at_ms: number }>(o).run();
    expect(fired.map((shot) => shot.at_ms)).toEqual(shots.map((shot) => shot.at_ms));
    for (const { at_ms, now } of fired) expect(now).toBeGreaterThanOrEqual(at_ms);
    expect(lateness).toMatchObject({ shots: 30, unsent: 0 });
  });
});

describe('k6', () => {
  const shot = (at_ms: number): K6Shot => {
    const rest = { path: '/operations/0', story: { attempt: 1 }, body_bytes: 10, timeout_ms: 1000 };
    return { at_ms, ...rest, attempts: 2, backoffs_ms: [5] };
  };

  it('is handed a script that names its times, its users and the statuses that end an operation', () => {
    const run = { start_ms: 123_456, port: 4711, users: 33, patience_s: 61.2, header: 'x-story', final: [200, 409] };
    const script = k6Script(run);
    for (const text of ['123456 + shot.at_ms', '127.0.0.1:4711', 'vus: 33', "'62s'", "'x-story'", '[200,409]'])
      expect(script).toContain(text);
    expect(k6Arguments()).toContain('--no-usage-report');
  });

  it('has sent nothing before its time, though its clock cuts milliseconds off', () => {
    const run = { start_ms: 1000, port: 1, users: 1, patience_s: 1, header: 'x', final: [] };
    const clock = /const now = \(\) => (.*);/.exec(k6Script(run))?.[1];
    expect(clock).toBe('Math.max(shot.at_ms, Date.now() - 1000)');
  });

  it('is read back row by row, whatever else it says', () => {
    const rows = k6Rows('0 1 12.5 200 1\nINFO something else\n1 20 1020 timed-out 2\n2 31 40.25 broken 1\n3 40 4');
    expect(rows).toEqual([
      { shot: 0, sent_ms: 1, done_ms: 12.5, status: 200, attempts: 1 },
      { shot: 1, sent_ms: 20, done_ms: 1020, status: 'timed-out', attempts: 2 },
      { shot: 2, sent_ms: 31, done_ms: 40.25, status: 'broken', attempts: 1 },
    ]);
  });

  it('is as late as its first attempts, and what has no row was never sent', () => {
    const rows = k6Rows('0 0 5 200 1\n1 13 19 200 2\n');
    expect(k6Lateness([shot(0), shot(10), shot(20)], rows, 5)).toMatchObject({ shots: 1, unsent: 1, max_ms: 3 });
  });
});

describe('the closed loop', () => {
  type Answer = (request: IncomingMessage, response: ServerResponse) => void;

  /** Keeps a server busy over some connections; what every shot came to, and how many were under way at most. */
  async function looped(answer: Answer, o: { connections: number; for_ms: number; patience_ms: number }) {
    const seen = { open: 0, most: 0 };
    const server = createServer((request, response) => {
      seen.most = Math.max(seen.most, ++seen.open);
      response.on('close', () => seen.open--);
      request.resume();
      answer(request, response);
    });
    const port = await listenOnLoopback(server);
    const ends: { connection: number; how: number | 'timed-out' | 'broken' }[] = [];
    const begun: number[] = [];
    const next = (connection: number) => {
      begun.push(connection);
      const ended = (how: number | 'timed-out' | 'broken') => ends.push({ connection, how });
      return { path: `/of/${connection}`, headers: { 'x-number': `${begun.length}` }, body: Buffer.from('abc'), ended };
    };
    await closedLoop({ port, ...o, next });
    server.close().closeAllConnections();
    return { begun, ends, ...seen };
  }

  it('has as many requests under way as connections, never more, and every one has ended', async () => {
    const heard: string[] = [];
    const answer: Answer = (request, response) => {
      heard.push(`${request.method} ${request.url} ${request.headers['x-number']} ${request.headers['content-length']}`);
      setTimeout(() => response.writeHead(request.url === '/of/0' ? 503 : 200).end('ok'), 2);
    };
    const { begun, ends, most } = await looped(answer, { connections: 3, for_ms: 300, patience_ms: 5000 });
    expect(most).toBe(3);
    expect(new Set(begun)).toEqual(new Set([0, 1, 2]));
    expect(begun.length).toBeGreaterThan(6);
    expect(heard[0]).toMatch(/^POST \/of\/\d 1 3$/);
    expect([heard.length, ends.length]).toEqual([begun.length, begun.length]);
    for (const { connection, how } of ends) expect(how).toBe(connection === 0 ? 503 : 200);
  });

  it('gives up what is not answered, and ends all the same', async () => {
    const { begun, ends } = await looped(() => undefined, { connections: 2, for_ms: 200, patience_ms: 1000 });
    expect(begun.length).toBe(2);
    expect(ends.map(({ how }) => how)).toEqual(['timed-out', 'timed-out']);
  });

  it('goes on over a new connection when one breaks', async () => {
    const answer: Answer = (request, response) => {
      if (request.headers['x-number'] === '1') request.socket.destroy();
      else setTimeout(() => response.end(), 2);
    };
    const { begun, ends } = await looped(answer, { connections: 1, for_ms: 200, patience_ms: 5000 });
    expect(ends.length).toBe(begun.length);
    expect(ends[0]?.how).toBe('broken');
    expect(ends[1]?.how).toBe(200);
  });
});
