import { mix, PURPOSE, uniform } from '../../domain/draws.ts';
import { EVENT } from './engine/events.ts';
import { FLAG, FRAME } from './engine/frames.ts';
import { OP, STRIDE, WHOSE } from './engine/program.ts';
import type { Edge } from './platforms/edge.ts';
import { ANSWER } from './stores/outcome.ts';
import type { World } from './world.ts';

/**
 * Why a frame ends early; the client's last attempt gives the outcome of the operation. Sold out is an answer, and ends it at once; work
 * that an effect stands in the way of is overtaken.
 */
export const FAILURE = { refused: 1, timedOut: 2, failed: 3, soldOut: 4, overtaken: 5 } as const;

/**
 * Walks frames through their programs.
 *
 * A frame's own clock runs ahead of the queue as long as nothing shared is touched; before it touches a part it waits for an event at its
 * own time, so that every part sees its visitors in order.
 */
export class Walker {
  private readonly world: World;
  constructor(world: World) {
    this.world = world;
  }

  /** Takes steps until the frame has to wait or is done. */
  walk(f: number): void {
    const { frames, program } = this.world;
    const code = program.code;
    for (;;) {
      const pc = frames.pc[f] as number;
      const op = code[pc] as number;
      if (op === OP.end) {
        this.finish(f);
        return;
      }
      if (op === OP.call) {
        frames.pc[f] = pc + STRIDE;
        this.world.calls.call(f, pc);
        return;
      }
      if (op !== OP.parallel && (frames.clock[f] as number) > this.world.now) {
        this.world.events.push(frames.clock[f] as number, EVENT.go, f, frames.generation[f] as number);
        return;
      }
      if (!this.step(f, op, pc)) return;
    }
  }

  /** One instruction; false when the frame now waits (or is gone). */
  private step(f: number, op: number, pc: number): boolean {
    const { frames, program } = this.world;
    if (op === OP.read || op === OP.write || op === OP.transact) return this.access(f, op, pc);
    if (op === OP.take) return this.take(f, pc);
    if (op === OP.settle) return this.settle(f, pc);
    if (op === OP.lookup) return this.lookup(f, pc);
    if (op === OP.parallel) return this.fork(f, pc);
    frames.pc[f] = pc + STRIDE;
    if (op === OP.publish) return this.publish(f, program.code[pc + 1] as number);
    if (op === OP.enter) return this.world.client.enter(f);
    if (op === OP.show) this.world.client.show(f, program.code[pc + 1] as number, this.rowOf(f, program.code[pc + 2] as number));
    else if (op === OP.look)
      frames.seen[f] = this.world.stock.left(program.code[pc + 1] as number, this.rowOf(f, program.code[pc + 2] as number));
    else if (op === OP.judge) return this.judge(f, program.code[pc + 1] as number);
    else if (op === OP.fill) {
      const edge = this.world.edges[program.code[pc + 1] as number] as Edge;
      edge.filled(frames.clock[f] as number, this.rowOf(f, program.code[pc + 2] as number));
    }
    return true;
  }

  rowOf(f: number, of: number): number {
    const frames = this.world.frames;
    if (of === WHOSE.others)
      return Math.floor(uniform(mix(frames.key[f] as number, PURPOSE.object)) * this.world.cell.plan.users.count);
    const story = frames.story[f] as number;
    return (of === WHOSE.actor ? frames.stories.user[story] : frames.stories.object[story]) as number;
  }

  private publish(f: number, event: number): boolean {
    if (this.world.publisher.publish(f, event)) return true;
    this.fail(f, FAILURE.refused);
    return false;
  }

  private access(f: number, op: number, pc: number): boolean {
    const { frames, program, stores } = this.world;
    const code = program.code;
    const dataset = code[pc + 1] as number;
    const detail = code[pc + 4] as number;
    const row = this.rowOf(f, code[pc + 2] as number);
    const packed = ((code[pc + 3] as number) << 2) | (op === OP.write ? 1 : op === OP.transact ? 3 : detail << 1);
    const tries = frames.tries[f] as number;
    const u = uniform(mix(mix(frames.key[f] as number, code[pc + 5] as number), PURPOSE.store + tries * 64));
    const now = frames.clock[f] as number;
    const back = stores.access(now, dataset, packed, row, u);
    frames.clock[f] = back;
    this.world.tracer?.accessed(f, dataset, { start: now, end: back, packed, outcome: stores.outcome });
    if (stores.outcome === ANSWER.throttled && tries < stores.retries(dataset)) {
      frames.tries[f] = tries + 1;
      frames.clock[f] = back + u * stores.backoffMs(dataset) * 2 ** tries;
      return true;
    }
    frames.tries[f] = 0;
    if (stores.outcome !== ANSWER.ok) {
      this.fail(f, FAILURE.refused);
      return false;
    }
    frames.pc[f] = pc + STRIDE;
    if (op === OP.write) this.world.effects.written(f, detail, row, back);
    else if (stores.isStale) this.world.effects.staleRead(f);
    return true;
  }

