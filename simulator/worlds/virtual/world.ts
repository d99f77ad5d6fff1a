import { Schedule } from '../../../workloads/schedule.ts';
import type { Cell, CellResult } from '../../domain/cell.ts';
import { numberOf } from '../../domain/part-values.ts';
import type { Part } from '../../domain/plan.ts';
import { Promises, takesOf } from '../../domain/promises.ts';
import { DoorCounts } from '../../domain/signals.ts';
import { Ledger } from '../../measure/ledger.ts';
import { Recorder } from '../../measure/recorder.ts';
import { BrokerDesk } from './broker-desk.ts';
import { Calls } from './calls.ts';
import { Broker } from './channels/broker.ts';
import type { Channel } from './channels/channel.ts';
import { channelOf } from './channels/index.ts';
import { Client } from './client.ts';
import { resultOf } from './close.ts';
import { CutOff } from './cut-off.ts';
import { Delivery } from './delivery.ts';
import { Demands } from './demands.ts';
import { Dispatch } from './dispatch.ts';
import { Effects } from './effects.ts';
import { CalendarQueue } from './engine/calendar-queue.ts';
import { EVENT } from './engine/events.ts';
import { Frames } from './engine/frames.ts';
import { Program, STRIDE } from './engine/program.ts';
import { Faults } from './faults.ts';
import { FollowUps } from './follow-ups.ts';
import { Losses } from './losses.ts';
import { Operate } from './operate.ts';
import { Account } from './platforms/account.ts';
import { Edge } from './platforms/edge.ts';
import { FunctionPool } from './platforms/function.ts';
import { Gateway } from './platforms/gateway.ts';
import { GpuPool } from './platforms/gpu.ts';
import { Host } from './platforms/host.ts';
import { ServerPool } from './platforms/server.ts';
import { Publisher } from './publish.ts';
import { Routes } from './routes.ts';
import { Settling } from './settling.ts';
import { Standing } from './standing.ts';
import { Stock } from './stock.ts';
import { StoreDesk } from './store-desk.ts';
import { Tracer } from './tracer.ts';
import { Walker } from './walk.ts';

/** Events between two reports of progress. */
const PROGRESS_EVERY = 200_000;

/** One run of one cell: every part of the plan, the frames under way, and the loop that takes events in order of time. */
export class World {
  readonly cell: Cell;
  now = 0;
  readonly frames = new Frames();
  readonly events: CalendarQueue;
  readonly program: Program;
  readonly recorder: Recorder;
  readonly ledger: Ledger;
  readonly schedule: Schedule;
  readonly gateway: Gateway;
  /** By part index: exactly one of these holds each part. */
  readonly functions: (FunctionPool | undefined)[] = [];
  readonly servers: (ServerPool | undefined)[] = [];
  readonly gpus: (GpuPool | undefined)[] = [];
  readonly queues: (Channel | undefined)[] = [];
  readonly edges: (Edge | undefined)[] = [];
  /** Where anything is placed on RabbitMQ: its broker, which faults stop and start. */
  readonly broker: BrokerDesk | undefined;
  /** Where all instances share one machine's cores. */
  readonly host: Host | undefined;
  readonly stores: StoreDesk;
  readonly stock: Stock;
  readonly standing: Standing;
  readonly settling: Settling;
  readonly followUps: FollowUps;
  readonly client: Client;
  readonly walker: Walker;
  readonly calls: Calls;
  readonly demands: Demands;
  readonly cutOff: CutOff;
  readonly effects: Effects;
  readonly routes: Routes;
  readonly publisher: Publisher;
  readonly dispatch: Dispatch;
  readonly delivery: Delivery;
  readonly operate: Operate;
  /** Only where a controller wants to know what comes to the front door. */
  readonly door: DoorCounts | undefined;
  readonly losses: Losses;
  readonly faults: Faults;
  /** Only where traces are asked for. */
  readonly tracer: Tracer | undefined;
  readonly endMs: number;
  readonly promises: Promises;
  /** What an operation takes from which stock, by operation. */
  readonly takes: { dataset: number; amount: number }[][];
  eventCount = 0;

