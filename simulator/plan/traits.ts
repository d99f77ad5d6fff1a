import type { Application, Step } from '../domain/application.ts';
import { momentsOf } from './moments.ts';

/** What rules look at, worked out for one component; `trigger` is absent when nothing calls it. */
export interface Traits {
  trigger?: 'request' | 'event' | 'both';
  gpu: boolean;
  stateful: boolean;
  cache: boolean;
  duration: 'short' | 'long';
}

/** Mean unloaded work, on reference CPU and GPU, from which a component counts as long. */
const LONG_MS = 200;

/** Traits of every component of an application. */
export function traitsOf(application: Application): Map<string, Traits> {
  const byRequest = reached(application, rootsOf(Object.values(application.operations).map((o) => o.steps)));
  const consumers = Object.values(application.events).flatMap((event) => Object.keys(event.consumers));
  const byEvent = reached(application, consumers);
  const traits = new Map<string, Traits>();
  for (const [name, component] of Object.entries(application.components)) {
    const gpu = component.gpu_ms === undefined ? 0 : momentsOf(component.gpu_ms).mean;
    const work = momentsOf(component.cpu_ms).mean + momentsOf(component.io_ms).mean + gpu;
    const trigger = triggerOf(byRequest.has(name), byEvent.has(name));
    traits.set(name, {
      ...(trigger === undefined ? {} : { trigger }),
      gpu: gpu > 0,
      stateful: component.stateful,
      cache: component.cache,
      duration: work < LONG_MS ? 'short' : 'long',
    });
  }
  return traits;
}

/** Traits in words, for explanations. */
export function inWords(traits: Traits): string {
  const words = [traits.trigger === undefined ? 'never called' : `trigger ${traits.trigger}`, traits.duration];
  for (const name of ['gpu', 'stateful', 'cache'] as const) if (traits[name]) words.push(name);
  return words.join(', ');
}

function triggerOf(isRequested: boolean, isConsumer: boolean): Traits['trigger'] {
  if (isRequested && isConsumer) return 'both';
  if (isRequested) return 'request';
  return isConsumer ? 'event' : undefined;
}

function reached(application: Application, roots: Iterable<string>): Set<string> {
  const seen = new Set<string>();
  const open = [...roots];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const component = application.components[name];
    if (component === undefined || seen.has(name)) continue;
    seen.add(name);
    open.push(...rootsOf([component.steps]));
  }
  return seen;
}

/** Components that steps call or look up, wherever the steps are nested. */
function rootsOf(programs: readonly (readonly Step[])[]): string[] {
  const names: string[] = [];
  const open = programs.flat();
  for (let step = open.pop(); step !== undefined; step = open.pop()) {
    if ('call' in step) names.push(step.call);
    else if ('cached' in step) {
      names.push(step.cached);
      open.push(...step.otherwise);
    } else if ('parallel' in step) open.push(...step.parallel);
  }
  return names;
}
