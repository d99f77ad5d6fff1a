import type { Application, OnFailure, Step } from '../domain/application.ts';
import type { Instruction, PlannedFollowUp } from '../domain/plan.ts';
import type { Problem } from '../domain/problem.ts';
import { failurePaths } from './undoing.ts';
import { unknownName } from './unknown-name.ts';

/** What names become in a plan: their place in the plan's lists. */
export interface Indices {
  components: ReadonlyMap<string, number>;
  events: ReadonlyMap<string, number>;
  datasets: ReadonlyMap<string, number>;
  entities: ReadonlyMap<string, number>;
  effects: ReadonlyMap<string, number>;
  /** Part that a cache component is. */
  edges: ReadonlyMap<string, number>;
  /** Whether reads of a dataset are consistent unless the step says otherwise. */
  consistent: ReadonlyMap<string, boolean>;
}

/** Numbers the names of a list. */
export function numbered(names: Iterable<string>): Map<string, number> {
  const indices = new Map<string, number>();
  for (const name of names) indices.set(name, indices.size);
  return indices;
}

/** Steps with every name resolved; `site` is the step's path in the application, which draws are keyed by. */
export function programOf(steps: readonly Step[], site: string, indices: Indices): Instruction[] {
  return steps.map((step, i) => instruction(step, `${site}.${i}`, indices));
}

function instruction(step: Step, site: string, at: Indices): Instruction {
  if ('call' in step) return { do: 'call', site, component: index(at.components, step.call), optional: step.optional ?? false };
  if ('publish' in step) return { do: 'publish', site, event: index(at.events, step.publish) };
  if ('show' in step) return { do: 'show', site, entity: index(at.entities, step.show), of: step.of ?? 'object' };
  if ('parallel' in step) {
    const branches = step.parallel.map((branch, i) => [instruction(branch, `${site}.parallel.${i}`, at)]);
    return { do: 'parallel', site, branches };
  }
  const of = step.of ?? 'object';
  if ('cached' in step) {
    const otherwise = programOf(step.otherwise, `${site}.otherwise`, at);
    return { do: 'lookup', site, edge: index(at.edges, step.cached), of, ttl_ms: Math.round(step.ttl_s * 1000), otherwise };
  }
  const items = step.items ?? 1;
  if ('read' in step) {
    const consistent = step.consistent ?? at.consistent.get(step.read) ?? false;
    return { do: 'read', site, dataset: index(at.datasets, step.read), of, items, consistent };
  }
  const effect = effectAt(step.effect, at);
  const dataset = index(at.datasets, step.write);
  if (step.undoes !== undefined || step.unless !== undefined) {
    const [unless, undoes] = [effectAt(step.unless, at), effectAt(step.undoes, at)];
    return { do: 'settle', site, dataset, of, items, effect, unless, undoes };
  }
  return { do: 'write', site, dataset, of, items, effect, conditional: step.conditional ?? false, take: step.take ?? 0 };
}

/** What is published after a failure, with its names resolved; nothing where the application says nothing. */
export function followUpOf(on_failure: OnFailure | undefined, at: Indices): { on_failure?: PlannedFollowUp } {
  if (on_failure === undefined) return {};
  const { publish, after_s, unless } = on_failure;
  return { on_failure: { event: index(at.events, publish), after_ms: after_s * 1000, unless: effectAt(unless, at) } };
}

function effectAt(name: string | undefined, at: Indices): number {
  return name === undefined ? -1 : index(at.effects, name);
}

/** Names are checked before programs are made, so a missing one is a fault of this folder. */
function index(indices: ReadonlyMap<string, number>, name: string): number {
  const found = indices.get(name);
  if (found === undefined) throw new RangeError(`${name} was not checked before it was compiled`);
  return found;
}

type Write = Extract<Step, { write: string }>;

/** Whether a write that takes from a stock can: it needs one, the object's row, and an effect by which repeats and checks know it. */
function checkTake({ datasets }: Application, step: Write, path: string): Problem[] {
  if (step.take === undefined) return [];
  const problems: Problem[] = [];
  if (datasets[step.write]?.stock === undefined) {
    const expected = `application.datasets.${step.write}.stock, such as { each: 100 }`;
    problems.push({ path: `${path}.take`, message: `${step.write} keeps no stock to take from`, expected });
  }
  if ((step.of ?? 'object') !== 'object')
    problems.push({ path: `${path}.of`, message: 'a stock is kept for objects', expected: 'object, or nothing' });
  if (step.effect === undefined)
    problems.push({ path, message: 'takes without an effect', expected: 'an effect, such as stock-reserved' });
  return problems;
}

/** Every name that steps use and the application lacks, and caches that are called or called things that are no caches. */
export function checkNames(application: Application): Problem[] {
  const problems: Problem[] = [];
  const look = (record: object, o: { path: string; what: string; name: string }): boolean => {
    if (Object.hasOwn(record, o.name)) return true;
    problems.push(unknownName(o.path, { ...o, known: Object.keys(record) }));
    return false;
  };
  const cache = (path: string, name: string, wanted: boolean): void => {
    if (!look(application.components, { path, what: 'component', name })) return;
    if (application.components[name]?.cache === wanted) return;
    const message = wanted ? `${name} is no cache` : `${name} is a cache, which is looked up, not called`;
    problems.push({ path, message, expected: wanted ? 'a component with cache: true' : `{ cached: '${name}', ... }` });
  };
  const write = (step: Write, path: string): void => {
    const isKnown = look(application.datasets, { path: `${path}.write`, what: 'dataset', name: step.write });
    if (isKnown) problems.push(...checkTake(application, step, path));
  };
  const walk = (steps: readonly Step[], site: string): void => {
    steps.forEach((step, i) => {
      const path = `application.${site}.${i}`;
      if ('call' in step) cache(`${path}.call`, step.call, false);
      else if ('publish' in step) look(application.events, { path: `${path}.publish`, what: 'event', name: step.publish });
      else if ('read' in step) look(application.datasets, { path: `${path}.read`, what: 'dataset', name: step.read });
      else if ('write' in step) write(step, path);
      else if ('show' in step) look(application.entities, { path: `${path}.show`, what: 'entity', name: step.show });
      else if ('parallel' in step) walk(step.parallel, `${site}.${i}.parallel`);
      else {
        cache(`${path}.cached`, step.cached, true);
        walk(step.otherwise, `${site}.${i}.otherwise`);
      }
    });
  };
  for (const [name, o] of Object.entries(application.operations)) {
    walk(o.steps, `operations.${name}.steps`);
    const path = `application.operations.${name}`;
    if (o.requires !== undefined) look(application.operations, { path: `${path}.requires`, what: 'operation', name: o.requires });
    if (o.creates !== undefined) look(application.entities, { path: `${path}.creates`, what: 'entity', name: o.creates });
  }
  for (const [name, c] of Object.entries(application.components)) walk(c.steps, `components.${name}.steps`);
  for (const { path, publish } of failurePaths(application))
    look(application.events, { path: `${path}.publish`, what: 'event', name: publish });
  for (const [name, event] of Object.entries(application.events)) {
    for (const consumer of Object.keys(event.consumers))
      cache(`application.events.${name}.consumers.${consumer}`, consumer, false);
  }
  return problems;
}
