import { createServer, type Server } from 'node:http';
import express, { type Request, type Response } from 'express';
import { mix } from '../../../domain/draws.ts';
import { numberOf } from '../../../domain/part-values.ts';
import type { PlannedOperation } from '../../../domain/plan.ts';
import { accepts } from '../../../domain/promises.ts';
import { MARK } from '../../../domain/span-words.ts';
import { TokenBucket } from '../../../domain/token-bucket.ts';
import { wallMs } from '../clock.ts';
import type { Opened } from '../components/open.ts';
import { type Walk, Walker } from '../components/walk.ts';
import type { Story } from '../contract.ts';
import { listenForTheRun } from '../listen.ts';
import { Metrics } from '../metrics.ts';
import { errorOf } from '../spans.ts';
import { type Result, resultOf, statusOf, storyIn } from '../wire.ts';
import { type Counted, DoorWatch } from './door-watch.ts';
import { Edge } from './edge.ts';
import type { Router } from './router.ts';

/** Statuses that end an operation at once: the user may not, or has sent too much. */
const UNAUTHORISED = 401;
const TOO_LARGE = 413;

/**
 * The front door: takes operations from users over HTTP, knows what each session has achieved, and takes the operation's steps.
 *
 * Simplified: an edge cache answers here, on the same machine, so a hit has no distance of its own.
 */
export class Gateway {
  private readonly around: Opened;
  private readonly router: Router;
  private readonly walker: Walker;
  private readonly edges = new Map<number, Edge>();
  /** Operations that succeeded: `session operation`. */
  private readonly achieved = new Set<string>();
  /** By entity kind: row -> newest accepted entity. */
  private readonly newest: Map<number, number>[];
  private readonly bodies: Buffer[];
  private readonly payloadLimitKb: number;
  private readonly patience: number[];
  private readonly bucket: TokenBucket;
  private readonly metrics = new Metrics('gateway');
  /** By queue part: messages in it, as the run has last seen them. */
  private depths: Readonly<Record<string, { visible: number; inFlight: number }>> = {};
  private port = 0;
  /** Only where a controller wants to know what comes to the door. */
  private door: DoorWatch | undefined;
  /** Operations whose steps are not over, whether or not their users still wait. */
  private readonly walking = new Set<Story>();
  requests = 0;
  in_kb = 0;
  out_kb = 0;

  constructor(around: Opened, router: Router) {
    const { plan } = around;
    this.router = router;
    plan.parts.forEach((part, i) => {
      if (part.kind === 'edge') this.edges.set(i, new Edge(part));
    });
    this.newest = plan.entities.map(() => new Map());
    this.around = {
      ...around,
      cache: (edge) => this.edges.get(edge) as Edge,
      show: (story, entity, row) => this.show(story, entity, row),
    };
    this.walker = new Walker(this.around);
    this.bodies = plan.operations.map((o) => Buffer.alloc(Math.round(o.response_kb * 1024), 'x'));
    const door = plan.parts.find((p) => p.kind === 'gateway');
    if (door === undefined) throw new RangeError('the plan has no gateway');
    this.payloadLimitKb = numberOf(door, 'payload_limit_kb');
    this.bucket = new TokenBucket(numberOf(door, 'burst'), numberOf(door, 'rate_limit_per_s'));
    this.patience = plan.operations.map((o) => Math.min(o.timeout_ms, numberOf(door, 'timeout_ms')));
  }

  private meter(): void {
    const path = (part: string | number) => this.around.plan.parts[Number(part)]?.path ?? '';
    const waiting = { name: 'queue_depth', help: 'Calls that wait for a slot, messages that wait in a queue', label: 'queue' };
    this.metrics.gauge(waiting, () => [
      ...this.router.counters().map(({ part, queued }) => [path(part), queued] as const),
      ...Object.entries(this.depths).map(([part, { visible }]) => [path(part), visible] as const),
    ]);
    const busy = { name: 'pool_slots_busy', help: 'Slots of a pool that answer calls', label: 'pool' };
    this.metrics.gauge(busy, () => this.router.counters().map((counters) => [path(counters.part), counters.busy] as const));
  }

  /** Whom to scrape, as Prometheus's `http_sd_configs` reads it: this process as it was asked, and every instance that takes work. */
  private targets(own: string): { targets: string[]; labels: { pool: string } }[] {
    const target = (pool: string, place: string) => ({ targets: [place], labels: { pool } });
    const instances = this.router.places().map(({ pool, at }) => target(pool, `${at.host ?? '127.0.0.1'}:${at.port}`));
    return [target('gateway', own), ...instances];
  }