  constructor(cell: Cell) {
    const { plan, seed } = cell;
    this.cell = cell;
    this.endMs = plan.duration_ms;
    this.events = new CalendarQueue((codeA, a, codeB, b) => this.tie(codeA, a, codeB, b));
    this.program = new Program(plan);
    this.promises = new Promises(plan);
    this.takes = takesOf(plan);
    this.recorder = new Recorder(plan);
    const parts = plan.parts.map((p) => p.path);
    const promisesOrder = plan.events.some((e) => e.ordered_by !== 'none');
    this.ledger = new Ledger({ ...plan, parts, wantsLedger: cell.wantsLedger, promisesOrder });
    this.schedule = new Schedule({
      workload: cell.workload,
      operations: plan.operations.map((o) => o.name),
      users: plan.users,
      objects: plan.objects,
      seed,
      rate: cell.rate,
      until_ms: cell.cut_start_s * 1000 + plan.duration_ms,
    });
    this.gateway = new Gateway(partOf(plan.parts, 'gateway'), { seed });
    this.delivery = new Delivery(this);
    this.build(seed);
    this.broker = this.buildChannels(seed);
    const host = plan.parts.find((p) => p.kind === 'host');
    this.host = host && new Host(this, host);
    this.stores = new StoreDesk(this);
    this.stock = new Stock(this);
    this.standing = new Standing(plan);
    this.settling = new Settling(this);
    this.followUps = new FollowUps(this);
    this.walker = new Walker(this);
    this.calls = new Calls(this);
    this.demands = new Demands(this);
    this.cutOff = new CutOff(this);
    this.effects = new Effects(this);
    this.routes = new Routes(plan);
    this.publisher = new Publisher(this);
    this.dispatch = new Dispatch(this);
    this.client = new Client(this);
    this.operate = new Operate(this);
    this.door = this.operate.wantsDoor ? new DoorCounts(this.promises) : undefined;
    this.losses = new Losses(this);
    this.faults = new Faults(this);
    this.tracer = cell.traces && new Tracer(this, cell.traces);
  }

  private build(seed: number): void {
    const { plan } = this.cell;
    const functions = plan.parts.filter((p) => p.kind === 'function');
    const reserved = functions.reduce((sum, p) => sum + Math.max(0, numberOf(p, 'reserved')), 0);
    const account = functions.length > 0 ? new Account(partOf(plan.parts, 'account'), reserved) : undefined;
    const overflowing = new Set(plan.components.filter((c) => c.overflow >= 0).map((c) => c.part));
    plan.parts.forEach((part, i) => {
      const common = { events: this.events, seed, endMs: this.endMs };
      if (part.kind === 'function' && account) this.functions[i] = new FunctionPool(part, account, seed);
      else if (part.kind === 'server') this.servers[i] = new ServerPool(part, i, { ...common, overflows: overflowing.has(i) });
      else if (part.kind === 'gpu') this.gpus[i] = new GpuPool(part, i, { ...common, frames: this.frames });
      else if (part.kind === 'edge')
        this.edges[i] = new Edge(part, { seed, objects: Math.max(plan.objects.count, plan.users.count) });
    });
  }

  private buildChannels(seed: number): BrokerDesk | undefined {
    const { plan } = this.cell;
    const part = plan.parts.find((p) => p.kind === 'broker');
    const broker = part && new Broker(part);
    const { messages } = this.delivery;
    for (const { kb, consumers } of plan.events) {
      for (const { component, queue } of consumers) {
        const pool = plan.components[component]?.part ?? -1;
        const fleet = this.servers[pool]?.fleet ?? this.gpus[pool]?.fleet;
        const forget = (m: number) => this.delivery.drop(m);
        this.queues[queue] = channelOf(plan.parts[queue] as Part, { seed, kb, messages, broker, fleet, forget });
      }
    }
    return broker && new BrokerDesk(this, broker);
  }

