import { pauses } from '../../domain/cpu-quota.ts';
import { mix, PURPOSE, uniform } from '../../domain/draws.ts';
import { Sampler } from '../../domain/sampler.ts';
import type { FunctionPool } from './platforms/function.ts';
import type { ServerPool } from './platforms/server.ts';
import type { World } from './world.ts';

/**
 * What components ask of whoever works on them: a core, a card, the time of others. It is drawn by the request's key.
 *
 * When a core is done with it is known at once where an instance has cores of its own; a host that all share tells later.
 */
export class Demands {
  /** By component; faults change them. */
  readonly cpu: Sampler[];
  readonly gpu: Sampler[];
  readonly io: Sampler[];
  private readonly world: World;

  constructor(world: World) {
    const { components } = world.cell.plan;
    this.world = world;
    this.cpu = components.map((c) => new Sampler(c.cpu_ms));
    this.gpu = components.map((c) => new Sampler(c.gpu_ms));
    this.io = components.map((c) => new Sampler(c.io_ms));
  }

  gpuMs(c: number): number {
    return this.draw(this.gpu, c, PURPOSE.gpu);
  }

  /** Instance `i` computes for `c` from now on, which goes on by itself when it is done. */
  onServer(c: number, pool: ServerPool, i: number): void {
    const { calls, frames, host, now } = this.world;
    const cpu = this.draw(this.cpu, c, PURPOSE.cpu) * pool.stretch;
    if (host === undefined) {
      const done = pool.work(i, now, cpu);
      this.computed(c, now, done - pool.burst, done);
      calls.run(c);
      return;
    }
    const lane = { name: `${frames.part[c]}/${i}`, width: pool.cores };
    host.compute({ frame: c, left: pool.workOnHost(i, now, cpu), lane, done: this.done(c, now) }, now);
  }

  /** An environment computes for `c` from `begin` on; when it is done with its demands, unless a host tells it later, which then lets it go on. */
  inFunction(c: number, pool: FunctionPool, o: { begin: number; slowness: number }): number | undefined {
    const { frames, host } = this.world;
    const { quota } = pool;
    const cpu = this.draw(this.cpu, c, PURPOSE.cpu) * o.slowness;
    const firstMs = pauses(quota) ? uniform(mix(frames.key[c] as number, PURPOSE.quota)) * quota.period_ms : 0;
    if (host === undefined) {
      this.computed(c, o.begin, o.begin, o.begin + pool.taken(cpu, firstMs));
      return frames.clock[c] as number;
    }
    const work = { frame: c, done: this.done(c, o.begin) };
    if (pauses(quota)) host.compute({ ...work, left: pool.onWholeVcpu(cpu), held: { quota, firstMs } }, o.begin);
    else host.compute({ ...work, left: pool.taken(cpu, firstMs) }, o.begin);
    return undefined;
  }

  /** The batch of `c` is computed now: a core of the machine has the rest. */
  afterGpu(c: number): void {
    const { now } = this.world;
    this.computed(c, now, now, now + this.draw(this.cpu, c, PURPOSE.cpu));
  }

  /** What a host calls when `c`, ready at `readyAt`, has had what it needed. */
  private done(c: number, readyAt: number) {
    return (begin: number) => {
      this.computed(c, readyAt, begin, this.world.now);
      this.world.calls.run(c);
    };
  }

  /** `c`, ready at `readyAt`, has a core from `begin` to `end`, and waits for others then. */
  private computed(c: number, readyAt: number, begin: number, end: number): void {
    this.world.frames.clock[c] = end + this.draw(this.io, c, PURPOSE.io);
    this.world.tracer?.computed(c, readyAt, begin, end);
  }

  private draw(laws: Sampler[], c: number, purpose: number): number {
    const { frames } = this.world;
    const law = laws[frames.component[c] as number] as Sampler;
    return law.isConstant ? law.mean : law.at(uniform(mix(frames.key[c] as number, purpose)));
  }
}