  /** Listens on a free port of this machine. */
  async listen(): Promise<{ server: Server; port: number }> {
    const app = express();
    app.disable('x-powered-by').disable('etag');
    app.post('/operations/:operation', (request, response) => this.operate(request, response));
    app.post('/calls/:component', (request, response) => this.pass(request, response));
    app.put('/control/depths', express.json({ limit: '1mb' }), (request, response) => {
      this.depths = request.body;
      response.json({});
    });
    app.get('/metrics', async (_, response) => {
      const { type, text } = await this.metrics.exposed();
      response.set('content-type', type).end(text);
    });
    app.get('/metrics/targets', (request, response) => {
      response.json(this.targets(request.headers.host ?? `127.0.0.1:${this.port}`));
    });
    app.put('/control/pools', express.json({ limit: '1mb' }), (request, response) => {
      this.router.resize(request.body);
      response.json({});
    });
    app.put('/control/achieved', express.json({ limit: '64mb' }), (request, response) => {
      for (const key of request.body as string[]) this.achieved.add(key);
      response.json({});
    });
    app.put('/control/door', express.json(), (request, response) => {
      this.door = new DoorWatch(this.around.plan, request.body.first_session);
      response.json({});
    });
    app.get('/control/state', (_, response) => {
      response.json(this.state());
    });
    app.get('/control/actions', (_, response) => {
      response.json([...this.walking, ...this.router.waiting].map(({ action }) => action));
    });
    const server = createServer(app);
    server.keepAliveTimeout = 60_000;
    this.port = await listenForTheRun(server);
    this.meter();
    return { server, port: this.port };
  }

  private state(): GatewayState {
    this.around.spans.flush();
    const edges = [...this.edges].map(([part, { lookups, hits }]) => ({ part, lookups, hits }));
    const { requests, in_kb, out_kb } = this;
    const door = this.door ? { door: this.door.counted } : {};
    const under_way = { operations: this.walking.size, calls: this.router.waiting.size };
    return { pools: this.router.counters(), calls: this.router.calls, under_way, edges, requests, in_kb, out_kb, ...door };
  }

  private async operate(request: Request, response: Response): Promise<void> {
    request.resume();
    const index = Number(request.params.operation);
    const operation = this.around.plan.operations[index];
    if (operation === undefined) return void response.sendStatus(404);
    const { spans } = this.around;
    const answered = this.metrics.request(`/operations/${operation.name}`);
    const sent = storyIn(request.headers);
    const span = spans.begin(sent);
    const story = { ...span.story, operation: index, cause: null, key: mix(sent.key, sent.attempt) };
    this.door?.came(story);
    const refusal = this.admit(operation, story.session);
    if (refusal !== undefined) {
      spans.end(span, MARK.gateway, 0, { detail: index, error: errorOf(resultOf(refusal)) });
      answered(refusal);
      return void response.status(refusal).end();
    }
    const result = await this.within(index, this.steps(operation, story));
    if (result === 'ok') this.succeeded(index, story);
    if (result === 'sold-out') this.walker.note('sold-out', ownWalk(story));
    const body = result === 'ok' || result === 'sold-out' ? (this.bodies[index] as Buffer) : Buffer.alloc(0);
    this.out_kb += body.length / 1024;
    response.status(statusOf(result)).end(body);
    answered(statusOf(result));
    spans.end(span, MARK.gateway, 0, { detail: index, error: errorOf(result) });
  }

  /** The status with which the door turns a request away, or nothing. */
  private admit(operation: PlannedOperation, session: number): number | undefined {
    if (operation.request_kb > this.payloadLimitKb) return TOO_LARGE;
    if (!this.bucket.take(wallMs(), 1)) return statusOf('refused');
    if (operation.requires >= 0 && !this.achieved.has(`${session} ${operation.requires}`)) return UNAUTHORISED;
    this.requests++;
    this.in_kb += operation.request_kb;
    return undefined;
  }

  private steps(operation: PlannedOperation, story: Story): Promise<Result> {
    this.walking.add(story);
    return this.walker.run(operation.program, ownWalk(story)).finally(() => this.walking.delete(story));
  }

  /** What the steps come to, unless the door's patience ends before. */
  private within(index: number, work: Promise<Result>): Promise<Result> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve('timed-out'), this.patience[index] as number);
      const end = (result: Result) => {
        clearTimeout(timer);
        resolve(result);
      };
      work.then(end, (error) => {
        console.error(error);
        end('failed');
      });
    });
  }

  private succeeded(index: number, story: Story): void {
    this.achieved.add(`${story.session} ${index}`);
    for (const { entity, of } of accepts(this.around.plan, index)) {
      this.newest[entity]?.set(of === 'actor' ? story.user : story.object, story.action);
    }
  }

  private show(story: Story, entity: number, row: number): void {
    const action = this.newest[entity]?.get(row);
    if (action === undefined) return;
    const line = this.walker.lineOf('shown', ownWalk(story));
    if (line) this.around.note({ ...line, entity: action });
  }

  /** A component of another process calls one. */
  private async pass(request: Request, response: Response): Promise<void> {
    request.resume();
    const component = Number(request.params.component);
    const answered = this.metrics.request(`/calls/${this.around.plan.components[component]?.name}`);
    const result = await this.router.call(component, storyIn(request.headers));
    response.status(statusOf(result)).end();
    answered(statusOf(result));
  }
}

/** The way of an operation's own steps: on no part, and what it writes is guarded against repeats. */
function ownWalk(story: Story): Walk {
  return { story, part: '', isIdempotent: true, seen: undefined };
}

/** What the gateway says of itself to the run. */
export interface GatewayState {
  pools: ReturnType<Router['counters']>;
  /** Calls by component. */
  calls: number[];
  /** What has begun and is not over: an operation goes on when its user has given up. */
  under_way: { operations: number; calls: number };
  edges: { part: number; lookups: number; hits: number }[];
  requests: number;
  in_kb: number;
  out_kb: number;
  door?: Counted;
}
