import type { Application } from '../domain/application.ts';
import { cacheUses, hitRatio } from './hit-ratio.ts';
import { ratesOf } from './rates.ts';

/** Hit ratios of every cache by popularity and time to live, at `rate` operations a second. */
export function hitRatios(o: {
  application: Application;
  calleesFirst: readonly string[];
  shares: ReadonlyMap<string, number>;
  rate: number;
}): Map<string, number> {
  const uses = cacheUses(o.application);
  if (uses.size === 0) return new Map();
  const rates = ratesOf({ ...o, missRatio: () => 1 });
  return new Map(
    [...uses].map(([edge, { ttl_s, population }]) => {
      const lookups_per_s = (rates.lookups.get(edge) ?? 0) * o.rate;
      return [edge, hitRatio(population, { lookups_per_s, ttl_s })];
    }),
  );
}
