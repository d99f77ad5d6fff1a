import { CONTROLLERS } from '../../controllers/index.ts';
import type { PoolSample } from '../../domain/cell.ts';
import { assetsOf, type Controller, type ControllerDefinition, type Observation, settled } from '../../domain/controller.ts';
import { type Signal, SignalMeter } from '../../domain/signals.ts';
import { DeadlineRing } from './engine/deadline-ring.ts';
import { EVENT } from './engine/events.ts';
import type { World } from './world.ts';

/** What is watched by a ring of deadlines. */
type Watch = { kind: 'client' | 'function' | 'queue'; index: number; ring: DeadlineRing };

/** The state of one pool's controller between decisions. */
interface Control {
  definition: ControllerDefinition;
  controller: Controller;
  state: unknown;
  wanted: number;
  because: string;
  /** Observations that have not yet reached the controller, oldest first. */
  late: Observation[];
  /** Only where the controller declares signals. */
  meter: SignalMeter | undefined;
  at: number;
  arrivals: number;
  completions: number;
  areaMs: number;
  workedMs: number;
}

/** Operating the system: controllers, deadlines, and samples for the charts. */
export class Operate {
  readonly timelines: PoolSample[][];
  readonly controlOf: (Control | undefined)[];
  private readonly world: World;
  private readonly watches: Watch[] = [];
  private readonly clientRings: number[];
  private readonly functionRings: number[];
  private readonly queueRings: number[];
  /** Arrivals at each part since the start, and at the last sample. */
  private readonly arrivals: Float64Array;
  private readonly sampledArrivals: Float64Array;
  /** Spot interruptions of each pool at the last sample. */
  private readonly sampledInterruptions: number[];

  constructor(world: World) {
    const { plan } = world.cell;
    this.world = world;
    this.timelines = plan.parts.map(() => []);
    this.arrivals = new Float64Array(plan.parts.length);
    this.sampledArrivals = new Float64Array(plan.parts.length);
    this.sampledInterruptions = plan.parts.map(() => 0);
    this.clientRings = plan.operations.map((_, i) => this.watch('client', i));
    this.functionRings = plan.parts.map((p, i) => (p.kind === 'function' ? this.watch('function', i) : -1));
    this.queueRings = plan.parts.map((_, i) => (world.queues[i] ? this.watch('queue', i) : -1));
    this.controlOf = plan.parts.map((part) => {
      if (part.sizing === undefined || (part.kind !== 'server' && part.kind !== 'gpu')) return undefined;
      const definition = CONTROLLERS[part.sizing.controller.name];
      if (definition === undefined) throw new RangeError(`unknown controller ${part.sizing.controller.name}`);
      const controller = definition.create(part.sizing.controller.options, assetsOf(plan, part.sizing));
      const zero = { at: 0, arrivals: 0, completions: 0, areaMs: 0, workedMs: 0, late: [] };
      return {
        definition,
        controller,
        state: controller.initial,
        wanted: part.sizing.initial,
        because: '',
        meter: controller.signals?.length ? new SignalMeter(controller.signals) : undefined,
        ...zero,
      };
    });
  }

  /** Whether the front door has to count for a controller. */
  get wantsDoor(): boolean {
    return this.controlOf.some((control) => control?.controller.signals?.some((signal) => signal !== 'queue_growth'));
  }

  /** Sets the clocks of controllers and samples going. */
  begin(): void {
    const { events, endMs, cell } = this.world;
    cell.plan.parts.forEach((_, i) => {
      const control = this.controlOf[i];
      if (control && control.controller.interval_s * 1000 <= endMs)
        events.push(control.controller.interval_s * 1000, EVENT.control, i, 0);
    });
    this.sample();
  }

  arrived(part: number, count: number): void {
    if (part >= 0) this.arrivals[part] = (this.arrivals[part] as number) + count;
  }

  /** Sets the client's timeout for the current attempt of frame `f`. */
  watchClient(operation: number, at: number, f: number): void {
    this.push(this.clientRings[operation] as number, at, f, this.world.frames.generation[f] as number);
  }

