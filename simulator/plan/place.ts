import type { ComponentPlacement, ComponentTraits, Strategy } from '../domain/placement.ts';
import type { Problem } from '../domain/problem.ts';
import type { Scenario } from '../domain/scenario.ts';
import { FUNCTION_MEMORY_MAX, largeEnough, misfits } from './fit.ts';
import { inWords, type Traits } from './traits.ts';
import { unknownName } from './unknown-name.ts';

/** Where something runs and what decided it. */
export interface Placed<T> {
  placement: T;
  /** `override`, or the number of the rule and what it looks for. */
  rule: string;
  because: string;
  isOverride: boolean;
  /** Where in the scenario that stands. */
  path: string;
}

export interface ComponentPlacements {
  placed: Map<string, Placed<ComponentPlacement>>;
  problems: Problem[];
}

/** Places every component: by the scenario's override, else by the first rule whose traits all match. */
export function placeComponents(
  scenario: Scenario,
  strategy: Strategy,
  traits: ReadonlyMap<string, Traits>,
): ComponentPlacements {
  const known = Object.keys(scenario.application.components);
  const problems: Problem[] = unknownOverrides('components', scenario.overrides.components, known);
  const placed = new Map<string, Placed<ComponentPlacement>>();
  for (const [name, component] of Object.entries(scenario.application.components)) {
    const own = traits.get(name) as Traits;
    const chosen = choose(scenario, strategy, { name, traits: own });
    if (chosen === undefined) {
      problems.push({
        path: `application.components.${name}`,
        message: `strategy ${strategy.name} has no rule for ${name} (${inWords(own)})`,
        expected: 'a rule with matching traits, or an override for this component',
      });
      continue;
    }
    const fitted = chosen.isOverride ? chosen : withRoom(chosen, component.memory_mb);
    problems.push(...misfits(fitted.placement, { path: chosen.path, name, component, traits: own }));
    placed.set(name, fitted);
  }
  return { placed, problems };
}

/** Names under `overrides` that the application does not have. */
export function unknownOverrides(kind: string, overrides: object, known: readonly string[]): Problem[] {
  const what = kind.replace(/s$/, '');
  return Object.keys(overrides)
    .filter((name) => !known.includes(name))
    .map((name) => unknownName(`overrides.${kind}.${name}`, { what, name, known }));
}

function choose(
  scenario: Scenario,
  strategy: Strategy,
  o: { name: string; traits: Traits },
): Placed<ComponentPlacement> | undefined {
  const override = Object.hasOwn(scenario.overrides.components, o.name) ? scenario.overrides.components[o.name] : undefined;
  if (override !== undefined) {
    return overridden(override, { because: 'the scenario places this component itself', path: `overrides.components.${o.name}` });
  }
  const index = strategy.components.findIndex((rule) => matches(rule.when, o.traits));
  const rule = strategy.components[index];
  if (rule === undefined) return undefined;
  return byRule(rule.place, {
    index,
    when: rule.when,
    because: rule.because,
    path: `strategies.${strategy.name}.components.${index}`,
  });
}

/** What the scenario itself says about one part. */
export function overridden<T>(placement: T, o: { because: string; path: string }): Placed<T> {
  return { placement, rule: 'override', isOverride: true, ...o };
}

/** What a strategy's rule says. */
export function byRule<T>(placement: T, o: { index: number; when: object; because: string; path: string }): Placed<T> {
  return { placement, rule: ruleName(o.index, o.when), because: o.because, isOverride: false, path: o.path };
}

/** Whether all traits that a rule names are the component's. */
export function matches(when: ComponentTraits, traits: Traits): boolean {
  const names = ['trigger', 'gpu', 'stateful', 'cache', 'duration'] as const;
  return names.every((name) => when[name] === undefined || when[name] === traits[name]);
}

/** `rule 2: gpu, trigger event`. */
export function ruleName(index: number, when: object): string {
  const named = Object.entries(when).filter(([, value]) => value !== undefined);
  const words = named.map(([name, value]) => (value === true ? name : value === false ? `not ${name}` : `${name} ${value}`));
  return `rule ${index + 1}: ${words.length === 0 ? 'everything else' : words.join(', ')}`;
}

/** A rule names a usual size; a component that needs more memory gets a larger one of the family, and no overflow. */
function withRoom(chosen: Placed<ComponentPlacement>, memory_mb: number): Placed<ComponentPlacement> {
  const { placement } = chosen;
  if (placement.platform !== 'server' && placement.platform !== 'gpu') return chosen;
  const instance = largeEnough(placement.instance, memory_mb);
  let because = chosen.because;
  let fitted: ComponentPlacement = placement;
  if (instance !== undefined && instance !== placement.instance) {
    fitted = { ...placement, instance };
    because += `; ${instance} instead of ${placement.instance}, which lacks the memory`;
  }
  if (fitted.platform === 'server' && fitted.overflow !== undefined && memory_mb > FUNCTION_MEMORY_MAX) {
    fitted = { ...fitted, overflow: undefined };
    because += '; no overflow, since no function has the memory';
  }
  return { ...chosen, placement: fitted, because };
}
