import { mix, PURPOSE, uniform } from '../../domain/draws.ts';
import { numberOf, samplerOf } from '../../domain/part-values.ts';
import type { Sampler } from '../../domain/sampler.ts';
import { OUTCOME } from '../../measure/recorder.ts';
import { grown } from './engine/calendar-queue.ts';
import { EVENT } from './engine/events.ts';
import { FLAG, FRAME } from './engine/frames.ts';
import type { Edge } from './platforms/edge.ts';
import { GATE } from './platforms/gateway.ts';
import { FAILURE } from './walk.ts';
import type { World } from './world.ts';

/**
 * The users' side: sends each action at its intended time whatever came back before, gives up at the timeout, tries again with back-off
 * and full jitter, and remembers what each session has achieved.
 *
 * Simplified: what a session has achieved counts from the server's answer, a few milliseconds before the user reads it; the front door's
 * timeout (504) counts from when the user sends, a network's way early. Only who measures single milliseconds would notice.
 */
export class Client {
  /** Run time of the next action, ms; infinite after the last. */
  nextAt = Number.POSITIVE_INFINITY;
  private readonly world: World;
  private readonly network: Sampler;
  private readonly backoffBase: number;
  private readonly backoffCap: number;
  private readonly offset: number;
  /** Operations that succeeded, by session and place among those that another operation requires. */
  private achieved = new Uint8Array(4096);
  /** Place among the required operations, by operation; -1 where none requires it. */
  private readonly placeOf: Int32Array;
  private readonly places: number;
  private readonly requires: Int32Array;
  private readonly timeout: Float64Array;
  private readonly requestKb: Float64Array;
  private readonly responseKb: Float64Array;
  /** The edge that an operation's users talk to, if its first step is a lookup there. */
  private readonly edgeOf: (Edge | undefined)[];
  private readonly attempts: Int32Array;
  /** By entity kind and row: the newest accepted entity, or -1. */
  private readonly newest: Int32Array[];
  /** First action of the window: what earlier ones created has gone through all that follows, so that seeing it is no news. */
  private firstAction = 0;

  constructor(world: World) {
    const { plan, cut_start_s } = world.cell;
    this.world = world;
    const gateway = plan.parts.find((p) => p.kind === 'gateway');
    if (gateway === undefined) throw new RangeError('the plan has no gateway');
    this.network = samplerOf(gateway, 'client_ms');
    this.backoffBase = numberOf(gateway, 'retry_base_ms');
    this.backoffCap = numberOf(gateway, 'retry_cap_ms');
    this.offset = cut_start_s * 1000;
    this.requires = Int32Array.from(plan.operations, (o) => o.requires);
    const required = [...new Set(plan.operations.map((o) => o.requires))].filter((o) => o >= 0);
    this.placeOf = Int32Array.from(plan.operations, (_, i) => required.indexOf(i));
    this.places = required.length;
    this.edgeOf = plan.operations.map((o) => (o.program[0]?.do === 'lookup' ? world.edges[o.program[0].edge] : undefined));
    const doorTimeout = numberOf(gateway, 'timeout_ms');
    this.timeout = Float64Array.from(plan.operations, (o) => Math.min(o.timeout_ms, doorTimeout));
    this.requestKb = Float64Array.from(plan.operations, (o) => o.request_kb);
    this.responseKb = Float64Array.from(plan.operations, (o) => o.response_kb);
    this.attempts = Int32Array.from(plan.operations, (o) => o.attempts);
    const rows = Math.max(plan.users.count, plan.objects.count);
    this.newest = plan.entities.map(() => new Int32Array(rows).fill(-1));
  }

  /** Goes to the start of the window, from the state that the earlier actions would have left had all succeeded. */
  prepare(): void {
    const { schedule } = this.world;
    while (schedule.next()) {
      if (schedule.at_ms >= this.offset) {
        this.nextAt = schedule.at_ms - this.offset;
        this.firstAction = schedule.index;
        return;
      }
      this.achieve(schedule.session, schedule.operation);
      this.world.stock.tookBefore(schedule.operation, schedule.object);
      const creates = this.world.cell.plan.operations[schedule.operation]?.creates ?? -1;
      if (creates >= 0) (this.newest[creates] as Int32Array)[schedule.user] = schedule.index;
    }
    this.nextAt = Number.POSITIVE_INFINITY;
  }

