import type { CalibratedValue } from '../../domain/calibration.ts';
import { quotaOf } from '../../domain/cpu-quota.ts';
import { scaled } from '../../domain/distribution.ts';
import type { Leg, Metered } from '../../domain/leg.ts';
import { numberOf } from '../../domain/part-values.ts';
import type { Plan } from '../../domain/plan.ts';
import { stepsOf } from '../../domain/steps.ts';
import { type Burst, Bursts, stretchesOf } from './bursts.ts';
import { beginOf, Crowd, waysOf } from './crowd.ts';
import { consumerOf, isFunction } from './placed.ts';
import { modelled, type Stay, Stays, sum } from './requests.ts';
import { at, fastestTenth, numberFrom, Samples } from './samples.ts';

/** One run that was measured leg by leg, and the plan that it played. */
export interface MeteredRun {
  plan: Plan;
  metered: Metered;
}

/** The same, its legs by who went them, its bursts, and who was there at once. */
interface Looked extends MeteredRun {
  stays: Stays;
  bursts: Burst[];
  crowd: Crowd;
}

/**
 * Turns what metered runs measured into the numbers of the models, by the paths of `--set` and `parameters`.
 *
 * Nothing is fitted to the latency of whole operations: each number is the time of its own leg, less what is modelled elsewhere. What was
 * measured fewer than 20 times is left out, boots and cold starts fewer than 3 times.
 */
export class Calibrator {
  private readonly samples = new Samples();
  private readonly bursts = new Bursts();
  /** Time of the door's own in requests that went beyond it, ms. */
  private readonly doors: number[] = [];
  /** The same in requests that a cache answered, ms. */
  private readonly hits: number[] = [];
  /** Writes to PostgreSQL without its CPU, ms. */
  private readonly writes: { ms: number; met: number }[] = [];
  private readonly runs: readonly Looked[];

  private readonly cores: number;

  /** `cores` of the machine that played the runs. */
  constructor(runs: readonly MeteredRun[], cores: number) {
    this.runs = runs.map(looked);
    this.cores = cores;
    for (const run of this.runs) this.machines(run);
    for (const { ms, met } of this.writes) this.samples.add('postgres.disk_ms', ms - this.network, { met });
    const cpu = this.doorCpu;
    for (const own of this.doors) this.samples.add('gateway.added_ms', own - cpu);
    this.cached(cpu);
    // What a function adds is what is left of its call when the network's hop is known.
    for (const run of this.runs) this.functions(run);
  }

