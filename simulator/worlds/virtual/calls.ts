import { mix, PURPOSE, uniform } from '../../domain/draws.ts';
import { samplerOf } from '../../domain/part-values.ts';
import { Sampler } from '../../domain/sampler.ts';
import { EVENT } from './engine/events.ts';
import { FLAG, FRAME } from './engine/frames.ts';
import { OccupancyBook } from './engine/occupancy-book.ts';
import { OP } from './engine/program.ts';
import { type FunctionPool, THROTTLED } from './platforms/function.ts';
import type { GpuPool } from './platforms/gpu.ts';
import { FULL, QUEUED, REFUSED, type ServerPool } from './platforms/server.ts';
import { FAILURE } from './walk.ts';
import type { World } from './world.ts';

/** Calls of components: on their way, at their pool, at work, and back. */
export class Calls {
  readonly book: OccupancyBook;
  /** By component. */
  readonly count: Float64Array;
  /** By component: the share of calls that fail; faults change it. */
  readonly errorRate: Float64Array;
  /** By part: calls that are over. */
  readonly completed: Float64Array;
  private readonly world: World;
  private readonly partOf: Int32Array;
  private readonly overflowOf: Int32Array;
  private readonly hop: Sampler;
  private readonly hopKey = 0x40b;

  constructor(world: World) {
    const { plan } = world.cell;
    this.world = world;
    this.book = new OccupancyBook(plan.parts.length);
    this.count = new Float64Array(plan.components.length);
    this.completed = new Float64Array(plan.parts.length);
    this.errorRate = Float64Array.from(plan.components, (c) => c.error_rate);
    this.partOf = Int32Array.from(plan.components, (c) => c.part);
    this.overflowOf = Int32Array.from(plan.components, (c) => c.overflow);
    const gateway = plan.parts.find((p) => p.kind === 'gateway');
    this.hop = gateway ? samplerOf(gateway, 'hop_ms') : new Sampler(0);
  }

  /** `f` calls the component of its instruction at `pc` and waits. */
  call(f: number, pc: number): void {
    const { frames, program, walker, events } = this.world;
    const component = program.code[pc + 1] as number;
    const c = walker.child(f, FRAME.call);
    frames.component[c] = component;
    frames.part[c] = this.partOf[component] as number;
    const key = mix(frames.key[f] as number, program.code[pc + 5] as number);
    frames.key[c] = key;
    if (program.code[pc + 2] === 1) frames.flags[c] = (frames.flags[c] as number) | FLAG.optional;
    const hop = this.world.stretched(0, this.hop.isConstant ? this.hop.mean : this.hop.at(uniform(mix(key, this.hopKey))));
    frames.intendedAt[c] = hop;
    const at = (frames.clock[f] as number) + hop;
    frames.clock[c] = at;
    this.world.tracer?.called(c, frames.clock[f] as number);
    // No distance: the call is made at once.
    if (at === this.world.now) this.arrive(c);
    else events.push(at, EVENT.arrive, c, frames.generation[c] as number);
  }

  /** A call or a delivery reaches its pool. */
  arrive(c: number): void {
    const { frames, functions, servers, gpus, operate } = this.world;
    const part = frames.part[c] as number;
    if (frames.kind[c] === FRAME.call) operate.arrived(part, 1);
    else this.world.delivery.begun(c);
    this.world.tracer?.arrived(c);
    const server = servers[part];
    if (server !== undefined) this.arriveAtServer(c, server);
    else if (functions[part] !== undefined) this.startFunction(c, functions[part]);
    else this.joinBatch(c, gpus[part] as GpuPool);
  }

  private arriveAtServer(c: number, pool: ServerPool): void {
    const { frames } = this.world;
    if ((frames.flags[c] as number) & FLAG.holds) {
      this.beginOnServer(c, pool, frames.instance[c] as number);
      return;
    }
    const answer = pool.admit(c, this.world.now);
    if (answer >= 0) this.beginOnServer(c, pool, answer);
    else if (answer === REFUSED) this.refuse(c);
    else if (answer === FULL) {
      const overflow = this.overflowOf[frames.component[c] as number] as number;
      frames.part[c] = overflow;
      this.world.operate.arrived(overflow, 1);
      this.startFunction(c, this.world.functions[overflow] as FunctionPool);
    } else if (answer !== QUEUED) throw new RangeError(`a server pool answered ${answer}`);
  }

