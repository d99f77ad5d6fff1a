import { FAULTS, type FaultDefinition, type FaultKind } from '../../domain/fault.ts';
import type { PartKind, Plan, PlannedFault } from '../../domain/plan.ts';
import type { Problem } from '../../domain/problem.ts';
import { followedEffects, homesOf } from '../../domain/undoing.ts';

/** Kinds of faults that real parts of some kinds only can have; a component beside them always can. */
const PARTS: Partial<Record<FaultKind, { kinds: readonly PartKind[]; expected: string }>> = {
  stop: { kinds: ['broker'], expected: 'rabbitmq' },
  slow: { kinds: ['postgres'], expected: 'postgres, or a component' },
  throttle: { kinds: ['function'], expected: 'a component that is a function' },
};

/** What a plan asks for that real parts on one machine cannot do: refused before anything is started. */
export function refusalsOf(plan: Plan): Problem[] {
  return [...(plan.faults ?? []).flatMap((fault) => faultProblems(plan, fault)), ...undoingProblems(plan)];
}

/** What k6 cannot do for a plan: nobody hears from it in time that an operation has failed for good. */
export function k6RefusalsOf(plan: Plan): Problem[] {
  return plan.operations.flatMap(({ name, on_failure }): Problem[] => {
    if (on_failure === undefined) return [];
    const message = 'says what follows a failure, and k6 tells of failures only when it is over';
    return [{ path: `operation ${name}`, message, expected: '--driver own' }];
  });
}

/** What a closed loop cannot do for a plan: one figure is not half of before a fault and half of after it. */
export function saturationRefusalsOf(plan: Plan): Problem[] {
  return (plan.faults ?? []).map(({ text }) => ({
    path: `fault '${text}'`,
    message: 'what a placement sustains at most has no time at which something could go wrong',
    expected: '--driver own, or a scenario without faults',
  }));
}

/** Faults of functions that only our own runtime can do: an emulator shows no process of theirs, and turns no share away. */
export function emulatorProblems(plan: Plan): Problem[] {
  const kinds: readonly FaultKind[] = ['kill', 'lose-zone', 'throttle'];
  return (plan.faults ?? []).flatMap((fault) => {
    const struck = kinds.includes(fault.kind) ? fault.parts.filter((i) => plan.parts[i]?.kind === 'function') : [];
    return struck.map((i) => ({
      path: `fault '${fault.text}'`,
      message: `functions in an emulator cannot be struck, and ${plan.parts[i]?.path} is one`,
      expected: '--functions own, or a server for that component',
    }));
  });
}

/** Stores that cannot look at the lines of an effect and write another in one go. */
function undoingProblems(plan: Plan): Problem[] {
  const followed = followedEffects(plan);
  const indices = plan.effects.flatMap(({ undoes }, i) => (followed.has(i) || followed.has(undoes ?? -1) ? [i] : []));
  return homesOf(plan, indices).flatMap(({ dataset, of }): Problem[] => {
    const planned = plan.datasets[dataset];
    const kind = plan.parts[planned?.part ?? -1]?.kind;
    const path = `dataset ${planned?.name}`;
    const expected = 'dynamodb or postgres';
    if (kind === 's3') return [{ path, message: 's3 cannot undo effects or wait for them in the live world', expected }];
    if (kind !== 'dynamodb' || planned?.stock === undefined || of === 'object') return [];
    const message = 'dynamodb keeps effects that are undone beside a stock in the rows of objects only in the live world';
    return [{ path, message, expected: 'of: object, or postgres' }];
  });
}

function faultProblems(plan: Plan, fault: PlannedFault): Problem[] {
  const definition: FaultDefinition = FAULTS[fault.kind];
  const path = `fault '${fault.text}'`;
  if (definition.worlds.live === undefined) {
    const able = Object.entries(FAULTS).flatMap(([kind, d]: [string, FaultDefinition]) => (d.worlds.live ? [kind] : []));
    return [{ path, message: `the live world cannot ${fault.kind}`, expected: `one of ${able.join(', ')}` }];
  }
  const able = PARTS[fault.kind];
  if (able === undefined) return [];
  const wrong = fault.parts.filter((i) => !able.kinds.includes(plan.parts[i]?.kind as PartKind));
  return wrong.map((i) => ({
    path,
    message: `the live world cannot ${fault.kind} ${plan.parts[i]?.path}`,
    expected: able.expected,
  }));
}