  /** The next action of the schedule is due now. */
  arrive(): void {
    const { frames, schedule, now, endMs } = this.world;
    const { stories } = frames;
    const story = stories.take();
    stories.operation[story] = schedule.operation;
    stories.action[story] = schedule.index;
    stories.session[story] = schedule.session;
    stories.user[story] = schedule.user;
    stories.object[story] = schedule.object;
    stories.cause[story] = -1;
    stories.attempt[story] = 0;
    const f = frames.take(story);
    frames.kind[f] = FRAME.operation;
    frames.parent[f] = schedule.key;
    frames.component[f] = -1;
    frames.part[f] = -1;
    frames.intendedAt[f] = now;
    this.world.door?.acted(schedule);
    if (schedule.startedBefore) this.achieveRequired(schedule.session, schedule.operation);
    this.nextAt = schedule.next() ? schedule.at_ms - this.offset : Number.POSITIVE_INFINITY;
    if (this.nextAt > endMs) this.nextAt = Number.POSITIVE_INFINITY;
    this.send(f);
  }

  /** One attempt leaves the user's device. */
  send(f: number): void {
    const { frames, program, recorder, now, operate, walker } = this.world;
    const { stories } = frames;
    // What an earlier attempt set off may still be under way, with that attempt's number.
    const story = stories.own(frames.story[f] as number);
    frames.story[f] = story;
    const attempt = (stories.attempt[story] as number) + 1;
    const operation = stories.operation[story] as number;
    stories.attempt[story] = attempt;
    frames.key[f] = mix(frames.parent[f] as number, attempt);
    frames.flags[f] = FLAG.alive;
    frames.tries[f] = 0;
    frames.pc[f] = program.operations[operation] as number;
    frames.startedAt[f] = now;
    frames.clock[f] = now + this.networkMs(f);
    recorder.attempt(operation, frames.intendedAt[f] as number);
    this.world.tracer?.sent(f);
    operate.watchClient(operation, now + (this.timeout[operation] as number), f);
    walker.walk(f);
  }

  /** The front door: false when it turns the request away. The frame goes on at the time it is let through. */
  enter(f: number): boolean {
    const { frames, gateway, now } = this.world;
    // On the way out of the edge's branch the door has been passed before.
    if ((frames.flags[f] as number) & FLAG.admitted) return true;
    const operation = this.operationOf(f);
    frames.clock[f] = gateway.admit(now, this.requestKb[operation] as number, frames.key[f] as number);
    this.world.tracer?.entered(f);
    if (gateway.outcome === GATE.throttled) {
      this.failAttempt(f, FAILURE.refused);
      return false;
    }
    const requires = this.requires[operation] as number;
    const isAllowed = requires < 0 || this.hasAchieved(frames.stories.session[frames.story[f] as number] as number, requires);
    if (gateway.outcome === GATE.payload || !isAllowed) {
      this.settle(f, gateway.outcome === GATE.payload ? OUTCOME.refused : OUTCOME.failed, now);
      return false;
    }
    frames.flags[f] = (frames.flags[f] as number) | FLAG.admitted;
    return true;
  }

  /** The operation's last step is back at the front door, at the frame's clock. */
  succeed(f: number): void {
    const { frames } = this.world;
    const operation = this.operationOf(f);
    const at = (frames.clock[f] as number) + this.networkMs(f);
    // Too late: the user has left by then, and the deadline will say so.
    if (at > (frames.startedAt[f] as number) + (this.timeout[operation] as number)) return;
    this.respond(operation);
    this.achieve(frames.stories.session[frames.story[f] as number] as number, operation);
    this.settle(f, OUTCOME.served, at);
  }

  private respond(operation: number): void {
    const kb = this.responseKb[operation] as number;
    const edge = this.edgeOf[operation];
    if (edge === undefined) this.world.gateway.respond(kb);
    else edge.respond(kb);
  }

