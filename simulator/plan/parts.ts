import { mean } from '../domain/distribution.ts';
import type { ComponentPlacement } from '../domain/placement.ts';
import type { Part } from '../domain/plan.ts';
import { brokerPart, queueParts } from './channel-parts.ts';
import type { Placements } from './compile.ts';
import { edgePart, functionPart, gpuPart, type PartOf, serverPart } from './component-parts.ts';
import type { StoreParts } from './data-parts.ts';
import { GATEWAY, LOAD_BALANCER, ONE_NAT } from './parameters/gateway.ts';
import type { Rates } from './rates.ts';
import type { Values } from './values.ts';

/** Every part of a plan before it gets its index. */
export interface Parts {
  gateway: Part;
  account: Part;
  /** Where all instances share one machine's cores. */
  host: Part | undefined;
  /** By component: where it runs, and where its overflow goes. */
  runs: Map<string, Part>;
  overflows: Map<string, Part>;
  /** By `event/consumer`. */
  queues: Map<string, Part>;
  /** What carries events on RabbitMQ. */
  broker: Part | undefined;
  /** By dataset. */
  stores: Map<string, Part>;
}

/** Makes every part; pools and memory are settled afterwards. */
export function partsOf(o: Placements, values: Values, known: { rates: Rates; data: StoreParts }): Parts {
  const { application } = o.scenario;
  const runs = new Map<string, Part>();
  const overflows = new Map<string, Part>();
  for (const [name, { placement }] of o.components) {
    const component = application.components[name];
    const traits = o.traits.get(name);
    if (component === undefined || traits === undefined) continue;
    const of: PartOf = { name, component, traits, values };
    runs.set(name, partFor(placement, of));
    if (placement.platform === 'server' && placement.overflow !== undefined) {
      overflows.set(name, functionPart(placement.overflow, of, '+burst'));
    }
  }
  return {
    gateway: gatewayPart(
      values,
      frontDoor(known.rates, runs),
      [...runs.values()].some((part) => part.kind === 'server' || part.kind === 'gpu'),
    ),
    account: { path: 'account', kind: 'account', owner: 'account', values: values.of('account', 'account'), words: {} },
    host: hostPart(values),
    runs,
    overflows,
    queues: queueParts(o, values),
    broker: brokerPart(o.channels, values),
    stores: known.data.parts,
  };
}

function partFor(placement: ComponentPlacement, of: PartOf): Part {
  switch (placement.platform) {
    case 'function':
      return functionPart(placement, of);
    case 'server':
      return serverPart(placement, of);
    case 'gpu':
      return gpuPart(placement, of);
    case 'edge':
      return edgePart(of);
  }
}

/** An HTTP API where most calls of the request path go to functions, else a load balancer. */
function frontDoor(rates: Rates, runs: ReadonlyMap<string, Part>): 'http-api' | 'load-balancer' {
  let toFunctions = 0;
  let toOthers = 0;
  for (const [name, rate] of rates.direct) {
    if (runs.get(name)?.kind === 'function') toFunctions += rate;
    else toOthers += rate;
  }
  return toFunctions >= toOthers ? 'http-api' : 'load-balancer';
}

function hostPart(values: Values): Part | undefined {
  if (mean(values.override('host', 'host', 'cores') ?? 0) === 0) return undefined;
  return { path: 'host', kind: 'host', owner: 'host', values: values.of('host', 'host'), words: {} };
}

function gatewayPart(values: Values, type: 'http-api' | 'load-balancer', hasMachines: boolean): Part {
  const defaults = type === 'http-api' ? GATEWAY : { ...GATEWAY, ...LOAD_BALANCER };
  return {
    path: 'gateway',
    kind: 'gateway',
    owner: 'gateway',
    values: values.of('gateway', 'gateway', hasMachines ? { nat_gateways: ONE_NAT } : {}, defaults),
    words: { type },
  };
}
