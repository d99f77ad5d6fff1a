import { CONTROLLERS } from '../../controllers/index.ts';
import type { PoolSample } from '../../domain/cell.ts';
import { assetsOf, type Controller, type Observation } from '../../domain/controller.ts';
import type { Part, Plan } from '../../domain/plan.ts';
import { type Signal, SignalMeter } from '../../domain/signals.ts';
import type { Fleet } from './fleet.ts';
import type { Counted } from './platforms/door-watch.ts';
import type { PoolCounters } from './platforms/server.ts';
import type { WorkerState } from './platforms/worker.ts';

/** One look at everything that runs: counters since the start. */
export interface Look {
  at_s: number;
  /** By pool of machines: what the balancer and the instances have counted. */
  pools: ReadonlyMap<number, PoolCounters>;
  workers: ReadonlyMap<number, WorkerState>;
  /** By queue part. */
  depths: ReadonlyMap<number, { visible: number; inFlight: number }>;
  /** By function: environments alive and at work, and invocations so far. */
  functions: ReadonlyMap<number, { alive: number; busy: number; invocations: number }>;
  /** What the front door has counted, where it was told to. */
  door?: Counted;
}

interface Control {
  name: string;
  controller: Controller;
  state: unknown;
  /** What jobs of the controller came to since it last decided. */
  fitted: unknown[];
  due_s: number;
  late: Observation[];
  before: Counts;
  /** Only where the controller declares signals. */
  meter: SignalMeter | undefined;
}

/** Counts of a pool at one look; differences between two are what a controller sees. */
interface Counts {
  at_s: number;
  arrivals: number;
  completions: number;
  area_ms: number;
  cpu_ms: number;
}

const ZERO: Counts = { at_s: 0, arrivals: 0, completions: 0, area_ms: 0, cpu_ms: 0 };

/** What the controllers' world is made of. */
export interface Operated {
  fleets: ReadonlyMap<number, Fleet>;
  resized(part: number, wanted: number): void;
  /** Does a job of the controller of that name, off the decisions' path. */
  fit(controller: string, job: unknown): Promise<unknown>;
}

/** Controllers over real processes, and samples for the charts: the same observations as in the virtual world, from what can be asked. */
export class Operate {
  readonly timelines: PoolSample[][];
  /** What went wrong beside decisions, in words. */
  readonly told: string[] = [];
  private readonly plan: Plan;
  private readonly fleets: ReadonlyMap<number, Fleet>;
  private readonly controls = new Map<number, Control>();
  private readonly sampled = new Map<number, number>();
  private readonly o: Operated;

  constructor(plan: Plan, o: Operated) {
    this.plan = plan;
    this.fleets = o.fleets;
    this.o = o;
    this.timelines = plan.parts.map(() => []);
    for (const part of o.fleets.keys()) {
      const sizing = plan.parts[part]?.sizing;
      const name = sizing?.controller.name ?? '';
      const controller = sizing && CONTROLLERS[name]?.create(sizing.controller.options, assetsOf(plan, sizing));
      if (controller === undefined) throw new RangeError(`unknown controller ${name}`);
      const state = controller.initial;
      const meter = controller.signals?.length ? new SignalMeter(controller.signals) : undefined;
      const none = { fitted: [], late: [], before: ZERO };
      this.controls.set(part, { name, controller, state, due_s: controller.interval_s, meter, ...none });
    }
  }

  /** Whether the front door has to count for a controller. */
  get wantsDoor(): boolean {
    return [...this.controls.values()].some(({ controller }) => controller.signals?.some((signal) => signal !== 'queue_growth'));
  }

  /** A sample of every pool. */
  sample(look: Look): void {
    this.plan.parts.forEach((part, i) => {
      if (part.kind === 'function' || this.fleets.has(i)) this.timelines[i]?.push(this.sampleOf(i, look));
    });
  }

  /** Every controller that is due looks and decides. */
  control(look: Look): void {
    for (const [part, control] of this.controls) {
      if (look.at_s < control.due_s) continue;
      control.due_s += control.controller.interval_s;
      const seen = this.seenBy(control, this.observe(part, control, look));
      if (seen === undefined) continue;
      const fleet = this.fleets.get(part) as Fleet;
      const { controller } = control;
      for (const fitted of control.fitted.splice(0)) control.state = controller.adopt?.(control.state, fitted) ?? control.state;
      const outcome = controller.decide(control.state, seen);
      control.state = outcome.state;
      if (outcome.refit !== undefined) this.refit(part, control, outcome.refit);
      if (outcome.wanted === fleet.wanted) continue;
      this.timelines[part]?.push({ ...this.sampleOf(part, look), wanted: outcome.wanted, because: outcome.because });
      this.o.resized(part, outcome.wanted);
    }
  }

  /** Has a job done meanwhile; where that fails, the controller goes on with what it knows. */
  private refit(part: number, { name, fitted }: Control, job: unknown): void {
    this.o.fit(name, job).then(
      (done) => void fitted.push(done),
      (error: Error) => {
        this.told.push(`${this.plan.parts[part]?.path}: ${name} could not fit anew and went on as it was: ${error.message}`);
      },
    );
  }

