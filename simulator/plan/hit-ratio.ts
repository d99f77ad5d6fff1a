import type { Application, Population, Step } from '../domain/application.ts';

/**
 * Share of lookups that find their row, for rows that live `ttl_s` after they were filled.
 *
 * With Poisson lookups at rate r a row is filled once, then hit r x ttl times: r ttl / (1 + r ttl), weighted by Zipf popularity.
 *
 * Simplified: writes that make a row stale and rows that are evicted are left out; sizing is the only user.
 */
export function hitRatio(population: Population, o: { lookups_per_s: number; ttl_s: number }): number {
  let weights = 0;
  let hits = 0;
  for (const [rank, count] of ranks(population.count)) weights += count * rank ** -population.zipf;
  for (const [rank, count] of ranks(population.count)) {
    const share = rank ** -population.zipf / weights;
    const seen = o.lookups_per_s * share * o.ttl_s;
    hits += (count * share * seen) / (1 + seen);
  }
  return hits;
}

/** Ranks 1..n in blocks that widen by an eighth: the first hundred one by one, millions in a few hundred. */
function* ranks(n: number): Generator<[rank: number, count: number]> {
  for (let from = 1; from <= n; ) {
    const to = Math.min(n, from < 100 ? from : Math.floor(from * 1.125));
    yield [Math.sqrt(from * to), to - from + 1];
    from = to + 1;
  }
}

/** How each cache is asked: the shortest time to live, and whose rows. */
export function cacheUses(application: Application): Map<string, { ttl_s: number; population: Population }> {
  const uses = new Map<string, { ttl_s: number; population: Population }>();
  const open: Step[] = [
    ...Object.values(application.operations).flatMap((o) => o.steps),
    ...Object.values(application.components).flatMap((c) => c.steps),
  ];
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    if ('parallel' in step) open.push(...step.parallel);
    if (!('cached' in step)) continue;
    open.push(...step.otherwise);
    const known = uses.get(step.cached);
    const population = step.of === 'actor' ? application.users : application.objects;
    if (known === undefined || step.ttl_s < known.ttl_s) uses.set(step.cached, { ttl_s: step.ttl_s, population });
  }
  return uses;
}