  /** Takes events until nothing is left to do or the drain is over. */
  run(progress?: (share: number) => void): CellResult {
    const { plan } = this.cell;
    const lastMs = this.endMs + plan.drain_ms;
    this.client.prepare();
    this.operate.begin();
    this.faults.begin();
    let sinceReport = 0;
    for (;;) {
      const next = this.events.peek();
      if (this.client.nextAt <= next) {
        if (this.client.nextAt === Number.POSITIVE_INFINITY) break;
        this.now = this.client.nextAt;
        this.client.arrive();
        continue;
      }
      if (next > lastMs || (next >= this.endMs && this.isQuiet())) break;
      this.events.pop();
      this.now = next;
      this.eventCount++;
      if (++sinceReport === PROGRESS_EVERY) {
        sinceReport = 0;
        progress?.(Math.min(1, next / this.endMs));
      }
      this.take(this.events.code, this.events.target, this.events.arg);
    }
    return resultOf(this, Math.min(Math.max(this.now, this.endMs), lastMs));
  }

  private isQuiet(): boolean {
    return this.frames.alive === 0 && this.delivery.live === 0;
  }

  private take(code: number, target: number, arg: number): void {
    switch (code) {
      case EVENT.go:
        if (this.frames.generation[target] === arg) this.walker.walk(target);
        return;
      case EVENT.arrive:
        if (this.frames.generation[target] === arg) this.calls.arrive(target);
        return;
      case EVENT.release:
        if (this.frames.generation[target] === arg) this.calls.release(target);
        return;
      case EVENT.retry:
        if (this.frames.generation[target] === arg) this.client.send(target);
        return;
      default:
        this.takeRare(code, target, arg);
    }
  }

  private takeRare(code: number, target: number, arg: number): void {
    if (code === EVENT.host) this.host?.due(arg);
    else if (code === EVENT.compute) this.goOn(target, arg);
    else if (code === EVENT.deadline) this.operate.deadline(target);
    else if (code === EVENT.booted) this.calls.booted(target, arg);
    else if (code === EVENT.drained) this.cutOff.drained(target, arg);
    else if (code === EVENT.batchDue) this.gpus[target]?.due(arg, this.now);
    else if (code === EVENT.batchDone) this.calls.batchDone(target, arg);
    else if (code === EVENT.dispatch) this.dispatch.due(target);
    else if (code === EVENT.control) this.operate.control(target);
    else if (code === EVENT.sample) this.operate.sample();
    else if (code === EVENT.fault) this.faults.turn(arg);
    else if (code === EVENT.interrupted) this.losses.interrupt(target, arg);
    else if (code === EVENT.reclaimed) this.cutOff.lost(target, arg);
  }

  /**
   * When a way that takes from `from` to `to` is over, of which it waits for `idleMs`; longer where all instances share a host that others keep
   * busy, and which it keeps busy, too.
   */
  stretched(from: number, to: number, idleMs = 0): number {
    return this.host === undefined ? to : from + idleMs + this.host.wayMs(to - from - idleMs);
  }

  private goOn(f: number, generation: number): void {
    if (this.frames.generation[f] === generation) this.host?.goOn(f);
  }

  /** Order of events of equal time: by part, request, step, message, attempt. */
  private tie(codeA: number, a: number, codeB: number, b: number): number {
    const f = this.frames;
    const isFrameA = codeA <= EVENT.compute;
    const isFrameB = codeB <= EVENT.compute;
    const partA = isFrameA ? (f.part[a] as number) : a;
    const partB = isFrameB ? (f.part[b] as number) : b;
    if (partA !== partB) return partA - partB;
    if (!isFrameA || !isFrameB) return 0;
    const site = STRIDE - 1;
    const [storyA, storyB] = [f.story[a] as number, f.story[b] as number];
    const { action, cause, attempt } = f.stories;
    return (
      (action[storyA] as number) - (action[storyB] as number) ||
      (this.program.code[(f.pc[a] as number) + site] as number) - (this.program.code[(f.pc[b] as number) + site] as number) ||
      (cause[storyA] as number) - (cause[storyB] as number) ||
      (attempt[storyA] as number) - (attempt[storyB] as number)
    );
  }
}

function partOf(parts: readonly Part[], kind: Part['kind']): Part {
  const part = parts.find((p) => p.kind === kind);
  if (part === undefined) throw new RangeError(`the plan has no ${kind}`);
  return part;
}

/** Runs one cell of the virtual world: same cell, same bytes. `progress` hears the share of run time that is over. */
export function runCell(cell: Cell, progress?: (share: number) => void): CellResult {
  return new World(cell).run(progress);
}
