import type { CellResult, PoolResult } from '../domain/cell.ts';
import type { Plan } from '../domain/plan.ts';
import type { Elasticity, PoolReport } from '../domain/report.ts';
import { demandOf, elasticityOf, heldFor, normalisedOf, regretOf } from './elasticity.ts';
import { meanOf } from './intervals.ts';

/** Every pool: the first seed's instances over time beside what they should have been, and how well they followed, mean over seeds. */
export function poolReports(plan: Plan, results: readonly CellResult[]): PoolReport[] {
  const end_s = plan.duration_ms / 1000;
  return (results[0]?.pools ?? []).map((first) => {
    const minimum = plan.parts.find((part) => part.path === first.name)?.sizing?.minimum ?? 0;
    const pools = results.map((result) => poolOf(result, first.name));
    const timelines = pools.map((pool) => withDemand(pool, minimum));
    return {
      name: first.name,
      kind: first.kind,
      controller: first.controller,
      timeline: timelines[0] ?? [],
      elasticity: meanElasticity(timelines.map((timeline) => elasticity(timeline, end_s))),
      cold_starts: meanOf(pools.map((pool) => pool.colds)),
      calls: meanOf(pools.map((pool) => pool.calls)),
      ...(first.interruptions === undefined ? {} : { interruptions: meanOf(pools.map((pool) => pool.interruptions ?? 0)) }),
    };
  });
}

function poolOf(result: CellResult, name: string): PoolResult {
  const pool = result.pools.find((p) => p.name === name);
  if (pool === undefined) throw new Error(`${result.strategy}, seed ${result.seed}: no pool '${name}'`);
  return pool;
}

/**
 * Instances that a clairvoyant would have had from each sample on: by what arrives until the next regular one.
 *
 * Samples taken because a controller changed its mind lie between regular ones, and count arrivals since the last
 * regular one. A pool without a planned holding time (functions) is taken at the mean time its calls held it.
 */
function withDemand(pool: PoolResult, minimum: number): PoolReport['timeline'] {
  const { slots, timeline, littles, calls } = pool;
  const holding_s = pool.holding_s > 0 || calls === 0 ? pool.holding_s : littles.busy_s / calls;
  const regular = timeline.filter((sample) => sample.because === undefined);
  const demands = regular.map(({ at_s, arrivals }, k) => {
    const interval_s = at_s - (regular[k - 1]?.at_s ?? 0);
    return interval_s > 0 ? demandOf({ arrivals, interval_s, holding_s, slots, minimum }) : minimum;
  });
  let next = 0;
  return timeline.map(({ arrivals: _, ...sample }) => {
    while (next < regular.length - 1 && (regular[next]?.at_s ?? 0) <= sample.at_s) next++;
    return { ...sample, demand: demands[next] ?? minimum };
  });
}

/** Elasticity until arrivals stop: what idles afterwards is nobody's mistake. */
function elasticity(timeline: PoolReport['timeline'], end_s: number): Elasticity {
  const samples = timeline.filter((s) => s.at_s <= end_s).map((s) => ({ at_s: s.at_s, demand: s.demand, supply: s.ready }));
  const hours = timeline.map((s, i) => ((s.ready + s.starting) * heldFor(timeline, i, end_s)) / 3600);
  const instance_hours = hours.reduce((sum, h) => sum + h, 0);
  return { ...elasticityOf(samples, end_s), instance_hours, ...regretOf(samples, end_s), ...normalisedOf(samples, end_s) };
}

/** Mean over seeds; a ratio that one seed does not have is null. */
function meanElasticity(all: readonly Elasticity[]): Elasticity {
  const keys = Object.keys(all[0] ?? {}) as (keyof Elasticity)[];
  const mean = (key: keyof Elasticity) =>
    all.some((one) => one[key] === null) ? null : meanOf(all.map((one) => one[key] as number));
  return Object.fromEntries(keys.map((key) => [key, mean(key)])) as unknown as Elasticity;
}
