import type { Component } from '../domain/application.ts';
import { INSTANCES } from '../domain/instances.ts';
import type { ComponentPlacement } from '../domain/placement.ts';
import type { Problem } from '../domain/problem.ts';
import type { Traits } from './traits.ts';
import { unknownName } from './unknown-name.ts';

/** The most memory that a function can have, MB. Source: AWS Lambda quotas. */
export const FUNCTION_MEMORY_MAX = 10_240;

/** The component that is placed, and where in the scenario its placement stands. */
export interface Fitting {
  path: string;
  name: string;
  component: Component;
  traits: Traits;
}

/** Everything that keeps a component from running where it is placed. */
export function misfits(placement: ComponentPlacement, o: Fitting): Problem[] {
  if (o.component.cache && placement.platform !== 'edge') {
    return [problem(o, `${o.name} is a cache, which only the edge runs`, 'platform edge')];
  }
  switch (placement.platform) {
    case 'function':
      return onFunction(placement.memory_mb, o);
    case 'server':
      return [
        ...onInstance(placement, o),
        ...range(placement, o),
        ...(placement.overflow === undefined ? [] : onFunction(placement.overflow.memory_mb, o)),
      ];
    case 'gpu':
      return [...onGpu(placement, o), ...range(placement, o)];
    case 'edge':
      return o.component.cache
        ? []
        : [
            problem(
              o,
              `${o.name} is no cache, so it cannot run at the edge`,
              'function, server or gpu; or cache: true on the component',
            ),
          ];
  }
}

function onFunction(memory_mb: number | 'cheapest', o: Fitting): Problem[] {
  const needed = o.component.memory_mb;
  if (needed > FUNCTION_MEMORY_MAX) {
    return [
      problem(
        o,
        `${o.name} needs ${needed} MB, a function has at most ${FUNCTION_MEMORY_MAX}`,
        'a server, or less memory on the component',
      ),
    ];
  }
  if (memory_mb === 'cheapest' || memory_mb >= needed) return [];
  return [problem(o, `${o.name} needs ${needed} MB and is given ${memory_mb}`, `memory_mb of at least ${needed}, or 'cheapest'`)];
}

function onInstance(placement: { instance: string }, o: Fitting): Problem[] {
  const type = typeOf(placement.instance);
  if (type === undefined) return [unknownInstance(placement.instance, o.path)];
  if (o.component.memory_mb <= type.memory_gb * 1024) return [];
  return [
    problem(
      o,
      `${o.name} needs ${o.component.memory_mb} MB, ${placement.instance} has ${type.memory_gb} GB`,
      'a larger instance',
    ),
  ];
}

function onGpu(placement: { instance: string }, o: Fitting): Problem[] {
  if (!o.traits.gpu) return [problem(o, `${o.name} has no work for a GPU`, 'gpu_ms on the component, or another platform')];
  const type = typeOf(placement.instance);
  if (type === undefined) return [unknownInstance(placement.instance, o.path)];
  if (type.gpu === undefined) {
    const cards = Object.keys(INSTANCES).filter((name) => INSTANCES[name]?.gpu !== undefined);
    return [problem(o, `${placement.instance} has no GPU`, `one of ${cards.join(', ')}`)];
  }
  if (o.component.memory_mb <= type.memory_gb * 1024) return [];
  return [
    problem(
      o,
      `${o.name} needs ${o.component.memory_mb} MB, ${placement.instance} has ${type.memory_gb} GB`,
      'a larger instance',
    ),
  ];
}

function range(placement: { minimum?: number | undefined; maximum?: number | undefined }, o: Fitting): Problem[] {
  const { minimum, maximum } = placement;
  if (maximum === 0) return [problem(o, 'a pool of at most 0 instances serves nobody', 'maximum of at least 1')];
  if (minimum === undefined || maximum === undefined || minimum <= maximum) return [];
  return [problem(o, `minimum ${minimum} is above maximum ${maximum}`, 'minimum at most maximum')];
}

function typeOf(instance: string) {
  return Object.hasOwn(INSTANCES, instance) ? INSTANCES[instance] : undefined;
}

function unknownInstance(instance: string, path: string): Problem {
  return unknownName(`${path}.instance`, { what: 'instance type', name: instance, known: Object.keys(INSTANCES) });
}

function problem(o: Fitting, message: string, expected: string): Problem {
  return { path: o.path, message, expected };
}

/** The same family's smallest instance that holds `memory_mb`, from the given one upwards. */
export function largeEnough(instance: string, memory_mb: number): string | undefined {
  const given = typeOf(instance);
  if (given === undefined || given.memory_gb * 1024 >= memory_mb) return instance;
  const family = `${instance.split('.')[0]}.`;
  const larger = Object.entries(INSTANCES).filter(
    ([name, type]) => name.startsWith(family) && type.memory_gb * 1024 >= memory_mb,
  );
  return larger.sort((a, b) => a[1].memory_gb - b[1].memory_gb || a[1].vcpus - b[1].vcpus)[0]?.[0];
}
