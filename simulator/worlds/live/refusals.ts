import { FAULTS, type FaultDefinition } from '../../domain/fault.ts';
import type { Plan, PlannedFault } from '../../domain/plan.ts';
import type { Problem } from '../../domain/problem.ts';
import { stepsOf } from '../../domain/steps.ts';

/** What a plan asks for that real parts on one machine cannot do: refused before anything is started. */
export function refusalsOf(plan: Plan): Problem[] {
  return [
    ...(plan.faults ?? []).flatMap((fault) => faultProblems(plan, fault)),
    ...channelProblems(plan),
    ...undoingProblems(plan),
  ];
}

/** Effects that are taken back, and what follows a failure: played in virtual time only. */
function undoingProblems(plan: Plan): Problem[] {
  const expected = 'the virtual world, or a scenario without undoes, unless and on_failure';
  const undoing = plan.components
    .filter((c) => stepsOf(c.program).some((step) => step.do === 'settle'))
    .map((c) => `component ${c.name}`);
  const following = plan.operations.filter((o) => o.on_failure).map((o) => `operation ${o.name}`);
  return [...undoing, ...following].map((path) => ({
    path,
    message: 'undoes effects, which the live world does not do yet',
    expected,
  }));
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
