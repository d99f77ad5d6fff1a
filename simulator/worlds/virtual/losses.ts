import { keyOf, mix, uniform } from '../../domain/draws.ts';
import { FAULTS } from '../../domain/fault.ts';
import type { PlannedFault } from '../../domain/plan.ts';
import type { World } from './world.ts';

/**
 * Instances that end: killed, in a zone that is lost, or taken back as spot capacity is, one by one or in a wave.
 *
 * Machines stand evenly over zones, so a share of n instances is n times the share, and a chance of one more for what is left over.
 *
 * Simplified: stores stand in no zone: who has one in the zone that is lost adds `fail-over` or `stop`. Environments of functions are put
 * back when they are asked for, provisioned ones at once, however long a `kill` lasts.
 */
export class Losses {
  private readonly world: World;

  constructor(world: World) {
    this.world = world;
  }

  /** What `fault` takes of each of its pools is gone; what they lack is started, unless a fault forbids it. */
  strike(fault: PlannedFault): void {
    const { kind } = fault;
    if (kind !== 'kill' && kind !== 'lose-zone' && kind !== 'spot-wave') return;
    for (const part of fault.parts) {
      if (this.world.functions[part] !== undefined) this.loseFunctions(part, fault);
      else this.loseMachines(part, fault);
    }
  }

  /** Pool `part` may start nothing while `isHeld`; afterwards it starts what it lacks. */
  hold(part: number, isHeld: boolean): void {
    const fleet = this.world.servers[part]?.fleet ?? this.world.gpus[part]?.fleet;
    if (fleet === undefined || fleet.isHeld === isHeld) return;
    fleet.isHeld = isHeld;
    this.replace(part);
  }

  /** Machine `i` of pool `part` gets its notice, unless it is gone or has had one; another is ordered at once. */
  interrupt(part: number, i: number): void {
    const { gpus, now, servers } = this.world;
    const pool = servers[part] ?? gpus[part];
    const spot = pool?.fleet.spot;
    if (pool === undefined || spot === undefined || !spot.canBeTold(i) || !pool.fleet.exists(i)) return;
    spot.tell(i);
    pool.evict(i, now, spot.noticeMs);
    this.replace(part);
  }

  private loseMachines(part: number, fault: PlannedFault): void {
    const { cutOff, gpus, now, servers } = this.world;
    const pool = servers[part] ?? gpus[part];
    if (pool === undefined) return;
    if (fault.kind === 'spot-wave') {
      for (const i of this.chosen(pool.fleet.spotOnes, part, fault)) this.interrupt(part, i);
      return;
    }
    const gone = this.chosen(pool.fleet.existingOnes, part, fault);
    for (const i of gone) pool.evict(i, now, 0);
    for (const i of gone) cutOff.lost(part, i);
    this.replace(part);
  }

  private loseFunctions(part: number, fault: PlannedFault): void {
    const { cutOff, dispatch, functions, now } = this.world;
    const pool = functions[part];
    if (pool === undefined) return;
    const idle = new Set(pool.idleNow(now));
    const frames = new Map(cutOff.holdersOf(part).map((c): [number, number] => [this.world.frames.instance[c] as number, c]));
    for (const id of this.chosen(
      [...idle, ...frames.keys()].sort((a, b) => a - b),
      part,
      fault,
    )) {
      if (idle.has(id)) pool.lose(id, now);
      else cutOff.killed(frames.get(id) as number);
    }
    dispatch.feed(part);
  }

  private replace(part: number): void {
    const { calls, gpus, now, servers } = this.world;
    const fleet = servers[part]?.fleet ?? gpus[part]?.fleet;
    if (fleet === undefined) return;
    (servers[part] ?? fleet).resize(fleet.wanted, now);
    calls.refill(part);
  }

  /** Which of the instances the fault takes: keyed by seed, part and fault. */
  private chosen(ids: readonly number[], part: number, { amount, at_ms, kind, text }: PlannedFault): number[] {
    const { plan, seed } = this.world.cell;
    const key = mix(mix(mix(seed | 0, keyOf(plan.parts[part]?.path ?? '')), keyOf(text)), at_ms);
    // Only where a number can be meant is 1 one instance; of a share it is all.
    const isNumber = amount >= 1 && FAULTS[kind].amount === 'loss';
    const n = isNumber ? amount : Math.floor(ids.length * amount + uniform(key));
    const drawn = ids.map((id) => ({ id, u: uniform(mix(key, id + 1)) }));
    return drawn
      .sort((a, b) => a.u - b.u || a.id - b.id)
      .slice(0, n)
      .map(({ id }) => id);
  }
}