  values(): CalibratedValue[] {
    const { samples } = this;
    const other = this.bursts.otherLoad(this.cores);
    const stretches = (path: string) => stretchesOf(this.cores, other?.value ?? 0, samples.met(path));
    const queues = ['rabbitmq', 'sqs', 'sqs-fifo'];
    const asMeasured = [
      ...['gateway.client_ms', 'gateway.added_ms', 'edge.hit_ms'],
      ...queues.map((kind) => `${kind}.delivery_ms`),
      ...this.named('application.components', 'io_ms'),
    ];
    const drawnOut = [
      'gateway.hop_ms',
      'function.invoke_ms',
      'postgres.network_ms',
      'postgres.disk_ms',
      'dynamodb.read_ms',
      'dynamodb.write_ms',
      's3.get_ms',
      's3.put_ms',
      ...queues.map((kind) => `${kind}.send_ms`),
      ...this.named('application.components', 'cpu_ms'),
      ...this.named('function', 'invoke_ms'),
    ];
    return [
      ...drawnOut.flatMap((path) => samples.law(path, { stretches: stretches(path) })),
      ...asMeasured.flatMap((path) => samples.law(path)),
      ...samples.law('server.boot_s', { least: 3 }),
      ...samples.law('function.init_ms', { least: 3, stretches: stretches('function.init_ms') }),
      ...this.settled(),
      ...(other ? [numberFrom('host.other_load', other.value, { unit: 'core', n: other.n })] : []),
      ...this.demands(),
    ].sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Numbers that follow from how the others were measured: what they hold already is not added again. */
  private settled(): CalibratedValue[] {
    const { samples } = this;
    const zero = (path: string, unit: string, of: string) =>
      samples.count(of) === 0 ? [] : [numberFrom(path, 0, { unit, n: samples.count(of) })];
    const disk = samples.count('postgres.disk_ms');
    const { speed } = this.bursts;
    return [
      ...(this.doors.length > 0 ? [numberFrom('gateway.cpu_ms', this.doorCpu, { unit: 'ms', n: this.doors.length })] : []),
      ...zero('edge.miss_ms', 'ms', 'edge.hit_ms'),
      ...zero('server.health_check_s', 's', 'server.boot_s'),
      ...zero('function.first_call_ms', 'ms', 'function.init_ms'),
      ...(samples.count('gateway.hop_ms') === 0 ? zero('gateway.hop_ms', 'ms', 'function.invoke_ms') : []),
      ...zero('rabbitmq.commit_ms', 'ms', 'rabbitmq.send_ms'),
      ...(this.writes.length > 0 && samples.count('postgres.network_ms') === 0
        ? [numberFrom('postgres.network_ms', this.network, { unit: 'ms', n: this.writes.length })]
        : []),
      ...zero('postgres.io_per_read', 'I/O', 'postgres.disk_ms'),
      ...(disk > 0 ? [numberFrom('postgres.io_per_write', 1, { unit: 'I/O', n: disk })] : []),
      ...(speed ? [numberFrom('function.speed', speed.value, { unit: 'x reference vCPU', n: speed.n })] : []),
    ];
  }

  /** Each component's own law, as much longer or shorter as its undisturbed bursts were. */
  private demands(): CalibratedValue[] {
    return [...this.bursts.demands].flatMap(([name, { ratio, n }]) => {
      const planned = this.runs.flatMap(({ plan }) => plan.components).find((c) => c.name === name);
      if (planned === undefined || planned.cpu_ms === 0) return [];
      const path = `application.components.${name}.cpu_ms`;
      return [numberFrom(path, scaled(planned.cpu_ms, Number(ratio.toPrecision(4))), { unit: 'ms', n })];
    });
  }

  /** Paths of a number that each component has of its own. */
  private named(kind: string, field: string): string[] {
    const names = new Set(this.runs.flatMap(({ plan }) => plan.components.map((c) => c.name)));
    return [...names].map((name) => `${kind}.${name}.${field}`);
  }

  /** How long a request has the gateway's thread: the door's own time where nothing came between, which is that of the fastest tenth. */
  private get doorCpu(): number {
    return fastestTenth(this.doors);
  }

  /** Way to PostgreSQL and back: that of a read in the middle, else all that the fastest tenth of writes took. */
  private get network(): number {
    return this.samples.median('postgres.network_ms') ?? fastestTenth(this.writes.map(({ ms }) => ms));
  }

  private machines(run: Looked): void {
    const { plan, metered, stays, bursts, crowd } = run;
    this.bursts.add(plan, bursts, crowd);
    for (const stay of stays.all()) {
      for (const leg of stay.legs) this.leg(run, leg);
      this.door(plan, metered, stay);
      for (const call of stay.legs) if (call.leg === 'call' && !isFunction(plan, call.of)) this.hop(call, run);
    }
    for (const [part, boots] of metered.boots_ms) {
      if (plan.parts[part]?.kind === 'server')
        for (const ms of boots) this.samples.add('server.boot_s', ms / 1000, { unit: 's' });
    }
  }

  /** The user's network and the door's own work: what of an operation's latency is not in what it called. */
  private door(plan: Plan, { latency_ms }: Metered, stay: Stay): void {
    const door = stay.legs.filter((l) => l.leg === 'door');
    const latency = latency_ms.get(stay.action);
    const leg = door[0];
    if (door.length !== 1 || leg === undefined || latency === undefined) return;
    const program = plan.operations[leg.of]?.program ?? [];
    const steps = stepsOf(program);
    // Branches that run at once cannot be taken off one after the other.
    if (program.some((step) => step.do === 'parallel')) return;
    const own = Math.max(0, leg.ms - modelled(stay));
    const outside = Math.max(0, latency - leg.ms);
    this.samples.add('gateway.client_ms', outside / 2);
    const isHit = program[0]?.do === 'lookup' && steps.length > 0 && modelled(stay) === 0;
    if (isHit) this.hits.push(own);
    else this.doors.push(own);
  }

  /** What a cache adds to the door's time where it answers, quantile by quantile. */
  private cached(cpu: number): void {
    const doors = this.doors.toSorted((a, b) => a - b);
    for (const [i, own] of this.hits.toSorted((a, b) => a - b).entries()) {
      const door = at(doors, (i + 0.5) / this.hits.length) ?? 0;
      this.samples.add('edge.hit_ms', own - Math.max(cpu, door));
    }
  }

  private hop(call: Leg, { stays, crowd }: Looked): void {
    const inside = stays.workOf(call.of, call.action);
    if (inside === undefined) return;
    this.samples.add('gateway.hop_ms', (call.ms - modelled(inside)) / 2, { met: crowd.metAt(beginOf(call)) });
  }

  /** Legs that are a model's number as they are. */
  private leg({ plan, crowd }: Looked, leg: Leg): void {
    const { of, ms, asked_ms } = leg;
    const component = plan.components[of];
    const met = crowd.metAt(beginOf(leg));
    if (leg.leg === 'io' && component) this.samples.add(`application.components.${component.name}.io_ms`, ms);
    // A component's own code: what it takes on a whole core is its demand, waits included.
    if (leg.leg === 'cpu' && component && asked_ms === undefined && !isFunction(plan, of))
      this.samples.add(`application.components.${component.name}.cpu_ms`, ms, { met });
    this.access(plan, leg, met);
    this.message(plan, leg, met);
  }

  private access(plan: Plan, { leg, of, ms }: Leg, met: number): void {
    const store = leg === 'read' || leg === 'write' ? plan.parts[plan.datasets[of]?.part ?? -1] : undefined;
    if (store?.kind === 'dynamodb') this.samples.add(`dynamodb.${leg}_ms`, ms, { met });
    if (store?.kind === 's3') this.samples.add(leg === 'read' ? 's3.get_ms' : 's3.put_ms', ms, { met });
    if (store?.kind === 'postgres' && leg === 'read')
      this.samples.add('postgres.network_ms', ms - numberOf(store, 'cpu_ms_read'), { met });
    // What a write takes beyond a read's way there and back is the disk.
    if (store?.kind === 'postgres' && leg === 'write') this.writes.push({ ms: ms - numberOf(store, 'cpu_ms_write'), met });
  }

  private message(plan: Plan, { leg, of, ms }: Leg, met: number): void {
    const queue = leg === 'send' || leg === 'delivery' ? plan.parts[of] : undefined;
    if (queue === undefined) return;
    const broker = plan.parts.find((part) => part.kind === 'broker');
    const through = queue.kind === 'rabbitmq' && broker ? 1000 / numberOf(broker, 'messages_per_s') : 0;
    if (leg === 'send') this.samples.add(`${queue.kind}.send_ms`, ms - through, { met });
    else if (!isFunction(plan, consumerOf(plan, of))) this.samples.add(`${queue.kind}.delivery_ms`, ms - through);
  }

  private functions(run: Looked): void {
    const { plan, metered, stays, crowd } = run;
    const seen = new Set<string>();
    const hops = 2 * (this.samples.median('gateway.hop_ms') ?? 0);
    // What only the first call in a process has to do, in one that was started before, is in no model.
    const overheads = metered.legs.flatMap((call) => {
      if (call.leg !== 'call' || !isFunction(plan, call.of)) return [];
      const inside = stays.workOf(call.of, call.action);
      if (inside === undefined) return [];
      const isCold = sum(inside, 'init').count > 0;
      const name = plan.components[call.of]?.name;
      const met = crowd.metAt(beginOf(call));
      return [{ name, at_ms: call.at_ms, on: inside.on, isCold, met, ms: call.ms - modelled(inside) - hops }];
    });
    overheads.sort((a, b) => a.at_ms - b.at_ms);
    const cold: { ms: number; met: number }[] = [];
    for (const { name, on, isCold, ms, met } of overheads) {
      if (!seen.has(on)) cold.push(...(isCold ? [{ ms, met }] : []));
      else for (const path of ['function.invoke_ms', `function.${name}.invoke_ms`]) this.samples.add(path, ms, { met });
      seen.add(on);
    }
    const invoke = this.samples.median('function.invoke_ms') ?? 0;
    for (const { ms, met } of cold) this.samples.add('function.init_ms', ms - invoke, { met });
    this.polls(run);
  }

  /** A function's messages: what lies between publication and handler, less what an invocation adds, quantile by quantile. */
  private polls({ plan, metered, crowd }: Looked): void {
    const seen = new Set<string>();
    const polled = [...metered.legs]
      .sort((a, b) => a.at_ms - b.at_ms)
      .filter(({ leg, of, on }) => {
        if (leg !== 'delivery' || !isFunction(plan, consumerOf(plan, of))) return false;
        const isFirst = !seen.has(on);
        seen.add(on);
        return !isFirst;
      });
    polled.sort((a, b) => a.ms - b.ms);
    for (const [i, leg] of polled.entries()) {
      const { of, ms } = leg;
      const usual = this.samples.quantile('function.invoke_ms', (i + 0.5) / polled.length) ?? 0;
      // An invocation by a poller cannot have taken longer than the whole way.
      const invoke = Math.min(usual, ms);
      this.samples.add(`function.${plan.components[consumerOf(plan, of)]?.name}.invoke_ms`, invoke, {
        met: crowd.metAt(beginOf(leg)),
      });
      this.samples.add(`${plan.parts[of]?.kind}.delivery_ms`, ms - invoke);
    }
  }
}

/** What stands for code that we do not have; pauses of a quota say nothing of what was to be done. */
function burstsOf(plan: Plan, legs: readonly Leg[]): Burst[] {
  return legs.flatMap(({ leg, of: component, at_ms, ms, asked_ms }) => {
    const runs = plan.parts[plan.components[component]?.part ?? -1];
    if (leg !== 'cpu' || asked_ms === undefined || (runs?.kind === 'function' && quotaOf(runs).share < 1)) return [];
    return [{ component, at_ms, ms, asked_ms }];
  });
}

function looked(run: MeteredRun): Looked {
  const { plan, metered } = run;
  const stays = new Stays(metered.legs);
  const bursts = burstsOf(plan, metered.legs);
  const busy = bursts.map(({ at_ms, ms }) => [at_ms - ms, at_ms] as const);
  return { ...run, stays, bursts, crowd: new Crowd(busy, waysOf(plan, metered.legs, stays)) };
}
