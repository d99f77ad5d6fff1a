import { CONTROLLERS } from '../controllers/index.ts';
import { offeredBy, staffer } from '../controllers/staffing.ts';
import { assetsOf, type ControllerAssets, type ControllerOptions } from '../domain/controller.ts';
import type { Part, Plan, PoolSizing } from '../domain/plan.ts';
import type { Field } from '../judge/fluid.ts';
import { POLICIES } from '../judge/policies/index.ts';
import { production } from '../judge/policies/production.ts';
import { tuned } from '../judge/tune.ts';
import { SHORTAGE_COST } from '../measure/elasticity.ts';

/** The options of these can be chosen on a history. */
export const TUNABLE: readonly string[] = Object.keys(CONTROLLERS).filter((name) => POLICIES[name]?.grid !== undefined);

/**
 * The plan with the options of every `tuned` controller chosen on the history of its pool, as the judge does: whatever of its grid would have been
 * cheapest, a missing instance at the price that the report's elasticity figures have.
 */
export function tunedPlan(plan: Plan): Plan {
  if (!plan.parts.some((part) => part.sizing?.controller.tuned)) return plan;
  const words = new Map<string, string>();
  const parts = plan.parts.map((part): Part => {
    const { sizing } = part;
    if (!sizing?.controller.tuned || sizing.assets?.history === undefined) return part;
    const options = chosenOn(sizing, sizing.assets);
    words.set(
      `size of ${part.path}`,
      Object.entries(options)
        .map(([name, value]) => `${name} ${value}`)
        .join(', '),
    );
    return { ...part, sizing: { ...sizing, controller: { ...sizing.controller, options } } };
  });
  const decisions = plan.decisions.map((decision) => {
    const chosen = words.get(decision.subject);
    return chosen === undefined ? decision : { ...decision, placed: `${decision.placed} (${chosen}, tuned on the history)` };
  });
  return { ...plan, parts, decisions };
}

function chosenOn({ controller, slots, holding_ms }: PoolSizing, assets: ControllerAssets) {
  const { name, options } = controller;
  const grid = POLICIES[name]?.grid as (step_s: number) => readonly ControllerOptions[];
  const field = fieldOf(assets, { slots, holding_s: holding_ms / 1000 });
  // The defaults stand first, so that they are kept where nothing is cheaper.
  const policy = production(name, { grid: (step_s) => [{}, ...grid(step_s)], options: () => options });
  return { ...options, ...tuned(policy, field, field.demand[0] ?? 1).options };
}

/** The pool as the judge plays it: demand is what the objectives ask for, as `ai` reckons it. */
function fieldOf(
  { history, patience, service_cv2, start_s }: ControllerAssets,
  use: { slots: number; holding_s: number },
): Field {
  const { step_s, arrivals } = history as NonNullable<ControllerAssets['history']>;
  const load = Float64Array.from(arrivals);
  const defaults = CONTROLLERS.ai?.defaults as { wait: number; late: number; service_cv2: number };
  const { wait, late } = patience ?? defaults;
  const instancesOf = staffer({ slots: use.slots, wait, late, service_cv2: service_cv2 ?? defaults.service_cv2 });
  return {
    load,
    demand: Int32Array.from(offeredBy({ step_s, arrivals }, { holding_s: use.holding_s, wait }), instancesOf),
    capacity: (use.slots * step_s) / use.holding_s,
    lag: Math.max(1, Math.round((start_s ?? 0) / step_s)),
    kappa: SHORTAGE_COST,
    step_s,
  };
}

/** The plan with what its controllers learn from their histories: once, for all seeds. What a stored profile knows is not learnt again. */
export function learntPlan(plan: Plan): Plan {
  return { ...plan, parts: plan.parts.map((part) => learntPart(plan, part)) };
}

function learntPart(plan: Plan, part: Part): Part {
  const { sizing } = part;
  const learn = sizing && CONTROLLERS[sizing.controller.name]?.learn;
  if (!sizing?.assets || !learn || sizing.assets.learnt !== undefined) return part;
  const { history: _, ...assets } = sizing.assets;
  const learnt = learn(sizing.controller.options, assetsOf(plan, sizing), {
    slots: sizing.slots,
    holding_s: sizing.holding_ms / 1000,
  });
  return { ...part, sizing: { ...sizing, assets: { ...assets, ...(learnt === undefined ? {} : { learnt }) } } };
}
