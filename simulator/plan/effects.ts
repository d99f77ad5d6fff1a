import type { Application, Step } from '../domain/application.ts';
import type { EffectRole, Plan, PlannedEntity } from '../domain/plan.ts';
import type { Problem } from '../domain/problem.ts';
import { unknownName } from './unknown-name.ts';

/** Effects that worlds write themselves; names and roles are the same words. */
const BUILT_IN: readonly EffectRole[] = ['published', 'worked-off', 'shown', 'stale-read', 'dead-lettered', 'suppressed'];

/** Effects of a plan: the built-in ones, then those of steps: `accepted` when it opens an entity, else `applied`. */
export function effectsOf(application: Application): Plan['effects'] {
  const opening = new Set(Object.values(application.entities).map((entity) => entity.accepted));
  const effects: Plan['effects'] = BUILT_IN.map((role) => ({ name: role, role }));
  for (const name of namedEffects(application)) effects.push({ name, role: opening.has(name) ? 'accepted' : 'applied' });
  return effects;
}

export function entitiesOf(application: Application, effects: ReadonlyMap<string, number>): PlannedEntity[] {
  return Object.entries(application.entities).map(([name, entity]) => ({
    name,
    accepted: effects.get(entity.accepted) ?? -1,
    shownAfter: entity.shown_after === undefined ? -1 : (effects.get(entity.shown_after) ?? -1),
  }));
}

/** Entities that wait for an effect which no step has, and effects that borrow a built-in name. */
export function checkEffects(application: Application): Problem[] {
  const names = [...namedEffects(application)];
  const problems: Problem[] = names
    .filter((name) => (BUILT_IN as readonly string[]).includes(name))
    .map((name) => ({
      path: 'application',
      message: `effect "${name}" is one that the simulator writes itself`,
      expected: 'another name',
    }));
  for (const [entity, { accepted, shown_after }] of Object.entries(application.entities)) {
    const path = `application.entities.${entity}`;
    if (!names.includes(accepted))
      problems.push(unknownName(`${path}.accepted`, { what: 'effect', name: accepted, known: names }));
    if (shown_after !== undefined && !names.includes(shown_after)) {
      problems.push(unknownName(`${path}.shown_after`, { what: 'effect', name: shown_after, known: names }));
    }
  }
  return problems;
}

/** Effects of writes in the order in which the application names them. */
function namedEffects(application: Application): Set<string> {
  const names = new Set<string>();
  const walk = (steps: readonly Step[]): void => {
    for (const step of steps) {
      if ('write' in step && step.effect !== undefined) names.add(step.effect);
      else if ('parallel' in step) walk(step.parallel);
      else if ('cached' in step) walk(step.otherwise);
    }
  };
  for (const operation of Object.values(application.operations)) walk(operation.steps);
  for (const component of Object.values(application.components)) walk(component.steps);
  return names;
}
