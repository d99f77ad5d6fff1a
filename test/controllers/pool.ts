import { CONTROLLERS } from '../../simulator/controllers/index.ts';
import type { Controller, ControllerOptions, Observation } from '../../simulator/domain/controller.ts';

export function controller(name: string, options: ControllerOptions = {}): Controller {
  const definition = CONTROLLERS[name];
  if (definition === undefined) throw new Error(`no controller ${name}`);
  return definition.create(options);
}

/** A pool that is there, does nothing and may have any size. */
export function seen(of: Partial<Observation>): Observation {
  const counts = { ready: 0, starting: 0, draining: 0, busy: 0, queued: 0, arrivals: 0, completions: 0 };
  const rest = { at_s: 0, interval_s: 15, utilisation: 0, cpu: 0, minimum: 1, maximum: 1000, slots: 1, holding_s: 1 };
  return { ...counts, ...rest, ...of };
}

/** Sizes wanted one after another by a pool that follows at once. */
export function trace(c: Controller, metrics: readonly Partial<Observation>[], o: { from: number; every_s?: number }): number[] {
  let state = c.initial;
  let size = o.from;
  return metrics.map((metric, i) => {
    const at_s = (i + 1) * (o.every_s ?? c.interval_s);
    const outcome = c.decide(state, seen({ at_s, ready: size, ...metric }));
    state = outcome.state;
    size = outcome.wanted;
    return size;
  });
}

/** The same metric `times` times over. */
export const steady = (metric: Partial<Observation>, times: number) => Array.from({ length: times }, () => metric);
