import { allowedIn, type CpuQuota } from '../../../domain/cpu-quota.ts';
import { quantile } from '../../../domain/distribution.ts';
import { Stream } from '../../../domain/draws.ts';
import { numberOf } from '../../../domain/part-values.ts';
import type { Part } from '../../../domain/plan.ts';
import { EVENT } from '../engine/events.ts';
import { SharedCores } from '../engine/shared-cores.ts';
import type { World } from '../world.ts';

/** What a frame computes. */
export interface Work {
  frame: number;
  /** CPU time that it still has to get, ms. */
  left: number;
  /** Bursts of one instance, by a name for it, are worked off in order of arrival, `width` at a time. */
  lane?: { name: string; width: number };
  /** A quota that pauses it, and how long before the next period it begins. */
  held?: { quota: CpuQuota; firstMs: number };
  /** Hears when it has had all of it, and when it first had a core. */
  done(begunAt: number): void;
}

type Burst = Work & { generation: number; begunAt: number; period: number };

/** Stands for a burst of what has no demand in the plan. */
const OTHER = null;
/** CPU time that is none, ms. */
const NOTHING_MS = 1e-9;

/**
 * One machine whose cores all instances share, with whatever else runs there: as in a live run, where each is a process.
 *
 * A burst waits for its instance and then has its share of the machine, until its quota is used up.
 *
 * Simplified: what was cut off keeps its core to the end of the burst; CPU work after a GPU batch is not on the host; a quota without periods
 * keeps its core while it holds back; while others are in its way, a quota lasts as if nobody were. A way through other processes wants one core
 * as long as it lasts undisturbed, and is drawn out by who is there when it begins, not by who comes.
 */
export class Host {
  private readonly world: World;
  private readonly place: number;
  private readonly cores: SharedCores<Burst | typeof OTHER>;
  private readonly lanes = new Map<string, { running: number; waiting: Burst[] }>();
  /** By frame: what begins or goes on later. */
  private readonly later = new Map<number, Burst>();
  private readonly noise: Stream;
  private readonly otherMs: number;
  /** Mean time between two bursts of others. */
  private readonly gapMs: number;
  private otherAt: number;
  private turn = 0;

  constructor(world: World, part: Part) {
    this.world = world;
    this.place = world.cell.plan.parts.indexOf(part);
    this.cores = new SharedCores(Math.max(1, Math.round(numberOf(part, 'cores'))));
    this.noise = new Stream(world.cell.seed, part.path);
    this.otherMs = numberOf(part, 'other_ms');
    const load = numberOf(part, 'other_load');
    this.gapMs = load > 0 ? this.otherMs / load : Number.POSITIVE_INFINITY;
    this.otherAt = load > 0 ? this.exponential(this.gapMs) : Number.POSITIVE_INFINITY;
    this.expect();
  }

  /** From `at` on, `work` is to be done. */
  compute(work: Work, at: number): void {
    const generation = this.world.frames.generation[work.frame] as number;
    const burst = { ...work, generation, begunAt: Number.POSITIVE_INFINITY, period: 0 };
    if (at > this.world.now) this.postpone(burst, at);
    else this.arrive(burst);
  }

  /** A way through other processes takes `ms` undisturbed from now on; how long it takes if the cores stay as wanted as they are now. */
  wayMs(ms: number): number {
    const { rateOfNext } = this.cores;
    if (ms <= NOTHING_MS) return 0;
    this.cores.add(OTHER, ms, this.world.now);
    this.expect();
    return ms / rateOfNext;
  }

  /** The time has come for what frame `f` was to do later. */
  goOn(f: number): void {
    const burst = this.later.get(f) as Burst;
    this.later.delete(f);
    this.arrive(burst);
  }

  /** What `turn` was about happens, unless something has come before it. */
  due(turn: number): void {
    if (turn !== this.turn) return;
    const { now } = this.world;
    if (this.otherAt <= now) {
      this.cores.add(OTHER, this.exponential(this.otherMs), now);
      this.otherAt = now + this.exponential(this.gapMs);
    } else {
      const burst = this.cores.take();
      if (burst !== OTHER) this.had(burst);
    }
    this.expect();
  }

  private arrive(burst: Burst): void {
    const lane = this.laneOf(burst);
    if (lane !== undefined && burst.lane !== undefined && lane.running >= burst.lane.width) {
      lane.waiting.push(burst);
      return;
    }
    if (lane !== undefined) lane.running++;
    const { now } = this.world;
    burst.begunAt = Math.min(burst.begunAt, now);
    this.cores.add(burst, Math.min(burst.left, allowance(burst)), now);
    this.expect();
  }

  /** A burst has had what it was allowed. */
  private had(burst: Burst): void {
    const { frames } = this.world;
    const isAlive = frames.generation[burst.frame] === burst.generation;
    const { held } = burst;
    burst.left -= allowance(burst);
    if (isAlive && held !== undefined && burst.left > NOTHING_MS) {
      this.postpone(burst, burst.begunAt + held.firstMs + burst.period * held.quota.period_ms);
      burst.period++;
      return;
    }
    this.next(burst);
    if (isAlive) burst.done(burst.begunAt);
  }

  /** The instance of a burst that is over turns to what waits for it. */
  private next(burst: Burst): void {
    const lane = this.laneOf(burst);
    if (lane === undefined) return;
    lane.running--;
    const { generation } = this.world.frames;
    for (;;) {
      const waiting = lane.waiting.shift();
      if (waiting === undefined) return;
      if (generation[waiting.frame] !== waiting.generation) continue;
      this.arrive(waiting);
      return;
    }
  }

  private postpone(burst: Burst, at: number): void {
    this.later.set(burst.frame, burst);
    this.world.events.push(Math.max(at, this.world.now), EVENT.compute, burst.frame, burst.generation);
  }

  /** Sets the clock for what comes next; what was expected before it is void. */
  private expect(): void {
    const at = Math.min(this.cores.nextAt, this.otherAt);
    this.turn = (this.turn + 1) | 0;
    if (at < Number.POSITIVE_INFINITY) this.world.events.push(at, EVENT.host, this.place, this.turn);
  }

  private laneOf({ lane }: Work) {
    if (lane === undefined) return undefined;
    const known = this.lanes.get(lane.name) ?? { running: 0, waiting: [] };
    this.lanes.set(lane.name, known);
    return known;
  }

  private exponential(mean: number): number {
    return quantile({ kind: 'exponential', mean }, this.noise.next());
  }
}

/** CPU time that it may have before it pauses, ms. */
function allowance({ held, period }: Burst): number {
  if (held === undefined) return Number.POSITIVE_INFINITY;
  const before = period === 0 ? 0 : allowedIn(period - 1, held.quota, held.firstMs);
  return allowedIn(period, held.quota, held.firstMs) - before;
}
