import type { Application } from '../domain/application.ts';
import type { Problem } from '../domain/problem.ts';
import { demandOf } from './demand.ts';

/** Components so that each stands after every component that it calls or starts by an event; and what stands in the way. */
export interface Order {
  calleesFirst: string[];
  problems: Problem[];
}

/**
 * Orders components by who calls whom.
 *
 * A component that calls itself, in the end or by its own events, would never finish: a problem, named once for each circle.
 */
export function orderOf(application: Application): Order {
  const calleesFirst: string[] = [];
  const problems: Problem[] = [];
  const state = new Map<string, 'open' | 'done'>();
  const trail: string[] = [];
  const visit = (name: string): void => {
    if (state.get(name) === 'done' || !Object.hasOwn(application.components, name)) return;
    if (state.get(name) === 'open') {
      const circle = [...trail.slice(trail.indexOf(name)), name];
      problems.push({
        path: `application.components.${name}.steps`,
        message: `calls itself in the end: ${circle.join(' -> ')}`,
        expected: 'calls and events that lead somewhere else',
      });
      return;
    }
    state.set(name, 'open');
    trail.push(name);
    for (const next of startedBy(application, name)) visit(next);
    trail.pop();
    state.set(name, 'done');
    calleesFirst.push(name);
  };
  for (const name of Object.keys(application.components)) visit(name);
  return { calleesFirst, problems };
}

function startedBy(application: Application, name: string): string[] {
  const demand = demandOf(application.components[name]?.steps ?? [], () => 1);
  const names = [...demand.calls.keys()];
  for (const event of demand.publishes.keys()) names.push(...Object.keys(application.events[event]?.consumers ?? {}));
  // A queue that gives up on a message of this component may start others.
  for (const { consumers } of Object.values(application.events)) {
    const event = Object.hasOwn(consumers, name) ? consumers[name]?.on_failure?.publish : undefined;
    names.push(...Object.keys(application.events[event ?? '']?.consumers ?? {}));
  }
  return names;
}
