import { FLAG, FRAME } from './engine/frames.ts';
import type { FunctionPool } from './platforms/function.ts';
import type { ServerPool } from './platforms/server.ts';
import { FAILURE } from './walk.ts';
import type { World } from './world.ts';

/** Calls that lose their instance before they are done: their callers hear of it, their messages come back by themselves. */
export class CutOff {
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  /** A function ran into its timeout: its environment is gone, what it waited for goes on without it. */
  timedOut(c: number): void {
    const part = this.world.frames.part[c] as number;
    this.endEnvironment(c, FAILURE.timedOut);
    this.world.dispatch.feed(part);
  }

  /** The patience with a draining machine is at its end: a server's calls are cut. A card finishes its batch. */
  drained(part: number, i: number): void {
    if (this.world.servers[part] !== undefined) this.lost(part, i);
  }

  /** Machine `i` takes no more work and is gone now: what it works on is cut. */
  lost(part: number, i: number): void {
    const { frames, gpus, servers } = this.world;
    const server = servers[part];
    if (server?.fleet.isDraining(i)) {
      server.lose(i, this.world.now);
      for (const c of this.holdersOf(part)) if (frames.instance[c] === i) this.cut(c, server);
    }
    const gpu = gpus[part];
    if (!gpu?.fleet.isDraining(i)) return;
    for (let c = gpu.lose(i, this.world.now); c >= 0; ) {
      const next = frames.next[c] as number;
      frames.next[c] = -1;
      this.tell(c, FAILURE.failed);
      c = next;
    }
  }

  /** The environment of call `c` of a function is gone. */
  killed(c: number): void {
    this.endEnvironment(c, FAILURE.failed);
  }

  /** Calls and deliveries that hold an instance of pool `part`. */
  holdersOf(part: number): number[] {
    const { frames } = this.world;
    const holders: number[] = [];
    for (let c = 0; c < frames.used; c++) {
      if (((frames.flags[c] as number) & FLAG.holds) !== 0 && frames.part[c] === part) holders.push(c);
    }
    return holders;
  }

  /** Call `c` and its environment end now, perhaps before the handler has begun. */
  private endEnvironment(c: number, failure: number): void {
    const { frames, functions, calls, now } = this.world;
    const part = frames.part[c] as number;
    calls.letGo(part);
    const worked = Math.max(0, now - (frames.startedAt[c] as number));
    (functions[part] as FunctionPool).kill(frames.instance[c] as number, now, worked);
    this.tell(c, failure);
  }

  private cut(c: number, server: ServerPool): void {
    const { frames, calls, now } = this.world;
    calls.letGo(frames.part[c] as number);
    const next = server.release(frames.instance[c] as number, now);
    if (next >= 0) calls.beginOnServer(next, server, server.nextInstance);
    this.tell(c, FAILURE.failed);
  }

  private tell(c: number, failure: number): void {
    const { effects, frames, calls, delivery, now } = this.world;
    effects.inVain(c, failure, { at: now, after_ms: now - (frames.startedAt[c] as number) });
    if (frames.kind[c] === FRAME.consumer) {
      delivery.abandon(c);
      return;
    }
    frames.clock[c] = now;
    calls.answer(c, failure);
  }
}
