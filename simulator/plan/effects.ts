import type { Application, Step } from '../domain/application.ts';
import type { EffectRole, PlannedEffect, PlannedEntity } from '../domain/plan.ts';
import type { Problem } from '../domain/problem.ts';
import { unknownName } from './unknown-name.ts';

/** Effects that worlds write themselves; names and roles are the same words. Only where there is a stock can it be sold out. */
const ALWAYS: readonly EffectRole[] = ['published', 'worked-off', 'shown', 'stale-read', 'dead-lettered', 'suppressed'];
const BUILT_IN: readonly EffectRole[] = [...ALWAYS, 'sold-out'];

/** Effects of a plan: the built-in ones, then those of steps: `accepted` when it opens an entity, else `applied`. */
export function effectsOf(application: Application): PlannedEffect[] {
  const opening = new Set(Object.values(application.entities).map((entity) => entity.accepted));
  const datasets = Object.keys(application.datasets);
  const hasStock = Object.values(application.datasets).some((dataset) => dataset.stock !== undefined);
  const effects: PlannedEffect[] = (hasStock ? BUILT_IN : ALWAYS).map((role) => ({ name: role, role }));
  const named = [...namedEffects(application)];
  const first = effects.length;
  const writes = writesOf(application).map(({ step }) => step);
  for (const name of named) {
    const taking = writes.find((write) => write.effect === name && write.take !== undefined);
    const undoing = writes.find((write) => write.effect === name && write.undoes !== undefined)?.undoes;
    const role = opening.has(name) ? 'accepted' : 'applied';
    const takes = taking === undefined ? {} : { takes: datasets.indexOf(taking.write), units: taking.take ?? 0 };
    effects.push({ name, role, ...takes, ...(undoing === undefined ? {} : { undoes: first + named.indexOf(undoing) }) });
  }
  return effects;
}

export function entitiesOf(application: Application, effects: ReadonlyMap<string, number>): PlannedEntity[] {
  return Object.entries(application.entities).map(([name, entity]) => ({
    name,
    accepted: effects.get(entity.accepted) ?? -1,
    shownAfter: effects.get(entity.shown_after ?? '') ?? -1,
    reserved: effects.get(entity.reserved ?? '') ?? -1,
    charged: effects.get(entity.charged ?? '') ?? -1,
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
  for (const [entity, relations] of Object.entries(application.entities)) {
    for (const [relation, name] of Object.entries(relations)) {
      if (name === undefined || names.includes(name)) continue;
      problems.push(unknownName(`application.entities.${entity}.${relation}`, { what: 'effect', name, known: names }));
    }
  }
  return problems;
}

/** A write, and where in the scenario it stands. */
export interface PlacedWrite {
  path: string;
  step: Extract<Step, { write: string }>;
}

/** Effects of writes in the order in which the application names them. */
function namedEffects(application: Application): Set<string> {
  return new Set(writesOf(application).flatMap(({ step }) => (step.effect === undefined ? [] : [step.effect])));
}

/** Every write, wherever it is nested: those of operations first. */
export function writesOf({ operations, components }: Application): PlacedWrite[] {
  const inside = (steps: readonly Step[], path: string): PlacedWrite[] =>
    steps.flatMap((step, i) => {
      const at = `${path}.${i}`;
      if ('write' in step) return [{ path: at, step }];
      if ('parallel' in step) return inside(step.parallel, `${at}.parallel`);
      return 'cached' in step ? inside(step.otherwise, `${at}.otherwise`) : [];
    });
  return Object.entries({ operations, components }).flatMap(([kind, all]) =>
    Object.entries(all).flatMap(([name, { steps }]) => inside(steps, `application.${kind}.${name}.steps`)),
  );
}
