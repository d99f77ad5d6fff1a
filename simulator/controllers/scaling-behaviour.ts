/**
 * What the Kubernetes autoscaler does with a recommendation before it acts: stabilisation and rate limits.
 *
 * Up: at once, by at most 100 % or 4 instances in 15 s, whichever is more. Down: to the highest recommendation of the last 300 s, by at
 * most 100 % in 15 s. Rates are counted from the size at the start of the period. The size that it finds at first counts as its first
 * recommendation, so that nothing is taken away before the window is over.
 *
 * Source: Kubernetes autoscaling/v2 API reference (documented), read 2026-11-23; first recommendation: kubernetes/kubernetes
 * pkg/controller/podautoscaler, recordInitialRecommendation.
 */
export interface Behaviour {
  stabilisationUp_s: number;
  stabilisationDown_s: number;
}

/** Recent recommendations and changes of size, newest last: [second, instances] and [second, change]. */
export interface BehaviourState {
  recommended: [number, number][];
  changes: [number, number][];
}

export const CALM: BehaviourState = { recommended: [], changes: [] };

const PERIOD_S = 15;
const UP_INSTANCES = 4;

/** The size to go to from `current`, given a fresh recommendation at `at_s`. */
export function behave(
  state: BehaviourState,
  o: { at_s: number; current: number; recommendation: number; behaviour: Behaviour },
): { state: BehaviourState; wanted: number; held: string } {
  const { at_s, current, behaviour } = o;
  const longest = Math.max(behaviour.stabilisationUp_s, behaviour.stabilisationDown_s);
  const before: [number, number][] = state.recommended.length === 0 ? [[at_s, current]] : state.recommended;
  const recommended = [...before.filter(([t]) => at_s - t < longest), [at_s, o.recommendation] as [number, number]];
  const changes = state.changes.filter(([t]) => at_s - t < PERIOD_S);
  const stable = stabilised(recommended, o);
  const limited = rateLimited(changes, current, stable);
  const held =
    limited !== stable ? `, rate limit holds it at ${limited}` : stable !== o.recommendation ? ', stabilisation window' : '';
  const moved = limited === current ? changes : [...changes, [at_s, limited - current] as [number, number]];
  return { state: { recommended, changes: moved }, wanted: limited, held };
}

function stabilised(
  recommended: readonly [number, number][],
  o: { at_s: number; current: number; behaviour: Behaviour },
): number {
  const last = (recommended[recommended.length - 1] as [number, number])[1];
  let up = last;
  let down = last;
  for (const [t, wanted] of recommended) {
    const age = o.at_s - t;
    if (age < o.behaviour.stabilisationUp_s) up = Math.min(up, wanted);
    if (age < o.behaviour.stabilisationDown_s) down = Math.max(down, wanted);
  }
  if (last > o.current) return Math.max(o.current, up);
  return last < o.current ? Math.min(o.current, down) : o.current;
}

function rateLimited(changes: readonly [number, number][], current: number, wanted: number): number {
  const added = changes.reduce((sum, [, change]) => sum + Math.max(0, change), 0);
  const removed = changes.reduce((sum, [, change]) => sum + Math.max(0, -change), 0);
  const start = current - added + removed;
  if (wanted > current) return Math.max(current, Math.min(wanted, Math.max(start * 2, start + UP_INSTANCES)));
  return wanted < current ? Math.max(wanted, 0) : current;
}
