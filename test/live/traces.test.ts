import { createServer } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendTraces } from '../../reports/collector.ts';
import HELLO from '../../scenarios/hello.ts';
import type { Report } from '../../simulator/domain/report.ts';
import { ScenarioSchema } from '../../simulator/domain/scenario.ts';
import type { Span, Trace } from '../../simulator/domain/trace.ts';
import { cellsOf, rowsOf } from '../../simulator/run/rows.ts';
import { roundsPerMs } from '../../simulator/worlds/live/burn.ts';
import { wait } from '../../simulator/worlds/live/clock.ts';
import { listenOnLoopback } from '../../simulator/worlds/live/listen.ts';
import { openStack } from '../../simulator/worlds/live/stacks/index.ts';
import { EMBEDDED, type Stack } from '../../simulator/worlds/live/stacks/stack.ts';
import { runCell } from '../../simulator/worlds/live/world.ts';
import { reportOf } from '../reports/fixture.ts';

/** A few seconds of `hello` on real parts: page and book on servers, thank a function behind SQS. */
const scenario = ScenarioSchema.parse({
  ...HELLO,
  drain_s: 20,
  workload: { ...HELLO.workload, duration_s: 6, arrivals: { kind: 'constant', rate: 8 } },
  parameters: { 'server.cores': 1 },
});
const axes = {
  strategies: ['hybrid'],
  controllers: ['static'],
  rates: [1],
  seeds: [1],
  wantsLedger: false,
  traces: 'sampled' as const,
};
const [cell] = cellsOf(scenario, rowsOf(scenario, axes), axes);
if (cell === undefined) throw new Error('no cell');
// The first requests count, too: they are the ones that find functions cold.
cell.plan.warmup_ms = 0;

const found = { traces: [] as Trace[], exposed: new Map<string, string>(), targets: '' };
let stack: Stack | undefined;

beforeAll(async () => {
  stack = await openStack({ choice: EMBEDDED, plans: [cell.plan], say: () => undefined });
  const ports = new Map<string, number>();
  const seen: Stack = {
    ...stack,
    start: async (program, o) => {
      const part = await (stack as Stack).start(program, o);
      ports.set(program, part.address.port);
      return part;
    },
  };
  const run = runCell(cell, { stack: seen, namespace: `traces${process.pid}`, burn_per_ms: roundsPerMs(3) });
  const looking = scrape(ports, () => found.exposed.size === 2);
  found.traces = (await run).result.traces ?? [];
  await looking;
}, 120_000);
afterAll(() => stack?.end());

/** What gateway and an instance expose once the driver is at work. */
async function scrape(ports: ReadonlyMap<string, number>, isDone: () => boolean): Promise<void> {
  while (!ports.has('driver')) await wait(50);
  await wait(3_000);
  for (const program of ['gateway', 'worker']) {
    const answer = await fetch(`http://127.0.0.1:${ports.get(program)}/metrics`);
    found.exposed.set(program, await answer.text());
  }
  found.targets = await (await fetch(`http://127.0.0.1:${ports.get('gateway')}/metrics/targets`)).text();
  if (!isDone()) throw new Error('not every process exposes metrics');
}

const inWords = (trace: Trace) => {
  const names = new Map(trace.spans.map((span) => [span.span, `${span.component} ${span.name}`]));
  return trace.spans.map((span) => `${names.get(span.parent ?? '') ?? '-'} > ${span.component} ${span.name}`);
};