  /** A slot of instance `i` works on `c` from now on. */
  beginOnServer(c: number, pool: ServerPool, i: number): void {
    const { demands, frames, now, tracer } = this.world;
    if (((frames.flags[c] as number) & FLAG.holds) === 0) this.hold(c, i);
    frames.startedAt[c] = now;
    tracer?.waited(c, now);
    demands.onServer(c, pool, i);
  }

  private startFunction(c: number, pool: FunctionPool): void {
    const { demands, frames, now, operate, tracer } = this.world;
    const i = pool.start(now);
    if (i === THROTTLED) {
      this.refuse(c);
      return;
    }
    this.hold(c, i);
    const begin = this.world.stretched(now, now + pool.delay);
    frames.startedAt[c] = begin;
    tracer?.inFunction(c, pool.isCold);
    const end = demands.inFunction(c, pool, { begin, slowness: pool.slowness });
    const deadline = begin + pool.timeoutMs;
    if (end === undefined || end > deadline || !this.isLeaf(c)) operate.watchFunction(frames.part[c] as number, deadline, c);
    if (end !== undefined) this.run(c);
  }

  /** A call whose component has no steps of its own: its end is known as soon as it begins. */
  private isLeaf(c: number): boolean {
    const { frames, program } = this.world;
    return frames.kind[c] === FRAME.call && program.code[program.components[frames.component[c] as number] as number] === OP.end;
  }

  private joinBatch(c: number, pool: GpuPool): void {
    const { demands, frames, now } = this.world;
    frames.startedAt[c] = now;
    if (!pool.join(c, now, demands.gpuMs(c))) this.refuse(c);
  }

  /** A batch is computed: each member goes on by itself. */
  batchDone(part: number, batch: number): void {
    const { demands, frames, gpus, now, dispatch } = this.world;
    const began = (gpus[part] as GpuPool).beganAt[batch] as number;
    let c = (gpus[part] as GpuPool).done(batch, now);
    while (c >= 0) {
      const next = frames.next[c] as number;
      frames.next[c] = -1;
      this.world.tracer?.onGpu(c, began);
      demands.afterGpu(c);
      this.run(c);
      c = next;
    }
    dispatch.feed(part);
  }

  /** Runs the component's own steps, unless this attempt ends in an error. */
  run(c: number): void {
    const { frames, program, walker } = this.world;
    const component = frames.component[c] as number;
    this.count[component] = (this.count[component] as number) + 1;
    const pc = program.components[component] as number;
    frames.pc[c] = pc;
    const rate = this.errorRate[component] as number;
    if (rate > 0 && uniform(mix(frames.key[c] as number, PURPOSE.error)) < rate) walker.fail(c, FAILURE.failed);
    else if (program.code[pc] === OP.end) this.worked(c);
    else walker.walk(c);
  }

  /** The next message of a function's batch: more work on the same instance, from the frame's own time. */
  again(c: number): void {
    const { demands, frames, functions, tracer } = this.world;
    const pool = functions[frames.part[c] as number] as FunctionPool;
    const begin = frames.clock[c] as number;
    tracer?.received(c, begin);
    if (demands.inFunction(c, pool, { begin, slowness: 1 }) !== undefined) this.run(c);
  }

  /** The component's program is at its end. */
  worked(c: number): void {
    const { frames, delivery } = this.world;
    const isCall = frames.kind[c] === FRAME.call;
    if (!isCall && delivery.advance(c, true)) return;
    if (isCall && ((frames.flags[c] as number) & FLAG.holds) === 0) this.leave(c);
    else this.releaseAt(c);
  }