  watchFunction(part: number, at: number, f: number): void {
    this.push(this.functionRings[part] as number, at, f, this.world.frames.generation[f] as number);
  }

  /** The queue has received: its ring has new visibility deadlines. */
  watchQueue(q: number): void {
    this.arm(this.queueRings[q] as number);
  }

  /** The oldest deadline of a ring has come; stale ones before it are skipped. */
  deadline(index: number): void {
    const watch = this.watches[index] as Watch;
    const { ring } = watch;
    ring.isArmed = false;
    while (!ring.isEmpty && ring.headAt <= this.world.now) {
      const id = ring.headId;
      const isLive = this.isLive(watch, id, ring.headGeneration);
      ring.shift();
      if (!isLive) continue;
      if (watch.kind === 'client') this.world.client.timedOut(id);
      else if (watch.kind === 'function') this.world.cutOff.timedOut(id);
      else this.world.delivery.reappear(watch.index, id);
    }
    this.arm(index);
  }

  /** One controller looks and decides. */
  control(part: number): void {
    const { events, now, endMs } = this.world;
    const control = this.controlOf[part];
    if (control === undefined) return;
    control.late.push(this.observe(part, control));
    const due = now / 1000 - control.controller.lag_s;
    while (control.late.length > 1 && (control.late[1] as Observation).at_s <= due) control.late.shift();
    const seen = control.late[0] as Observation;
    const latest = control.late[control.late.length - 1] as Observation;
    // Metrics come late; how many machines there are is asked of the platform and is not.
    const { ready, starting, draining } = latest;
    if (seen.at_s <= due || control.controller.lag_s === 0)
      this.decide(part, control, { ...seen, at_s: latest.at_s, ready, starting, draining });
    const next = now + control.controller.interval_s * 1000;
    if (next <= endMs) events.push(next, EVENT.control, part, 0);
  }

  private decide(part: number, control: Control, seen: Observation): void {
    const { servers, gpus, now, calls } = this.world;
    const outcome = control.controller.decide(control.state, seen);
    control.state = settled(control.definition, control.controller, outcome);
    if (outcome.wanted === control.wanted) return;
    control.wanted = outcome.wanted;
    control.because = outcome.because;
    this.timelines[part]?.push(this.sampleOf(part, outcome.because));
    servers[part]?.resize(outcome.wanted, now);
    gpus[part]?.fleet.resize(outcome.wanted, now);
    calls.refill(part);
  }

  private observe(part: number, control: Control): Observation {
    const { servers, gpus, now, calls, cell } = this.world;
    const sizing = cell.plan.parts[part]?.sizing;
    const fleet = servers[part]?.fleet ?? gpus[part]?.fleet;
    if (sizing === undefined || fleet === undefined) throw new RangeError('only pools of machines are controlled');
    const span = Math.max(1e-9, now - control.at);
    const gpu = gpus[part];
    const worked = gpu ? gpu.workedMs : (servers[part]?.workedMs(now) ?? 0);
    const cores = gpu ? fleet.readyCount : (servers[part]?.coresReady ?? 0);
    const area = gpu ? worked : calls.book.areaMs(part, now);
    const capacity = gpu ? fleet.readyCount : fleet.readyCount * sizing.slots;
    const completions = calls.completed[part] as number;
    const share = (amount: number, of: number) => (of > 0 ? Math.min(1, amount / (of * span)) : 0);
    const observation: Observation = {
      at_s: now / 1000,
      interval_s: span / 1000,
      ready: fleet.readyCount,
      starting: fleet.starting,
      draining: fleet.draining,
      busy: gpu ? gpu.computing : (servers[part]?.busy ?? 0),
      // Messages in flight count, as SQS reports them: one for each machine at work, and those that failed.
      queued: this.queuedAt(part) + this.world.dispatch.hiddenFrom(part),
      arrivals: (this.arrivals[part] as number) - control.arrivals,
      completions: completions - control.completions,
      utilisation: share(area - control.areaMs, capacity),
      cpu: share(worked - control.workedMs, cores),
      minimum: sizing.minimum,
      maximum: sizing.maximum,
      slots: sizing.slots,
      holding_s: sizing.holding_ms / 1000,
      ...(control.meter && { signals: control.meter.read(now / 1000, (signal) => this.counted(signal, part)) }),
    };
    Object.assign(control, { at: now, arrivals: this.arrivals[part], completions, areaMs: area, workedMs: worked });
    return observation;
  }