  /** The newest observation that is old enough to have reached the controller; sizes are asked of the platform and are not late. */
  private seenBy({ late, controller }: Control, latest: Observation): Observation | undefined {
    late.push(latest);
    const due = latest.at_s - controller.lag_s;
    while (late.length > 1 && (late[1] as Observation).at_s <= due) late.shift();
    const seen = late[0] as Observation;
    const { at_s, ready, starting, draining } = latest;
    return seen.at_s <= due || controller.lag_s === 0 ? { ...seen, at_s, ready, starting, draining } : undefined;
  }

  private observe(part: number, control: Control, look: Look): Observation {
    const fleet = this.fleets.get(part) as Fleet;
    const { sizing } = fleet;
    const now = this.countsOf(part, look);
    const { before } = control;
    control.before = now;
    const span_ms = Math.max(1, (now.at_s - before.at_s) * 1000);
    const share = (ms: number, of: number) => (of > 0 ? Math.min(1, ms / (of * span_ms)) : 0);
    const since = (name: keyof Counts) => sinceThen(now[name], before[name]);
    return {
      at_s: look.at_s,
      interval_s: span_ms / 1000,
      ready: fleet.ready,
      starting: fleet.starting,
      draining: fleet.drainingCount,
      busy: this.busyOf(part, look),
      queued: this.queuedAt(part, look),
      arrivals: since('arrivals'),
      completions: since('completions'),
      utilisation: share(since('area_ms'), fleet.ready * sizing.slots),
      // An instance is one process, which has one core.
      cpu: share(since('cpu_ms'), fleet.ready),
      minimum: sizing.minimum,
      maximum: sizing.maximum,
      slots: sizing.slots,
      holding_s: sizing.holding_ms / 1000,
      ...(control.meter && { signals: control.meter.read(look.at_s, (signal) => this.counted(signal, part, look)) }),
    };
  }

  /** What there is of a signal at a look; null where a queue has not said how deep it is, or the door was not told to count. */
  private counted(signal: Signal, part: number, look: Look): number | null {
    if (signal === 'sessions_starting') return look.door?.sessions ?? null;
    if (signal === 'followers_reached') return look.door?.followers ?? null;
    const queues = this.queuesOf(part);
    return queues.every((q) => look.depths.has(q)) ? queues.reduce((sum, q) => sum + depthOf(look, q), 0) : null;
  }

  /** Messages arrive when they are in the queue: what was worked off, and what is still there. */
  private countsOf(part: number, look: Look): Counts {
    const pool = look.pools.get(part);
    const worker = look.workers.get(part);
    const inQueues = this.queuesOf(part).reduce((sum, q) => sum + depthOf(look, q), 0);
    return {
      at_s: look.at_s,
      arrivals: (pool?.arrivals ?? 0) + (worker?.completions ?? 0) + inQueues,
      completions: (pool?.completions ?? 0) + (worker?.completions ?? 0),
      area_ms: (pool?.area_ms ?? 0) + (worker?.area_ms ?? 0),
      cpu_ms: worker?.cpu_ms ?? 0,
    };
  }

  private busyOf(part: number, look: Look): number {
    return (look.pools.get(part)?.busy ?? 0) + (look.workers.get(part)?.busy ?? 0);
  }

  private queuedAt(part: number, look: Look): number {
    const waiting = this.queuesOf(part).reduce((sum, q) => sum + depthOf(look, q), 0);
    return (look.pools.get(part)?.queued ?? 0) + waiting;
  }

  private queuesOf(part: number): number[] {
    const consumers = this.plan.events.flatMap((e) => e.consumers);
    return consumers.filter((c) => this.plan.components[c.component]?.part === part).map((c) => c.queue);
  }

  private sampleOf(part: number, look: Look): PoolSample {
    const fleet = this.fleets.get(part);
    const environments = look.functions.get(part);
    const arrived = fleet ? this.countsOf(part, look).arrivals : (environments?.invocations ?? 0);
    const before = this.sampled.get(part) ?? 0;
    this.sampled.set(part, arrived);
    return {
      at_s: look.at_s,
      wanted: fleet?.wanted ?? environments?.alive ?? 0,
      ready: fleet?.ready ?? environments?.alive ?? 0,
      starting: fleet?.starting ?? 0,
      busy: fleet ? this.busyOf(part, look) : (environments?.busy ?? 0),
      queued: this.queuedAt(part, look),
      arrivals: sinceThen(arrived, before),
    };
  }
}

/** What was added to a counter; what an instance did between the last look and its death is not known, so a counter may fall. */
function sinceThen(now: number, before: number): number {
  return Math.max(0, now - before);
}

function depthOf(look: Look, queue: number): number {
  const depth = look.depths.get(queue);
  return depth === undefined ? 0 : depth.visible + depth.inFlight;
}

/** Pools of a plan that are machines: what a fleet is kept for. */
export function machinesOf(plan: Plan): [number, Part][] {
  return plan.parts.flatMap((part, i): [number, Part][] => (part.kind === 'server' || part.kind === 'gpu' ? [[i, part]] : []));
}
