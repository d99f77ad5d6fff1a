import { FAULTS, type Fault, type FaultAmount, type FaultDefinition, type FaultSubject } from '../domain/fault.ts';
import { ChannelPlacementSchema, ComponentPlacementSchema, StorePlacementSchema } from '../domain/placement.ts';
import type { Problem } from '../domain/problem.ts';
import type { Scenario } from '../domain/scenario.ts';
import { unknownName } from './unknown-name.ts';

/** Everything wrong with the scenario's faults: names that lead nowhere, amounts that mean nothing, times after the end. */
export function checkFaults(scenario: Scenario): Problem[] {
  const end_s = Math.max(scenario.workload.duration_s, scenario.full?.duration_s ?? 0);
  return scenario.faults.flatMap((fault, i) => {
    const path = `faults.${i}`;
    const definition: FaultDefinition = FAULTS[fault.kind];
    return [
      ...checkTarget(scenario, fault, path),
      ...checkAmount(fault, `${path}.amount`),
      ...(fault.for_s === undefined && !definition.isInstant
        ? [{ path: `${path}.for_s`, message: 'is missing', expected: `how long to ${fault.kind}: for TIME` }]
        : []),
      ...(fault.for_s === 0 && !definition.isInstant
        ? [{ path: `${path}.for_s`, message: 'is 0', expected: 'a time above 0' }]
        : []),
      ...(fault.at_s >= end_s
        ? [
            {
              path: `${path}.at_s`,
              message: `is ${fault.at_s}, after the end`,
              expected: `less than the run of ${end_s} s`,
            },
          ]
        : []),
    ];
  });
}

function checkTarget(scenario: Scenario, { kind, target }: Fault, path: string): Problem[] {
  const definition: FaultDefinition = FAULTS[kind];
  const where = `${path}.target`;
  const known = [...new Set(definition.acts.flatMap((subject) => namesOf(scenario, subject)))];
  if (target === undefined) {
    if (definition.isEverywhere) return [];
    return [{ path: where, message: 'is missing', expected: `what to ${kind}: one of ${known.slice(0, 12).join(', ')}` }];
  }
  if (!known.includes(target)) return [unknownName(where, { what: `target of ${kind}`, name: target, known })];
  const component = scenario.application.components[target];
  if (kind !== 'slow-third-party' || component === undefined || component.io_ms !== 0) return [];
  return [{ path: where, message: `${target} waits for no third party`, expected: 'a component with io_ms above 0' }];
}

/** Names by which a subject may be called: its own, and kinds of parts. */
function namesOf({ application }: Scenario, subject: FaultSubject): string[] {
  const platforms = ComponentPlacementSchema.options.map((option) => option.shape.platform.value);
  const components = Object.keys(application.components);
  switch (subject) {
    case 'function':
      return [...components, 'function'];
    case 'machine':
      return [...components, 'server', 'gpu'];
    case 'component':
      return [...components, ...platforms];
    case 'store':
      return [...Object.keys(application.datasets), ...StorePlacementSchema.shape.store.options];
    case 'queue': {
      const consumers = Object.values(application.events).flatMap((event) => Object.keys(event.consumers));
      const channels = ChannelPlacementSchema.options.map((option) => option.shape.channel.value);
      return [...Object.keys(application.events), ...consumers, ...channels];
    }
  }
}

const RANGES: Readonly<Record<FaultAmount, { expected: string; holds(amount: number): boolean }>> = {
  none: { expected: 'no amount', holds: () => false },
  loss: {
    expected: 'a share below 1 (50%), or a whole number of instances',
    holds: (n) => n > 0 && (n < 1 || Number.isInteger(n)),
  },
  share: { expected: 'a share above 0 and at most 1, such as 0.5 or 50%', holds: (n) => n > 0 && n <= 1 },
  rest: { expected: 'the share that is left: from 0 to below 1, such as 0.1 or 10%', holds: (n) => n < 1 },
  factor: { expected: 'a factor above 1 and at most 1000, such as 5 or x5', holds: (n) => n > 1 && n <= 1000 },
};

function checkAmount({ kind, amount }: Fault, path: string): Problem[] {
  const definition: FaultDefinition = FAULTS[kind];
  const range = RANGES[definition.amount];
  if (amount === undefined) {
    const isLeftOut = definition.amount === 'none' || definition.usual !== undefined;
    return isLeftOut ? [] : [{ path, message: 'is missing', expected: range.expected }];
  }
  return range.holds(amount) ? [] : [{ path, message: `is ${amount}`, expected: range.expected }];
}