  /** This attempt has failed at the frame's clock: try again after a back-off, or give up. */
  failAttempt(f: number, failure: number): void {
    const { effects, frames, now } = this.world;
    const operation = this.operationOf(f);
    const isTimeout = failure === FAILURE.timedOut && (frames.clock[f] as number) <= now;
    const at = isTimeout ? now : (frames.clock[f] as number) + this.networkMs(f);
    if (!isTimeout && at > (frames.startedAt[f] as number) + (this.timeout[operation] as number)) return;
    if (failure === FAILURE.soldOut) {
      this.respond(operation);
      effects.soldOut(f);
      this.settle(f, OUTCOME.served, at);
      return;
    }
    this.giveUpOn(f, failure, Math.max(at, now));
  }

  /** The user's patience with this attempt is over. */
  timedOut(f: number): void {
    this.giveUpOn(f, FAILURE.timedOut, this.world.now);
  }

  private giveUpOn(f: number, failure: number, at: number): void {
    const { effects, frames, events } = this.world;
    effects.inVain(f, failure, { at, after_ms: at - (frames.startedAt[f] as number) });
    const attempt = frames.stories.attempt[frames.story[f] as number] as number;
    this.world.tracer?.gaveUp(f, failure, at);
    // What this attempt set off goes on, but nothing of it may come back.
    frames.generation[f] = ((frames.generation[f] as number) + 1) | 0;
    if (attempt < (this.attempts[this.operationOf(f)] as number)) {
      const cap = Math.min(this.backoffCap, this.backoffBase * 2 ** (attempt - 1));
      const wait = uniform(mix(frames.key[f] as number, PURPOSE.backoff)) * cap;
      events.push(at + wait, EVENT.retry, f, frames.generation[f] as number);
      return;
    }
    this.world.followUps.operationFailed(f, at);
    const outcomes = [OUTCOME.failed, OUTCOME.refused, OUTCOME.timedOut, OUTCOME.failed];
    this.settle(f, outcomes[failure] ?? OUTCOME.failed, at);
  }

  private settle(f: number, outcome: number, at: number): void {
    const { frames, recorder } = this.world;
    recorder.settle(this.operationOf(f), frames.intendedAt[f] as number, outcome, at);
    this.world.tracer?.settled(f, outcome, at);
    frames.release(f);
  }

  /** The entity `action` is the newest of `row` from now on. */
  accepted(entity: number, row: number, action: number): void {
    (this.newest[entity] as Int32Array)[row] = action;
  }

  /** The user sees the newest entity of `row`. */
  show(f: number, entity: number, row: number): void {
    const action = (this.newest[entity] as Int32Array)[row] as number;
    if (action >= this.firstAction) this.world.effects.shown(f, action);
  }

  /** Operations still without an answer when the run ends. */
  closePending(): void {
    const { frames, recorder } = this.world;
    for (let f = 0; f < frames.used; f++) {
      if (((frames.flags[f] as number) & FLAG.alive) === 0 || frames.kind[f] !== FRAME.operation) continue;
      recorder.settle(this.operationOf(f), frames.intendedAt[f] as number, OUTCOME.pending, 0);
    }
  }

  private operationOf(f: number): number {
    const { frames } = this.world;
    return frames.stories.operation[frames.story[f] as number] as number;
  }

  private networkMs(f: number): number {
    const law = this.network;
    return law.isConstant ? law.mean : law.at(uniform(mix(this.world.frames.key[f] as number, PURPOSE.io)));
  }

  private achieve(session: number, operation: number): void {
    const place = this.placeOf[operation] as number;
    if (place < 0) return;
    const at = session * this.places + place;
    if (at >= this.achieved.length) {
      this.achieved = grown(this.achieved, new Uint8Array(Math.max(at + 1, this.achieved.length * 2)));
    }
    this.achieved[at] = 1;
  }

  /** Sessions that began before the run are counted as signed in. */
  private achieveRequired(session: number, operation: number): void {
    const requires = this.requires[operation] as number;
    if (requires >= 0) this.achieve(session, requires);
  }

  private hasAchieved(session: number, operation: number): boolean {
    return this.achieved[session * this.places + (this.placeOf[operation] as number)] === 1;
  }
}
