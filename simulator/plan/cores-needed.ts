import type { Application } from '../domain/application.ts';
import { mean } from '../domain/distribution.ts';
import { hitRatios } from './hit-ratios.ts';
import { orderOf } from './order.ts';
import { ratesOf } from './rates.ts';

/**
 * CPU that the machinery around the application's own work takes on one machine, ms each.
 *
 * Measured: this project's processes with Node 20 on a two-core machine, 2026-11-25; good to a factor of two, which is what it is for.
 */
export interface Overheads {
  operation: number;
  call: number;
  access: number;
  message: number;
}

/**
 * Cores that `rate` operations a second of the mix keep busy when everything runs on one machine: demands, and the machinery around them.
 *
 * GPU demands count as they are computed on CPU: `cpu_per_gpu` times as long.
 */
export function coresNeeded(o: {
  application: Application;
  shares: ReadonlyMap<string, number>;
  rate: number;
  overheads: Overheads;
  cpu_per_gpu: number;
}): number {
  const { application, overheads } = o;
  const { calleesFirst } = orderOf(application);
  const hits = hitRatios({ ...o, calleesFirst });
  const rates = ratesOf({ ...o, calleesFirst, missRatio: (edge) => 1 - (hits.get(edge) ?? 0) });
  let ms = overheads.operation;
  for (const [name, count] of rates.components) {
    const component = application.components[name];
    const gpu_ms = component?.gpu_ms === undefined ? 0 : mean(component.gpu_ms);
    ms += count * (mean(component?.cpu_ms ?? 0) + gpu_ms * o.cpu_per_gpu + overheads.call);
  }
  for (const counts of [rates.reads, rates.writes]) for (const count of counts.values()) ms += count * overheads.access;
  for (const count of rates.publications.values()) ms += count * overheads.message;
  return (o.rate * ms) / 1000;
}