  /** The component's program has failed at the frame's clock. */
  fail(c: number, failure: number): void {
    const { effects, frames, delivery } = this.world;
    const at = frames.clock[c] as number;
    effects.inVain(c, failure, { at, after_ms: at - (frames.startedAt[c] as number) });
    if (frames.kind[c] === FRAME.consumer) {
      if (delivery.advance(c, failure === FAILURE.soldOut || failure === FAILURE.overtaken)) return;
    } else {
      frames.flags[c] = (frames.flags[c] as number) | FLAG.failed;
      frames.tries[c] = failure;
    }
    this.releaseAt(c);
  }

  /** A call that holds no instance any more (its GPU batch is over) needs no event to end. */
  private leave(c: number): void {
    const { frames } = this.world;
    const part = frames.part[c] as number;
    this.completed[part] = (this.completed[part] as number) + 1;
    this.answer(c, 0);
  }

  private releaseAt(c: number): void {
    const { frames, events } = this.world;
    events.push(frames.clock[c] as number, EVENT.release, c, frames.generation[c] as number);
  }

  /** The instance is free again, and whoever waits hears of it. */
  release(c: number): void {
    const { frames, functions, servers, delivery, dispatch, now } = this.world;
    const part = frames.part[c] as number;
    const i = frames.instance[c] as number;
    this.completed[part] = (this.completed[part] as number) + 1;
    if ((frames.flags[c] as number) & FLAG.holds) this.letGo(part);
    const pool = functions[part];
    if (pool !== undefined) pool.finish(i, now, now - (frames.startedAt[c] as number));
    const server = servers[part];
    if (server !== undefined) {
      const next = server.release(i, now);
      if (next >= 0) this.beginOnServer(next, server, server.nextInstance);
    }
    if (frames.kind[c] === FRAME.consumer) delivery.settle(c);
    else this.answer(c, ((frames.flags[c] as number) & FLAG.failed) !== 0 ? (frames.tries[c] as number) : 0);
    dispatch.feed(part);
  }

  /** New machines take what waits. */
  booted(part: number, i: number): void {
    const { servers, gpus, now } = this.world;
    const server = servers[part];
    if (server === undefined) gpus[part]?.booted(i, now);
    else server.booted(i, now);
    this.refill(part);
  }

  /** The pool has changed its size: what waits takes what is free. */
  refill(part: number): void {
    const { servers, now, dispatch } = this.world;
    const server = servers[part];
    if (server !== undefined) {
      for (let c = server.next(now); c >= 0; c = server.next(now)) this.beginOnServer(c, server, server.nextInstance);
    }
    dispatch.feed(part);
  }

  private refuse(c: number): void {
    const { effects, frames, delivery, now } = this.world;
    effects.inVain(c, FAILURE.refused, { at: now, after_ms: -1 });
    if (frames.kind[c] === FRAME.consumer) delivery.abandon(c);
    else {
      frames.clock[c] = now;
      this.answer(c, FAILURE.refused);
    }
  }

  /** Sends the answer back to the caller, unless it has given up, and frees the frame; the frame's clock is when it leaves. */
  answer(c: number, failure: number): void {
    const { frames, walker } = this.world;
    const caller = frames.parent[c] as number;
    const isAwaited = frames.generation[caller] === frames.parentGeneration[c];
    const back = (frames.clock[c] as number) + (frames.intendedAt[c] as number);
    const counts = failure !== 0 && ((frames.flags[c] as number) & FLAG.optional) === 0;
    this.world.tracer?.answered(c, failure, back);
    frames.release(c);
    if (!isAwaited) return;
    frames.clock[caller] = back;
    if (counts) walker.fail(caller, failure);
    else walker.walk(caller);
  }

  /** Notes that `c` holds a slot of instance `i` of its pool. */
  hold(c: number, i: number): void {
    const { frames, now } = this.world;
    frames.instance[c] = i;
    frames.flags[c] = (frames.flags[c] as number) | FLAG.holds;
    this.book.enter(frames.part[c] as number, now);
  }

  letGo(part: number): void {
    this.book.leave(part, this.world.now);
  }
}