describe('the traces of a live run', () => {
  it('go from the user through gateway, instance, store and queue into a function, each below what caused it', () => {
    const signed = found.traces.find(
      (trace) => trace.operation === 'sign' && inWords(trace).some((line) => line.includes('thanks')),
    );
    expect(inWords(signed as Trace)).toEqual(
      expect.arrayContaining([
        '- > client sign',
        'client sign > client attempt',
        'client attempt > gateway sign',
        'gateway sign > gateway book',
        'gateway book > book book',
        'book book > book cpu',
        'book book > book write entries',
        'book book > book send entry-signed',
        'book send entry-signed > sqs/entry-signed/thank in queue',
        'book send entry-signed > thank thank',
        'thank thank > thank cpu',
        'thank thank > thank write thanks',
      ]),
    );
  });

  it('are sound: one root, no span without its parent or before it, and the root lasts as long as the latency', () => {
    expect(found.traces.length).toBeGreaterThan(4);
    for (const { dropped, latency_us, spans } of found.traces) {
      const byId = new Map(spans.map((span) => [span.span, span]));
      expect([byId.size, dropped, spans[0]?.duration_us]).toEqual([spans.length, 0, latency_us]);
      for (const span of spans.slice(1)) {
        const above = byId.get(span.parent ?? '') as Span;
        expect(span.start_us).toBeGreaterThanOrEqual(above.start_us);
      }
    }
  });

  it('hold the slowest and a median request of each operation, and show a cold start', () => {
    const picks = found.traces.map((trace) => `${trace.operation} ${trace.picks.join(' ')}`);
    expect(picks).toEqual(
      expect.arrayContaining([expect.stringMatching(/^sign slowest/), expect.stringMatching(/^read slowest/)]),
    );
    for (const operation of ['read', 'sign']) {
      const served = found.traces.filter((trace) => trace.operation === operation && trace.outcome === 'served');
      const slowest = served.find((trace) => trace.picks.includes('slowest'));
      expect(slowest?.latency_us).toBe(Math.max(...served.map((trace) => trace.latency_us)));
    }
    expect(found.traces.flatMap(inWords)).toContain('thank thank > thank cold start');
  });

  it('reach a collector over OTLP whole', async () => {
    const bodies: string[] = [];
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk) => chunks.push(chunk));
      request.on('end', () => {
        bodies.push(`${request.method} ${request.url} ${Buffer.concat(chunks)}`);
        response.setHeader('content-type', 'application/json').end('{}');
      });
    });
    const port = await listenOnLoopback(server);
    process.env.OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${port}`;
    const report: Report = { ...reportOf(), world: 'live' };
    for (const [i, row] of report.strategies.entries()) row.traces = i === 0 ? found.traces : [];
    const sent = await sendTraces(report);
    delete process.env.OTEL_EXPORTER_OTLP_ENDPOINT;
    server.close().closeAllConnections();
    expect(sent).toBe(found.traces.reduce((sum, { spans }) => sum + spans.length, 0));
    expect(bodies.every((body) => body.startsWith('POST /v1/traces {"resourceSpans":'))).toBe(true);
    const ids = new Set(bodies.flatMap((body) => [...body.matchAll(/"spanId":"([0-9a-f]{16})"/g)].map(([, id]) => id)));
    expect(found.traces.flatMap(({ spans }) => spans).filter(({ span }) => !ids.has(span))).toEqual([]);
  });
});

describe('the metrics of a live run', () => {
  it('are in the text form of Prometheus, with the names that its users know', () => {
    const form = /^(?:# (?:HELP|TYPE) [a-z0-9_]+ .*|[a-z0-9_]+(?:\{[^}]*\})? (?:[-+0-9.e]+|Nan|\+Inf))$/;
    for (const text of found.exposed.values()) {
      expect(text.split('\n').filter((line) => line !== '' && !form.test(line))).toEqual([]);
      expect(text).toContain('process_cpu_seconds_total');
    }
    const gateway = found.exposed.get('gateway') ?? '';
    expect(gateway).toMatch(/^http_request_duration_seconds_bucket\{.*route="\/operations\/read".*\} [1-9]/m);
    expect(gateway).toMatch(/^http_requests_in_flight\{.*\} \d+$/m);
    expect(gateway).toMatch(/^queue_depth\{queue="sqs\/entry-signed\/thank",part="gateway"\} \d+$/m);
    expect(found.exposed.get('worker')).toMatch(/^http_request_duration_seconds_count\{.*route="\/calls\/\w+".*\} [1-9]/m);
  });

  it('say where instances are scraped, on loopback only', () => {
    const targets = JSON.parse(found.targets) as { targets: string[]; labels: { pool: string } }[];
    expect(targets.map(({ labels }) => labels.pool)).toEqual(expect.arrayContaining(['gateway', 'server/book', 'server/page']));
    expect(targets.flatMap((one) => one.targets).filter((target) => !target.startsWith('127.0.0.1:'))).toEqual([]);
  });
});
