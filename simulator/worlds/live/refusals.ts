import { FAULTS, type FaultDefinition } from '../../domain/fault.ts';
import type { Plan, PlannedFault } from '../../domain/plan.ts';
import type { Problem } from '../../domain/problem.ts';
import { followedEffects, homesOf } from '../../domain/undoing.ts';

/** What a plan asks for that real parts on one machine cannot do: refused before anything is started. */
export function refusalsOf(plan: Plan): Problem[] {
  return [
    ...(plan.faults ?? []).flatMap((fault) => faultProblems(plan, fault)),
    ...channelProblems(plan),
    ...undoingProblems(plan),
  ];
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
  const isStore = (i: number) => plan.datasets.some((d) => d.part === i);
  const wrong = fault.parts.filter((i) =>
    fault.kind === 'stop' ? plan.parts[i]?.kind !== 'broker' : fault.kind === 'slow' && isStore(i),
  );
  return wrong.map((i) => ({
    path,
    message: `the live world cannot ${fault.kind} ${plan.parts[i]?.path}`,
    expected: fault.kind === 'stop' ? 'rabbitmq' : 'a component',
  }));
}

/** Functions take their messages from SQS: nothing polls a broker for them. */
function channelProblems(plan: Plan): Problem[] {
  return plan.events.flatMap((event) =>
    event.consumers.flatMap(({ component, queue }): Problem[] => {
      const runs = plan.parts[plan.components[component]?.part ?? -1];
      if (runs?.kind !== 'function' || plan.parts[queue]?.kind !== 'rabbitmq') return [];
      const message = `${runs.path} is a function, and no event source takes messages from RabbitMQ to it in the live world`;
      return [{ path: `event ${event.name}`, message, expected: 'sqs, or a server for that component' }];
    }),
  );
}
