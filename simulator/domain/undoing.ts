import { mix } from './draws.ts';
import type { Instruction, Plan, PlannedFollowUp, Whose } from './plan.ts';
import { stepsOf } from './steps.ts';

/** Begins the draw keys of what follows a failure. */
const AFTER_FAILURE = 0xfa11;

/** How often an effect happened to one action, and how often it was taken back. */
export interface Tally {
  applied: number;
  undone: number;
}

/** How often it stands: it may have been taken back more often than it happened. */
export function standing({ applied, undone }: Tally): number {
  return Math.max(0, applied - undone);
}

/** How often whoever undoes it now takes it back: what stands, or all that ever happened for one who does not know its repeats. */
export function timesToUndo(tally: Tally, isIdempotent: boolean): number {
  return isIdempotent ? standing(tally) : tally.applied;
}

/** What follows when an operation or a message of the plan has failed for good. */
export function followUpsOf(plan: Plan): PlannedFollowUp[] {
  const failing = [...plan.operations, ...plan.events.flatMap((event) => event.consumers)];
  return failing.flatMap(({ on_failure }) => on_failure ?? []);
}

/** Queue parts whose dead letters something follows. */
export function followedQueues(plan: Plan): Set<number> {
  return new Set(plan.events.flatMap((event) => event.consumers.flatMap((c) => (c.on_failure ? [c.queue] : []))));
}

/** Effects that the plan takes back or waits for, by index. */
export function followedEffects(plan: Plan): Set<number> {
  const named = allSteps(plan).flatMap((step) => (step.do === 'settle' ? [step.unless, step.undoes] : []));
  return new Set([...named, ...followUpsOf(plan).map(({ unless }) => unless)].filter((effect) => effect >= 0));
}

/** Effects that take `effect` back. */
export function undoersOf(plan: Plan, effect: number): number[] {
  return plan.effects.flatMap(({ undoes }, i) => (undoes === effect ? [i] : []));
}

/** Where lines of these effects are written: which datasets, and whose rows. */
export function homesOf(plan: Plan, effects: readonly number[]): { dataset: number; of: Whose }[] {
  const homes = new Map<string, { dataset: number; of: Whose }>();
  for (const step of allSteps(plan)) {
    if ((step.do !== 'write' && step.do !== 'settle') || !effects.includes(step.effect)) continue;
    homes.set(`${step.dataset} ${step.of}`, { dataset: step.dataset, of: step.of });
  }
  return [...homes.values()];
}

/** Draw key of what follows the failure of an attempt or of a message with draw key `key`. */
export function followUpKey(key: number, { event }: PlannedFollowUp): number {
  return mix(key, AFTER_FAILURE + event);
}

function allSteps(plan: Plan) {
  return [...plan.operations, ...plan.components].flatMap(({ program }: { program: Instruction[] }) => stepsOf(program));
}
