import type { ChannelPlacement, StorePlacement, Strategy } from '../domain/placement.ts';
import type { Problem } from '../domain/problem.ts';
import type { Scenario } from '../domain/scenario.ts';
import { channelMisfits } from './channel-parts.ts';
import { byRule, overridden, type Placed, unknownOverrides } from './place.ts';

export interface DataPlacements {
  stores: Map<string, Placed<StorePlacement>>;
  /** By event. */
  channels: Map<string, Placed<ChannelPlacement>>;
  problems: Problem[];
}

/** Places datasets on stores by their shape, and events on channels. */
export function placeData(scenario: Scenario, strategy: Strategy): DataPlacements {
  const { application, overrides } = scenario;
  const problems = [
    ...unknownOverrides('events', overrides.events, Object.keys(application.events)),
    ...unknownOverrides('datasets', overrides.datasets, Object.keys(application.datasets)),
  ];
  const stores = new Map<string, Placed<StorePlacement>>();
  for (const [name, { shape }] of Object.entries(application.datasets)) {
    const placed = storeFor(scenario, strategy, { name, shape });
    if (placed !== undefined) stores.set(name, placed);
    else {
      problems.push({
        path: `application.datasets.${name}`,
        message: `strategy ${strategy.name} has no rule for ${shape} data`,
        expected: 'a rule for this shape, or an override for this dataset',
      });
    }
  }
  const channels = channelsOf(scenario, strategy);
  return { stores, channels, problems: [...problems, ...channelMisfits(channels)] };
}

function storeFor(
  scenario: Scenario,
  strategy: Strategy,
  o: { name: string; shape: string },
): Placed<StorePlacement> | undefined {
  const { datasets } = scenario.overrides;
  const override = Object.hasOwn(datasets, o.name) ? datasets[o.name] : undefined;
  if (override !== undefined) {
    return overridden(override, { because: 'the scenario places this dataset itself', path: `overrides.datasets.${o.name}` });
  }
  const index = strategy.datasets.findIndex((rule) => rule.when.shape === undefined || rule.when.shape === o.shape);
  const rule = strategy.datasets[index];
  if (rule === undefined) return undefined;
  return byRule(rule.place, {
    index,
    when: rule.when,
    because: rule.because,
    path: `strategies.${strategy.name}.datasets.${index}`,
  });
}

function channelsOf(scenario: Scenario, strategy: Strategy): DataPlacements['channels'] {
  const channels: DataPlacements['channels'] = new Map();
  const { events } = scenario.overrides;
  const [rule] = strategy.events;
  for (const name of Object.keys(scenario.application.events)) {
    const override = Object.hasOwn(events, name) ? events[name] : undefined;
    if (override !== undefined) {
      channels.set(
        name,
        overridden(override, { because: 'the scenario places this event itself', path: `overrides.events.${name}` }),
      );
    } else if (rule !== undefined) {
      const path = `strategies.${strategy.name}.events.0`;
      channels.set(name, byRule(rule.place, { index: 0, when: {}, because: rule.because, path }));
    }
  }
  return channels;
}
