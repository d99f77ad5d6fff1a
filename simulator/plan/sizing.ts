import { mean } from '../domain/distribution.ts';
import type { ControllerSpec } from '../domain/placement.ts';
import type { Part, PoolSizing } from '../domain/plan.ts';
import type { Unloaded } from './unloaded.ts';

/** Intended operations a second: at the start, at the peak before any flash crowd, and at the highest. */
export interface Load {
  first: number;
  peak: number;
  highest: number;
}

/** What one pool has to carry: calls a second by load, and how one call uses an instance. */
export interface PoolDemand {
  perOperation: number;
  load: Load;
  holding_ms: number;
  /** Calls that one instance can really work on at once. */
  slots: number;
}

/**
 * Instances for an offered load of R slots by the square-root rule with beta 1: ceil((R + sqrt R) / slots), at least one.
 *
 * Source: Halfin and Whitt 1981; Borst, Mandelbaum and Reiman 2004.
 */
export function staffing(offered: number, slots: number): number {
  if (!(offered > 0)) return 1;
  return Math.max(1, Math.ceil((offered + Math.sqrt(offered)) / slots - 1e-9));
}

/** Calls that are at work at once when `rate` operations a second come in. */
export function offered(demand: PoolDemand, rate: number): number {
  return (rate * demand.perOperation * demand.holding_ms) / 1000;
}

/** What the placement says about the size of a pool. */
export interface SizeWishes {
  minimum?: number | undefined;
  maximum?: number | undefined;
  reserved_share: number;
  spot?: { on_demand_share: number } | undefined;
}

/**
 * The fair size of a pool: under `static` staffed for the peak before any flash crowd; under the others it starts at the staffing
 * of the first rate, and may grow to twice that of the highest.
 */
export function poolSizing(demand: PoolDemand, controller: ControllerSpec, wishes: SizeWishes): PoolSizing {
  const at = (rate: number) => staffing(offered(demand, rate), demand.slots);
  const isStatic = controller.name === 'static';
  const fair = isStatic ? at(demand.load.peak) : at(demand.load.first);
  const most = wishes.maximum ?? Math.max(wishes.minimum ?? 0, isStatic ? fair : 2 * at(demand.load.highest));
  const initial = Math.min(most, Math.max(wishes.minimum ?? 0, fair));
  const reserved = Math.round(wishes.reserved_share * initial);
  const least = Math.min(most, Math.max(wishes.minimum ?? (isStatic ? initial : 1), reserved));
  const base = Math.max(initial, least);
  return {
    initial: base,
    minimum: least,
    maximum: most,
    reserved,
    ...(wishes.spot && { onDemand: Math.max(reserved, Math.ceil(wishes.spot.on_demand_share * base - 1e-9)) }),
    controller,
    holding_ms: round(demand.holding_ms),
    slots: round(demand.slots),
  };
}

/**
 * How one call uses an instance of a server or GPU pool.
 *
 * CPU-bound work does not get faster by more slots: an instance carries as many calls as keep its cores busy, at most its slots.
 * A GPU carries a whole batch in the time that a full batch takes.
 */
export function useOf(part: Part, unloaded: Unloaded): { holding_ms: number; slots: number } {
  if (part.kind === 'gpu') {
    const batch = mean(part.values.batch_max ?? 1);
    return { holding_ms: unloaded.cardOf(part.owner, batch).mean, slots: batch };
  }
  const holding_ms = unloaded.heldBy(part.owner).mean;
  const cpu = unloaded.cpuOf(part.owner).mean;
  const slots = mean(part.values.slots ?? 1);
  const byCores = cpu > 0 ? (mean(part.values.cores ?? 1) * holding_ms) / cpu : slots;
  return { holding_ms, slots: Math.min(slots, byCores) };
}

function round(x: number): number {
  return Math.round(x * 1000) / 1000;
}
