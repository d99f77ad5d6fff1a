import type { Component } from '../domain/application.ts';
import { INSTANCES } from '../domain/instances.ts';
import type { ComponentPlacement } from '../domain/placement.ts';
import type { Part } from '../domain/plan.ts';
import type { Parameter } from '../domain/sourced.ts';
import { shifted } from './laws.ts';
import { ASSUMED_ON } from './parameters/cite.ts';
import { initOf } from './parameters/cold-start.ts';
import { FUNCTION, FUNCTION_SPEED } from './parameters/function.ts';
import { GPU_SPEED } from './parameters/gpu.ts';
import { FAMILY_SPEED, SERVER } from './parameters/server.ts';
import { interruptionsOf, SPOT } from './parameters/spot.ts';
import type { Traits } from './traits.ts';
import type { Decided, Values } from './values.ts';

type Place<P extends ComponentPlacement['platform']> = Extract<ComponentPlacement, { platform: P }>;
export type FunctionSize = Omit<Place<'function'>, 'platform'>;

/** A component about to become a part. */
export interface PartOf {
  name: string;
  component: Component;
  traits: Traits;
  values: Values;
}

/** Seconds after which the front door gives up; a function that somebody waits for need not run longer. */
const REQUEST_TIMEOUT_S = 30;

/** A function; its memory is settled later, by sizing. */
export function functionPart(size: FunctionSize, o: PartOf, suffix = ''): Part {
  const { name, component, values } = o;
  const { architecture } = size;
  const perMb = numeric(values.override('function', name, 'init_ms_per_mb') ?? FUNCTION.init_ms_per_mb?.value);
  const init = initOf(component.runtime, architecture);
  const decided: Record<string, Parameter> = {
    memory_mb: given(component.memory_mb, 'MB', 'settled by sizing'),
    first_call_ms: given(0, 'ms', 'settled by sizing'),
    speed: FUNCTION_SPEED[architecture] as Parameter,
    init_ms: {
      ...init,
      value: shifted(init.value, perMb * component.package_mb),
      source: `${init.source}; plus ${perMb} ms/MB for a package of ${component.package_mb} MB`,
    },
  };
  if (o.traits.trigger !== 'event')
    decided.timeout_s = given(REQUEST_TIMEOUT_S, 's', 'an operation waits for it, and the front door gives up then');
  if (size.provisioned > 0) decided.provisioned = given(size.provisioned, 'instance', 'placement');
  if (size.reserved !== undefined) decided.reserved = given(size.reserved, 'instance', 'placement');
  return {
    path: `function/${name}${suffix}`,
    kind: 'function',
    owner: name,
    values: values.of('function', name, decided),
    words: { architecture, runtime: component.runtime },
  };
}

/** A pool of servers. */
export function serverPart(placement: Place<'server'>, o: PartOf): Part {
  const { name, component, values } = o;
  const type = INSTANCES[placement.instance] ?? { vcpus: 1, memory_gb: 1 };
  const cores = numeric(values.override('server', name, 'cores') ?? type.vcpus);
  const memory_gb = numeric(values.override('server', name, 'memory_gb') ?? type.memory_gb);
  const fits = Math.max(1, Math.min(8 * cores, Math.floor((memory_gb * 1024) / component.memory_mb)));
  const decided: Decided = {
    cores: { ...(SERVER.cores as Parameter), value: type.vcpus, source: `AWS EC2 instance types: ${placement.instance}` },
    memory_gb: {
      ...(SERVER.memory_gb as Parameter),
      value: type.memory_gb,
      source: `AWS EC2 instance types: ${placement.instance}`,
    },
    speed: FAMILY_SPEED[placement.instance.split('.')[0] ?? ''] ?? (SERVER.speed as Parameter),
    slots:
      placement.slots === undefined
        ? { ...(SERVER.slots as Parameter), value: fits }
        : given(placement.slots, 'request', 'placement'),
    ...spotOf(placement),
  };
  return {
    path: `server/${name}`,
    kind: 'server',
    owner: name,
    values: values.of('server', name, decided),
    words: { instance: placement.instance, runtime: component.runtime },
  };
}

/** What takes spot machines back; other pools have no use for it. */
function spotOf({ instance, spot }: Place<'server'> | Place<'gpu'>): Decided {
  if (spot !== undefined) return { spot_interruptions_per_month: interruptionsOf(instance) };
  return Object.fromEntries(Object.keys(SPOT).map((name) => [name, undefined]));
}

/** A pool of GPU workers. */
export function gpuPart(placement: Place<'gpu'>, o: PartOf): Part {
  const card = INSTANCES[placement.instance]?.gpu ?? { model: 'T4', memory_gb: 16 };
  const decided: Decided = {
    batch_max: given(placement.batch_max, 'request', 'placement'),
    batch_wait_ms: given(placement.batch_wait_ms, 'ms', 'placement'),
    speed: GPU_SPEED[card.model] as Parameter,
    memory_gb: { ...given(card.memory_gb, 'GB', `AWS EC2 instance types: ${placement.instance}`), kind: 'documented' },
    ...spotOf(placement),
  };
  return {
    path: `gpu/${o.name}`,
    kind: 'gpu',
    owner: o.name,
    values: o.values.of('gpu', o.name, decided),
    words: { instance: placement.instance, gpu: card.model, runtime: o.component.runtime },
  };
}

export function edgePart(o: PartOf): Part {
  return { path: `edge/${o.name}`, kind: 'edge', owner: o.name, values: o.values.of('edge', o.name), words: {} };
}

/** A number that somebody chose: a placement, or a rule of sizing. */
export function given(value: number, unit: string, source: string): Parameter {
  return { value, unit, source, date: ASSUMED_ON, kind: 'assumed' };
}

function numeric(value: Parameter['value'] | undefined): number {
  return typeof value === 'number' ? value : 0;
}
