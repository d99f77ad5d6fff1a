import { CONTROLLERS } from '../../controllers/index.ts';
import {
  type Controller,
  type ControllerDefinition,
  type ControllerOptions,
  type Observation,
  settled,
} from '../../domain/controller.ts';
import type { FluidDefinition, FluidPolicy, FluidSetting } from '../../domain/fluid.ts';

/** How a controller is brought before the judge: what is tuned, and what it is told of the setting. */
export interface Brought {
  grid?(step_s: number): readonly ControllerOptions[];
  options?(setting: FluidSetting): ControllerOptions;
}

const MAXIMUM = 1_000_000;

/**
 * A production controller as a fluid policy: it observes a pool whose state follows from its own orders.
 *
 * An instance has one slot; a call holds it so long that arrivals a second times holding time are the instances that the load would use fully.
 * What is more than the ready instances serve counts as queued. The controller decides at its own interval: several times within a step, during which
 * the load stays the same and what was given back is gone, or once in several steps, with means over them.
 *
 * Simplified: use may exceed 1, as CPU use relative to a request does; the lag of metrics is left out, since the load of a step is known at its end to
 * every policy alike; instances that start within a step do not become ready before its end.
 */
export function production(name: string, o: Brought = {}): FluidDefinition<ControllerOptions> {
  const definition = CONTROLLERS[name] as ControllerDefinition;
  return {
    description: definition.description,
    ...(o.grid ? { grid: o.grid } : {}),
    create(setting, tuned = {}) {
      const history = { step_s: setting.step_s, arrivals: setting.history };
      const assets = { history, start_s: setting.lag * setting.step_s };
      return adapted(definition, definition.create({ ...o.options?.(setting), ...tuned }, assets), setting);
    },
  };
}

function adapted(definition: ControllerDefinition, controller: Controller, setting: FluidSetting): FluidPolicy {
  const { lag, step_s, initial } = setting;
  const within = Math.max(1, Math.round(step_s / controller.interval_s));
  const every = Math.max(1, Math.round(controller.interval_s / step_s));
  const orders = new Int32Array(lag).fill(initial);
  let current = initial;
  let state = controller.initial;
  let load = 0;
  return {
    order(t, y) {
      const ready = Math.min(...orders);
      load += y;
      if ((t + 1) % every === 0) {
        for (let k = 1; k <= within; k++) {
          const at_s = (t + k / within) * step_s;
          const seen = observation({ at_s, load: load / every, ready, current }, setting, (step_s / within) * every);
          const outcome = controller.decide(state, seen);
          state = settled(definition, controller, outcome);
          current = Math.max(1, Math.min(MAXIMUM, Math.ceil(outcome.wanted - 1e-9)));
        }
        load = 0;
      }
      orders[t % lag] = current;
      return current;
    },
  };
}

/** What the pool looks like: `load` is a step's, `ready` before anything was given back within it. */
function observation(
  o: { at_s: number; load: number; ready: number; current: number },
  { capacity, step_s }: FluidSetting,
  interval_s: number,
): Observation {
  const used = o.load / capacity;
  const ready = Math.min(o.ready, o.current);
  return {
    at_s: o.at_s,
    interval_s,
    ready,
    starting: o.current - ready,
    draining: 0,
    busy: Math.min(used, ready),
    queued: Math.max(0, used - ready),
    arrivals: (o.load * interval_s) / step_s,
    completions: (Math.min(used, ready) * capacity * interval_s) / step_s,
    utilisation: used / ready,
    cpu: used / ready,
    minimum: 1,
    maximum: MAXIMUM,
    slots: 1,
    holding_s: step_s / capacity,
  };
}