  /** The write that takes from a stock is committed now: it changes what is left, or finds it sold out. */
  private take(f: number, pc: number): boolean {
    const { frames, stock } = this.world;
    frames.pc[f] = pc + STRIDE;
    if (stock.take(f, pc)) return true;
    this.fail(f, FAILURE.soldOut);
    return false;
  }

  /** The write that undoes or waits is committed now. */
  private settle(f: number, pc: number): boolean {
    this.world.frames.pc[f] = pc + STRIDE;
    return this.world.settling.settle(f, pc);
  }

  /** What follows a failure is not wanted where `effect` stands. */
  private judge(f: number, effect: number): boolean {
    const { frames, standing } = this.world;
    if (standing.count(effect, frames.stories.action[frames.story[f] as number] as number) === 0) return true;
    frames.release(f);
    return false;
  }

  private lookup(f: number, pc: number): boolean {
    const { frames, program } = this.world;
    const code = program.code;
    const edge = this.world.edges[code[pc + 1] as number] as Edge;
    const row = this.rowOf(f, code[pc + 3] as number);
    const u = uniform(mix(mix(frames.key[f] as number, code[pc + 5] as number), PURPOSE.io));
    frames.clock[f] = edge.lookup(this.world.now, row, code[pc + 4] as number, u);
    this.world.tracer?.lookedUp(f, code[pc + 1] as number, frames.clock[f] as number, edge.isHit);
    frames.pc[f] = edge.isHit ? (code[pc + 2] as number) : pc + STRIDE;
    if (edge.isHit && edge.isStale) this.world.effects.staleRead(f);
    return true;
  }

  /** Starts every branch of a parallel step; the frame goes on when the last is back. */
  private fork(f: number, pc: number): boolean {
    const { frames, program } = this.world;
    const first = program.code[pc + 1] as number;
    const count = program.code[pc + 2] as number;
    frames.pc[f] = pc + STRIDE;
    frames.open[f] = count;
    const generation = frames.generation[f] as number;
    const start = frames.clock[f] as number;
    for (let k = 0; k < count; k++) {
      const b = this.child(f, FRAME.branch);
      frames.clock[b] = start;
      frames.pc[b] = program.branches[first + k] as number;
      frames.component[b] = frames.component[f] as number;
      frames.part[b] = frames.part[f] as number;
      frames.key[b] = mix(frames.key[f] as number, (program.code[pc + 5] as number) + k);
      this.walk(b);
      if (!frames.isCurrent(f, generation)) return false;
    }
    return false;
  }

  /** A new frame below `f`, about the same story; its clock is for the caller to set. */
  child(f: number, kind: number): number {
    const frames = this.world.frames;
    const c = frames.take(frames.stories.share(frames.story[f] as number));
    frames.kind[c] = kind;
    frames.parent[c] = f;
    frames.parentGeneration[c] = frames.generation[f] as number;
    this.world.tracer?.inherit(f, c);
    return c;
  }

  /** The program is at its end. */
  private finish(f: number): void {
    const { frames } = this.world;
    const kind = frames.kind[f] as number;
    if (kind === FRAME.operation) this.world.client.succeed(f);
    else if (kind === FRAME.branch) this.join(f, false);
    else if (kind === FRAME.followUp) frames.release(f);
    else this.world.calls.worked(f);
  }

  /** The frame cannot go on; what it holds is given back, and whoever waits for it hears of it. */
  fail(f: number, failure: number): void {
    const kind = this.world.frames.kind[f] as number;
    if (kind === FRAME.operation) this.world.client.failAttempt(f, failure);
    else if (kind === FRAME.branch) this.join(f, true, failure);
    else if (kind === FRAME.followUp) this.world.followUps.again(f);
    else this.world.calls.fail(f, failure);
  }

  /** A branch is back: the last one lets its parent go on at the latest clock of all. */
  private join(b: number, hasFailed: boolean, failure = 0): void {
    const { frames } = this.world;
    const parent = frames.parent[b] as number;
    const isWanted = frames.isCurrent(parent, frames.parentGeneration[b] as number);
    const clock = frames.clock[b] as number;
    frames.release(b);
    if (!isWanted) return;
    if (clock > (frames.clock[parent] as number)) frames.clock[parent] = clock;
    if (hasFailed) this.note(parent, failure);
    const open = (frames.open[parent] as number) - 1;
    frames.open[parent] = open;
    if (open > 0) return;
    if (((frames.flags[parent] as number) & FLAG.failed) === 0) {
      this.walk(parent);
      return;
    }
    const noted = frames.tries[parent] as number;
    frames.tries[parent] = 0;
    this.fail(parent, noted);
  }

  /** Why a parallel step fails: the first that went wrong says, and what is sold out only if nothing else did. */
  private note(parent: number, failure: number): void {
    const { frames } = this.world;
    const isFirst = ((frames.flags[parent] as number) & FLAG.failed) === 0;
    if (isFirst || frames.tries[parent] === FAILURE.soldOut) frames.tries[parent] = failure;
    frames.flags[parent] = (frames.flags[parent] as number) | FLAG.failed;
  }
}
