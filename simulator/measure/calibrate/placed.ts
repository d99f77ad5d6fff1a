import type { Plan } from '../../domain/plan.ts';

/** Whether a component runs in functions. */
export function isFunction(plan: Plan, component: number): boolean {
  return plan.parts[plan.components[component]?.part ?? -1]?.kind === 'function';
}

/** The component that takes a queue's messages; -1 for none. */
export function consumerOf(plan: Plan, queue: number): number {
  return plan.events.flatMap((e) => e.consumers).find((c) => c.queue === queue)?.component ?? -1;
}
