import type { Instruction } from './plan.ts';

/** A step that has none inside. */
export type SingleStep = Exclude<Instruction, { do: 'parallel' | 'lookup' }>;

/** The steps of a program one by one, those of its branches and of what its lookups do otherwise among them; not of what it calls. */
export function stepsOf(program: readonly Instruction[]): SingleStep[] {
  return program.flatMap((step) => {
    if (step.do === 'parallel') return step.branches.flatMap(stepsOf);
    return step.do === 'lookup' ? stepsOf(step.otherwise) : [step];
  });
}
