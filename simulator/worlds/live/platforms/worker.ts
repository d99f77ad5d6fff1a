import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { numberOf } from '../../../domain/part-values.ts';
import type { Part } from '../../../domain/plan.ts';
import { wallMs } from '../clock.ts';
import { Disturbances } from '../components/disturbances.ts';
import { channelOf, type Opened, whenUp } from '../components/open.ts';
import type { OwnWork } from '../components/own-work.ts';
import { Work } from '../components/work.ts';
import type { Receiver, Story } from '../contract.ts';
import { listenForTheRun } from '../listen.ts';
import { Metrics } from '../metrics.ts';
import { type Result, statusOf, storyIn } from '../wire.ts';

/** What an instance says of itself to the run; times since its start. */
export interface WorkerState {
  busy: number;
  completions: number;
  /** Integral of busy slots over time, slot-ms, of messages only: calls are counted by the gateway. */
  area_ms: number;
  cpu_ms: number;
}

/** One instance of a pool: answers calls over HTTP and takes messages from its components' queues, both with its slots. */
export class Worker {
  private readonly around: Opened;
  private readonly part: Part;
  private readonly index: number;
  private readonly work: Work;
  private readonly receivers: Receiver[] = [];
  private readonly state = { busy: 0, completions: 0, area_ms: 0 };
  private readonly metrics: Metrics;
  private since = wallMs();
  private server: Server | undefined;

  constructor(around: Opened, { index, own }: { index: number; own: ReadonlyMap<number, OwnWork> }) {
    this.around = around;
    this.index = index;
    this.part = around.plan.parts[index] as Part;
    this.metrics = new Metrics(this.part.path);
    const speed = numberOf(this.part, 'speed');
    const disturbances = new Disturbances(around.sheet.folder);
    this.work = new Work(around, { pace: { stretch: 1 / speed }, disturbances, own });
  }

  /** Listens on a free port of this machine and begins to take messages. */
  async listen(): Promise<number> {
    const server = createServer((request, response) => this.answer(request, response));
    this.server = server;
    server.keepAliveTimeout = 60_000;
    const port = await listenForTheRun(server);
    await this.subscribe();
    return port;
  }

  /** Takes nothing new, and waits for what is under way. */
  async drain(): Promise<void> {
    await Promise.all(this.receivers.map((receiver) => receiver.stop()));
    await new Promise<void>((resolve) => this.server?.close(() => resolve()) ?? resolve());
  }

  private async subscribe(): Promise<void> {
    const { plan, sheet } = this.around;
    for (const { consumers } of plan.events) {
      for (const { component, queue } of consumers) {
        if (plan.components[component]?.part !== this.index) continue;
        const kind = await channelOf(plan, queue);
        const slots = Math.max(1, Math.round(numberOf(this.part, this.part.kind === 'gpu' ? 'batch_max' : 'slots')));
        const receiver = await kind.receiver(plan.parts[queue] as Part, sheet, { slots });
        this.receivers.push(receiver);
        await whenUp(() =>
          receiver.start((message, { receives }) =>
            this.counted(plan.components[component]?.name ?? '', () =>
              this.work.take(component, message, { receives, part: this.part.path }),
            ),
          ),
        );
      }
    }
  }

  private answer(request: IncomingMessage, response: ServerResponse): void {
    request.resume();
    const path = request.url ?? '';
    if (path === '/control/state') {
      this.account();
      const { user, system } = process.cpuUsage();
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ ...this.state, cpu_ms: (user + system) / 1000 } satisfies WorkerState));
      return;
    }
    if (path === '/metrics') return void this.expose(response);
    const component = Number(path.slice('/calls/'.length));
    const answered = this.metrics.request(`/calls/${this.around.plan.components[component]?.name}`);
    this.call(component, storyIn(request.headers)).then((result) => {
      response.statusCode = statusOf(result);
      response.end();
      answered(response.statusCode);
    }, console.error);
  }

  private async expose(response: ServerResponse): Promise<void> {
    const { type, text } = await this.metrics.exposed();
    response.setHeader('content-type', type).end(text);
  }

  private async call(component: number, story: Story): Promise<Result> {
    try {
      return await this.work.answer(component, story, this.part.path);
    } catch (error) {
      console.error(error);
      return 'failed';
    }
  }

  private async counted(component: string, work: () => Promise<boolean>): Promise<boolean> {
    this.account();
    this.state.busy++;
    const ended = this.metrics.message(component);
    let isDone = false;
    try {
      isDone = await work();
    } catch (error) {
      console.error(error);
    } finally {
      this.account();
      this.state.busy--;
      this.state.completions++;
    }
    ended(isDone);
    return isDone;
  }

  private account(): void {
    const now = wallMs();
    this.state.area_ms += this.state.busy * (now - this.since);
    this.since = now;
  }
}