  /** What there is of a signal by now. */
  private counted(signal: Signal, part: number): number | null {
    const { dispatch, door } = this.world;
    if (signal === 'queue_growth') return dispatch.waitingFor(part) + dispatch.hiddenFrom(part);
    return (signal === 'sessions_starting' ? door?.sessions : door?.followers) ?? null;
  }

  /** Requests and messages that wait for the pool. */
  private queuedAt(part: number): number {
    const { servers, gpus, dispatch } = this.world;
    return (servers[part]?.queue.length ?? 0) + (gpus[part]?.waiting ?? 0) + dispatch.waitingFor(part);
  }

  /** One sample of every pool. */
  sample(): void {
    const { cell, events, now, recorder, endMs } = this.world;
    cell.plan.parts.forEach((part, i) => {
      if (part.kind === 'function' || part.sizing) this.timelines[i]?.push(this.sampleOf(i));
    });
    const next = now + recorder.sliceMs;
    if (next <= endMs) events.push(next, EVENT.sample, 0, 0);
  }

  private sampleOf(part: number, because?: string): PoolSample {
    const { functions, servers, gpus, now } = this.world;
    const pool = functions[part];
    pool?.sweep(now);
    const fleet = servers[part]?.fleet ?? gpus[part]?.fleet;
    const since = (this.arrivals[part] as number) - (this.sampledArrivals[part] as number);
    if (because === undefined) this.sampledArrivals[part] = this.arrivals[part] as number;
    return {
      at_s: now / 1000,
      wanted: fleet?.wanted ?? pool?.alive ?? 0,
      ready: fleet?.readyCount ?? pool?.alive ?? 0,
      starting: fleet?.starting ?? 0,
      busy: pool?.busy ?? servers[part]?.busy ?? gpus[part]?.computing ?? 0,
      queued: this.queuedAt(part),
      arrivals: since,
      ...(because === undefined ? this.interruptedAt(part) : { because }),
    };
  }

  /** Spot interruptions of a pool since the last sample, if there were any. */
  private interruptedAt(part: number): Pick<PoolSample, 'interrupted'> {
    const { servers, gpus } = this.world;
    const sum = (servers[part] ?? gpus[part])?.fleet.spot?.interruptions ?? 0;
    const interrupted = sum - (this.sampledInterruptions[part] as number);
    this.sampledInterruptions[part] = sum;
    return interrupted > 0 ? { interrupted } : {};
  }

  private watch(kind: Watch['kind'], index: number): number {
    const ring = kind === 'queue' ? this.world.queues[index]?.deadlines : new DeadlineRing();
    if (ring === undefined) return -1;
    return this.watches.push({ kind, index, ring }) - 1;
  }

  /** Before a ring grows, what was met at its head is forgotten: it stays about as long as what is under way. */
  private push(index: number, at: number, id: number, generation: number): void {
    const watch = this.watches[index] as Watch;
    const { ring } = watch;
    if (ring.isFull) this.prune(watch);
    ring.push(at, id, generation);
    if (!ring.isArmed) this.arm(index);
  }

  private prune(watch: Watch): void {
    const { ring } = watch;
    while (!ring.isEmpty && !this.isLive(watch, ring.headId, ring.headGeneration)) ring.shift();
  }

  private isLive(watch: Watch, id: number, generation: number): boolean {
    if (watch.kind === 'queue') return this.world.delivery.isInFlight(id, generation);
    return this.world.frames.generation[id] === generation;
  }

  /** Keeps one event pending for the first deadline that still matters. */
  private arm(index: number): void {
    const watch = this.watches[index] as Watch;
    const { ring } = watch;
    if (ring.isArmed) return;
    this.prune(watch);
    if (ring.isEmpty) return;
    ring.isArmed = true;
    this.world.events.push(Math.max(ring.headAt, this.world.now), EVENT.deadline, index, 0);
  }
}
