import type { Application } from '../domain/application.ts';
import { mean } from '../domain/distribution.ts';
import { hitRatios } from './hit-ratios.ts';
import { orderOf } from './order.ts';
import { CPU_PER_GPU } from './parameters/function.ts';
import { ratesOf } from './rates.ts';

/**
 * CPU that the machinery around the application's own work takes on one machine, ms for each operation, call, access to a store and message.
 *
 * Assumed, good to a factor of three: guesses for gateway, driver, clients and servers on loopback, which nothing has measured yet.
 */
const OVERHEADS_MS = { operation: 0.6, call: 0.3, access: 0.5, message: 0.8 };

/**
 * What an emulator of Lambda takes for each call beside the function's own work, ms of CPU, all its processes together.
 *
 * Source: MiniStack 1.5.33, 2026-11-23: 233 to 343 invocations a second on two cores, the lower one taken.
 */
export const EMULATED_CALL_MS = 8.6;

/**
 * Cores that `rate` operations a second of the mix keep busy when everything runs on one machine: demands, and the machinery around them.
 *
 * `call_ms`: what each call and each message takes more than that, where an emulator runs them.
 *
 * GPU demands count as they are computed on CPU, `CPU_PER_GPU` times as long.
 */
export function coresNeeded(o: {
  application: Application;
  shares: ReadonlyMap<string, number>;
  rate: number;
  call_ms?: number;
}): number {
  const { application, call_ms = 0 } = o;
  const cpuPerGpu = mean(CPU_PER_GPU.value);
  const { calleesFirst } = orderOf(application);
  const hits = hitRatios({ ...o, calleesFirst });
  const rates = ratesOf({ ...o, calleesFirst, missRatio: (edge) => 1 - (hits.get(edge) ?? 0) });
  let ms = OVERHEADS_MS.operation;
  for (const [name, count] of rates.components) {
    const component = application.components[name];
    const gpu_ms = component?.gpu_ms === undefined ? 0 : mean(component.gpu_ms);
    ms += count * (mean(component?.cpu_ms ?? 0) + gpu_ms * cpuPerGpu + OVERHEADS_MS.call + call_ms);
  }
  for (const counts of [rates.reads, rates.writes]) for (const count of counts.values()) ms += count * OVERHEADS_MS.access;
  for (const count of rates.publications.values()) ms += count * OVERHEADS_MS.message;
  return (o.rate * ms) / 1000;
}
